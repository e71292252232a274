import i18next from "i18next";
import type { DestinationSpec, FieldSpec, Item, KindSpec } from "@/api/types";

/** Where a kind is found, in the API as in the pages: a singleton has no plural. */
export function placeOf(kind: KindSpec): string {
  return kind.singleton ? kind.name : kind.plural;
}

/** Roles have their words in both languages, "Superviseur / Supervisor": those of the reader. */
export function wordsOf(kind: string, text: string, language = i18next.language): string {
  const [french = "", english, more] = text.split(" / ");
  if (kind !== "role" || english === undefined || more !== undefined) return text;
  return language === "fr" ? french : english;
}

/** The same of any value. */
export function shownValue(kind: string, value: unknown): unknown {
  return typeof value === "string" ? wordsOf(kind, value) : value;
}

/** How people call an object: a person by name, a number by its digits, else its key. */
export function nameOf(kind: KindSpec, item: Item): string {
  const text = (name: string) => (typeof item[name] === "string" ? (item[name] as string) : "");
  if (kind.name === "user") return [text("firstname"), text("lastname")].filter(Boolean).join(" ") || `#${item.id}`;
  if (kind.name === "extension") return text("exten") || `#${item.id}`;
  for (const name of ["label", "fullname", "title", "number", kind.key ?? "", "name"]) {
    const found = name && kind.fields.some((field) => field.name === name) && text(name);
    if (found) return wordsOf(kind.name, found);
  }
  return `#${item.id}`;
}

/** The columns of a list: those declared for it, or else the first few that say something. */
export function columnsOf(kind: KindSpec): FieldSpec[] {
  const shown = kind.fields.filter((field) => !field.write_only && field.type !== "secret");
  const listed = shown.filter((field) => field.listed);
  return listed.length > 0 ? listed : shown.filter((field) => !field.read_only && !field.advanced).slice(0, 5);
}

export interface Section {
  name: string;
  title: string;
  plain: FieldSpec[];
  advanced: FieldSpec[];
}

/** The sections of a form, in the order of the declaration. */
export function sectionsOf(kind: KindSpec, creating: boolean): Section[] {
  const fields = kind.fields.filter((field) => !(creating && field.read_only));
  const groups = kind.groups ?? [];
  const known = new Set(groups.map((group) => group.name));
  const section = (name: string, title: string, all: FieldSpec[]): Section => ({
    name, title, plain: all.filter((field) => !field.advanced), advanced: all.filter((field) => field.advanced),
  });
  const first = fields.filter((field) => !field.group || !known.has(field.group));
  return [
    section("", "", first),
    ...groups.map((group) => section(group.name, group.title, fields.filter((field) => field.group === group.name))),
  ].filter((each) => each.plain.length + each.advanced.length > 0);
}

/** What a field holds when nobody has said anything. */
export function emptyValue(field: FieldSpec): unknown {
  if (field.default !== undefined && field.default !== null) return field.default;
  switch (field.type) {
    case "boolean": return false;
    case "text_list":
    case "reference_list":
    case "rows": return [];
    case "integer":
    case "reference": return null;
    case "destination": return { type: "none" };
    case "choice": return field.choices?.[0]?.value ?? "";
    default: return "";
  }
}

export type Values = Record<string, unknown>;

export function formValues(kind: KindSpec, item: Item | undefined): Values {
  const values: Values = {};
  for (const field of kind.fields) {
    const given = item?.[field.name];
    values[field.name] = given === undefined || (given === null && field.type !== "reference" && field.type !== "integer") ? emptyValue(field) : given;
    if (field.write_only && item) values[field.name] = "";
  }
  return values;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** What a person has changed. An empty secret is one that stays as it is. */
export function changedFields(kind: KindSpec, before: Values, after: Values): Values {
  const changed: Values = {};
  for (const field of kind.fields) {
    if (field.read_only) continue;
    if (field.write_only && after[field.name] === "") continue;
    if (!same(before[field.name], after[field.name])) changed[field.name] = after[field.name];
  }
  return changed;
}

/** The fields of a new object that are worth sending: the others get their defaults. */
export function givenFields(kind: KindSpec, values: Values): Values {
  const given: Values = {};
  for (const field of kind.fields) {
    const value = values[field.name];
    if (field.read_only || value === undefined || value === null || value === "") continue;
    if (!field.required && same(value, emptyValue(field))) continue;
    given[field.name] = value;
  }
  return given;
}

export function destinationSpec(destinations: DestinationSpec[], value: unknown): DestinationSpec | undefined {
  const type = typeof value === "object" && value !== null ? (value as { type?: string }).type : undefined;
  return destinations.find((each) => each.type === type);
}
