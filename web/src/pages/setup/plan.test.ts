import { expect, test } from "vitest";
import { changesOf, PROPOSAL, rangeProblem, readPeople } from "./plan";
import type { Answers } from "./plan";

const users = { use: "user", start: "100", end: "199" } as const;

test("a range whose ends have not as many digits is refused", () => {
  expect(rangeProblem({ ...users, end: "1999" }, [])).toBe("setup.rangeLength");
});

test("a range that ends before it starts is refused", () => {
  expect(rangeProblem({ ...users, start: "200" }, [])).toBe("setup.rangeOrder");
});

test("a range with something else than digits is refused", () => {
  expect(rangeProblem({ ...users, start: "1x0" }, [])).toBe("setup.rangeDigits");
});

test("two ranges may not overlap", () => {
  const range = { use: "group", start: "150", end: "250" } as const;
  expect(rangeProblem(range, [users, range])).toBe("setup.rangeOverlap");
});

test("the proposal has no problem, and an empty range is none", () => {
  for (const range of [...PROPOSAL, { use: "ivr", start: "", end: "" } as const]) expect(rangeProblem(range, PROPOSAL)).toBe("");
});

test("people are read from words, commas and a spreadsheet's tabs", () => {
  expect(readPeople("Alice Martin 101 alice@example.com\nBruno,Lefèvre,,102\nCarol\tSmith", users)).toEqual([
    { firstname: "Alice", lastname: "Martin", email: "alice@example.com", exten: "101" },
    { firstname: "Bruno", lastname: "Lefèvre", email: "", exten: "102" },
    { firstname: "Carol", lastname: "Smith", email: "", exten: "103" },
  ]);
});

test("whoever has no number gets the next one that nobody else has typed", () => {
  expect(readPeople("Alice\nBruno 101\nCarol", users).map((person) => person.exten)).toEqual(["102", "101", "103"]);
});

test("nobody is given an emergency number", () => {
  expect(readPeople("Alice\nBruno\nCarol", { use: "user", start: "111", end: "119" }, ["112", "114"]).map((person) => person.exten)).toEqual(["111", "113", "115"]);
});

test("a range that is full gives no number", () => {
  expect(readPeople("Alice\nBruno\nCarol", { use: "user", start: "101", end: "102" }).map((person) => person.exten)).toEqual(["101", "102", ""]);
});

test("a person becomes a user, a number that rings the user, and a line", () => {
  const answers: Answers = { language: "fr", company: "Acme", country: "FR", timezone: "Europe/Paris", ranges: PROPOSAL, people: "", phones: true };
  const changes = changesOf(answers, { id: 7, revision: 1 }, [{ firstname: "Alice", lastname: "", email: "", exten: "101" }]);
  expect(changes.map((change) => `${change.op} ${change.kind}`)).toEqual(["update general", "update context", "create user", "create extension", "create line"]);
  expect(changes[3]?.fields).toEqual({ exten: "101", context: 7, destination: { type: "user", user: changes[2]?.id } });
  expect(String(changes[4]?.fields.secret)).toMatch(/^[a-z0-9]{20}$/);
});

test("each range goes to the ranges of its own use", () => {
  const answers: Answers = { language: "en", company: "Acme", country: "FR", timezone: "Europe/Paris", ranges: PROPOSAL, people: "", phones: false };
  const fields = changesOf(answers, { id: 7, revision: 1 }, [])[1]?.fields;
  expect(fields?.group_ranges).toEqual([{ start: "200", end: "299" }]);
  expect(fields?.ivr_ranges).toEqual([{ start: "300", end: "399" }]);
  expect(fields?.queue_ranges).toEqual([{ start: "400", end: "499" }]);
});
