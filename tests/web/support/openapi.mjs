// openapi.mjs FILE: starts xivod and writes its OpenAPI document, in English, to FILE.
import { writeFileSync } from "node:fs";
import { Xivo } from "./xivo.mjs";

const xivo = await Xivo.start();
try {
  const { body } = await xivo.rest("GET", "/openapi.json", undefined, { "Accept-Language": "en" });
  writeFileSync(process.argv[2], JSON.stringify(body, null, 2));
} finally {
  await xivo.close();
}
