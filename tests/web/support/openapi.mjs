// openapi.mjs FILE: starts xivod and writes the shape of its OpenAPI document to FILE: without the words, which change more often.
import { writeFileSync } from "node:fs";
import { Xivo } from "./xivo.mjs";

const WORDS = new Set(["description", "summary", "title", "examples", "example", "default", "headers"]);

/** names: the members are names of properties or components, none of which is a word about another. */
function shapeOf(value, names = false) {
  if (Array.isArray(value)) return value.map((each) => shapeOf(each));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => names || !WORDS.has(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, shapeOf(each, !names && (key === "properties" || key === "schemas"))]));
}

const xivo = await Xivo.start();
try {
  const { body } = await xivo.rest("GET", "/openapi.json", undefined, { "Accept-Language": "en" });
  writeFileSync(process.argv[2], JSON.stringify(shapeOf(body), null, 2));
} finally {
  await xivo.close();
}
