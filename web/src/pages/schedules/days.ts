import type { CalendarDay, CalendarSpan } from "@/api/planning";

/** Dates are texts, YYYY-MM-DD, and times HH:MM, in the schedule's own zone: nothing here depends on the browser's. */
const DAY_MS = 86_400_000;
export const MINUTES = 1440;

const asUtc = (date: string) => new Date(`${date}T00:00:00Z`);
const asText = (day: Date) => day.toISOString().slice(0, 10);

export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(asUtc(text).getTime()) && asText(asUtc(text)) === text;
}

export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

export function addDays(date: string, days: number): string {
  return asText(new Date(asUtc(date).getTime() + days * DAY_MS));
}

/** The same day of another month, or that month's last. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return asText(new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last))));
}

/** The Monday of its week. */
export function mondayOf(date: string): string {
  return addDays(date, -((asUtc(date).getUTCDay() + 6) % 7));
}

/** What a view shows: its first day and how many. */
export function shown(view: "month" | "week", date: string): { from: string; days: number } {
  return view === "week" ? { from: mondayOf(date), days: 7 } : { from: mondayOf(`${date.slice(0, 7)}-01`), days: 42 };
}

export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

export function timeOf(minute: number): string {
  const bounded = Math.max(0, Math.min(MINUTES - 1, Math.floor(minute)));
  return `${String(Math.floor(bounded / 60)).padStart(2, "0")}:${String(bounded % 60).padStart(2, "0")}`;
}

/** Where a span lies in its day: parts of one. The end minute belongs to it. */
export function placeOfSpan(span: CalendarSpan): { start: number; size: number } {
  const start = minuteOf(span.from);
  return { start: start / MINUTES, size: Math.max(1, minuteOf(span.to) + 1 - start) / MINUTES };
}

/** Date and time of now in a zone; the browser's where it does not know the zone. */
export function nowIn(zone: string | undefined, now = new Date()): { date: string; time: string } {
  const parts = (timeZone?: string) => {
    const text = now.toLocaleString("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
    return { date: text.slice(0, 10), time: text.slice(11, 16) };
  };
  try {
    return parts(zone);
  } catch {
    return parts();
  }
}

export function spanAt(day: CalendarDay | undefined, time: string): CalendarSpan | undefined {
  const minute = minuteOf(time);
  return day?.spans.find((span) => minuteOf(span.from) <= minute && minute <= minuteOf(span.to));
}

/** Which day and minute a key leads to from there; undefined: the key says nothing here. */
export function moved(key: string, view: "month" | "week", at: { date: string; time: string }): { date: string; time: string } | undefined {
  const step = (days: number) => ({ ...at, date: addDays(at.date, days) });
  const later = (minutes: number) => ({ ...at, time: timeOf(minuteOf(at.time) + minutes) });
  const month = view === "month";
  switch (key) {
    case "ArrowLeft": return step(-1);
    case "ArrowRight": return step(1);
    case "ArrowUp": return month ? step(-7) : later(-15);
    case "ArrowDown": return month ? step(7) : later(15);
    case "PageUp": return month ? { ...at, date: addMonths(at.date, -1) } : step(-7);
    case "PageDown": return month ? { ...at, date: addMonths(at.date, 1) } : step(7);
    default: return undefined;
  }
}
