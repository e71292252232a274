import { currentLanguage } from "./index";

const locale = () => (currentLanguage() === "fr" ? "fr-FR" : "en-GB");

export function dateTime(text: string | null | undefined, seconds = false): string {
  if (!text) return "";
  return new Date(text).toLocaleString(locale(), {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
  });
}

/** A sentence of the daemon with its times as people write them. */
export function readable(sentence: string): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) => dateTime(time, true));
}

export function timeOfDay(text: string, milliseconds = false): string {
  return new Date(text).toLocaleTimeString(locale(), {
    hour: "2-digit", minute: "2-digit", second: "2-digit", ...(milliseconds ? { fractionalSecondDigits: 3 } : {}),
  });
}

/** A day without a time, YYYY-MM-DD: "Mon", "July 2026" or "Tuesday 14 July 2026". */
export function dayName(date: string, as: "weekday" | "month" | "full"): string {
  const options: Record<typeof as, Intl.DateTimeFormatOptions> = {
    weekday: { weekday: "short" },
    month: { month: "long", year: "numeric" },
    full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  };
  return new Date(`${date}T12:00:00Z`).toLocaleDateString(locale(), { ...options[as], timeZone: "UTC" });
}

export function number(value: number): string {
  return value.toLocaleString(locale());
}

/** "3 min 20 s": a duration that people read. */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return "";
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  if (minutes > 0) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${seconds} s`;
}

/** "0:03:20": a duration that runs. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ""}${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60],
];

/** "il y a 3 minutes" */
export function ago(text: string, now = Date.now()): string {
  const seconds = (new Date(text).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.trunc(seconds), "second");
}
