import { expect, test } from "vitest";
import type { KindSpec } from "@/api/types";
import { changedFields, columnsOf, formValues, givenFields, nameOf, sectionsOf, wordsOf } from "./values";

const kind: KindSpec = {
  name: "line", plural: "lines", title: "Line", plural_title: "Lines", key: "name",
  groups: [{ name: "media", title: "Media" }],
  fields: [
    { name: "name", type: "text", title: "Name", required: true, listed: true },
    { name: "secret", type: "secret", title: "Secret", write_only: true },
    { name: "codecs", type: "text_list", title: "Codecs", group: "media", default: ["alaw"] },
    { name: "limit", type: "integer", title: "Limit", group: "media", advanced: true },
    { name: "seen", type: "text", title: "Seen", read_only: true },
  ],
};
const item = { id: 1, revision: 4, name: "101", codecs: ["opus"], limit: null, seen: "today" };

test("an empty secret is not a change: it stays as it is", () => {
  const values = formValues(kind, item);
  expect(values.secret).toBe("");
  expect(changedFields(kind, values, { ...values, limit: 3 })).toEqual({ limit: 3 });
});

test("a read-only field is never sent", () => {
  expect(changedFields(kind, formValues(kind, item), { ...item, seen: "now" })).toEqual({});
});

test("a new object leaves out what would be its default anyway", () => {
  expect(givenFields(kind, { ...formValues(kind, undefined), name: "102" })).toEqual({ name: "102" });
});

test("a list shows the declared columns", () => {
  expect(columnsOf(kind).map((field) => field.name)).toEqual(["name"]);
});

test("a form folds advanced fields away, and shows no read-only field of something new", () => {
  const sections = sectionsOf(kind, true);
  expect(sections.map((section) => [section.title, section.plain.length, section.advanced.length])).toEqual([["", 2, 0], ["Media", 1, 1]]);
});

test("an object is called by its name, else by its id", () => {
  expect(nameOf(kind, item)).toBe("101");
  expect(nameOf(kind, { id: 9, revision: 1 })).toBe("#9");
});

test("a role is called in the reader's language", () => {
  expect(wordsOf("role", "Superviseur / Supervisor", "fr")).toBe("Superviseur");
  expect(wordsOf("role", "Superviseur / Supervisor", "en")).toBe("Supervisor");
  expect(wordsOf("role", "Help desk", "fr")).toBe("Help desk");
  expect(wordsOf("trunk", "SFR / Lyon", "en")).toBe("SFR / Lyon");
});
