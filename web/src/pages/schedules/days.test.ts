import { expect, test } from "vitest";
import { addDays, addMonths, isDate, isTime, mondayOf, moved, nowIn, placeOfSpan, shown, spanAt, timeOf } from "./days";

const span = (from: string, to: string) => ({ from, to, state: "open" as const, sentence: "" });

test("what is not a date or a time is refused", () => {
  for (const text of ["", "2026-02-30", "2026-13-01", "26-01-01", "2026-01-01T10:00", "0000-00-00"]) expect(isDate(text)).toBe(false);
  for (const text of ["", "24:00", "12:60", "9:00", "12:00:00"]) expect(isTime(text)).toBe(false);
  expect(isDate("2028-02-29")).toBe(true);
  expect(isTime("23:59")).toBe(true);
});

test("a month's view begins on a Monday and shows the whole month", () => {
  for (const date of ["2026-02-15", "2026-03-01", "2026-08-31", "2027-05-31"]) {
    const { from, days } = shown("month", date);
    expect(mondayOf(from)).toBe(from);
    expect(from <= `${date.slice(0, 7)}-01`).toBe(true);
    expect(addDays(from, days - 1) >= addDays(addMonths(`${date.slice(0, 7)}-01`, 1), -1)).toBe(true);
  }
});

test("days are counted across daylight saving and leap years, months end where they end", () => {
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(addMonths("2026-01-15", -1)).toBe("2025-12-15");
});

test("the last minute of a span belongs to it", () => {
  const day = { date: "2026-07-14", holiday: null, spans: [span("00:00", "08:29"), span("08:30", "18:00"), span("18:01", "23:59")] };
  expect(spanAt(day, "18:00")).toBe(day.spans[1]);
  expect(spanAt(day, "18:01")).toBe(day.spans[2]);
  expect(spanAt(undefined, "18:01")).toBeUndefined();
  expect(day.spans.map(placeOfSpan).reduce((sum, each) => sum + each.size, 0)).toBeCloseTo(1);
});

test("now is told in the schedule's zone, and in the browser's where that is unknown", () => {
  const now = new Date("2026-07-14T22:30:00Z");
  expect(nowIn("Europe/Paris", now)).toEqual({ date: "2026-07-15", time: "00:30" });
  expect(nowIn("Nowhere/Such", now)).toEqual(nowIn(undefined, now));
});

test("the keyboard moves by days and weeks in a month, by minutes in a week, and never out of the day", () => {
  const at = { date: "2026-07-14", time: "00:10" };
  expect(moved("ArrowDown", "month", at)?.date).toBe("2026-07-21");
  expect(moved("PageDown", "month", at)?.date).toBe("2026-08-14");
  expect(moved("ArrowUp", "week", at)?.time).toBe("00:00");
  expect(moved("ArrowDown", "week", { ...at, time: "23:50" })?.time).toBe("23:59");
  expect(moved("a", "week", at)).toBeUndefined();
  expect(timeOf(5000)).toBe("23:59");
});
