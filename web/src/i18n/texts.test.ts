import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en.json";
import fr from "./fr.json";

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, path = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") all.set(path + key, value);
    else for (const [inner, text] of flat(value, `${path}${key}.`)) all.set(inner, text);
  }
  return all;
}

const english = flat(en);
const french = flat(fr);
const root = join(import.meta.dirname, "..");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => readFileSync(join(root, name), "utf8"));

test("every text is there in both languages", () => {
  expect([...french.keys()]).toEqual([...english.keys()]);
});

test("both languages are told the same things", () => {
  const blanks = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
  for (const [key, text] of french) expect([key, blanks(text)]).toEqual([key, blanks(english.get(key) ?? "")]);
});

test("every text that a page asks for exists", () => {
  const asked = sources.flatMap((source) => [...source.matchAll(/\bt\("([\w.]+)"/g)].map((match) => match[1] ?? ""));
  expect(asked.length).toBeGreaterThan(200);
  expect([...new Set(asked)].filter((key) => !english.has(key) && !english.has(`${key}_other`))).toEqual([]);
});

test("French has its spaces before : ; ? and !, and its quotation marks", () => {
  const wrong = [...french].filter(([, text]) => / [;:?!»]|« |[^\s][?!]$/.test(text));
  expect(wrong).toEqual([]);
});
