// A company of ten thousand: its list asks for what it shows, and nothing more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, signIn, SKIP, visit } from "./support/browser.mjs";
import { Xivo } from "./support/xivo.mjs";

const USERS = 10_000;
const AT_ONCE = 1_000;
const PAGE = 50;

let xivo;
let browser;
before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  browser = await openBrowser();
  for (let first = 0; first < USERS; first += AT_ONCE) {
    const changes = Array.from({ length: AT_ONCE }, (_, i) => ({ kind: "user", op: "create", fields: { firstname: "Person", lastname: String(first + i).padStart(5, "0") } }));
    const answer = await xivo.rest("POST", "/transaction", { changes });
    assert.equal(answer.status, 200, JSON.stringify(answer.body).slice(0, 500));
  }
});
after(async () => {
  await browser?.close();
  await xivo?.close();
});

test("the list of users shows fifty of ten thousand, pages to the last, sorts and finds one", { skip: SKIP }, async () => {
  const { page, context, errors } = await visit(browser, xivo, { language: "en", path: "/users" });
  await signIn(page, xivo.password);
  const rows = page.locator("tbody tr");
  const total = (await xivo.rest("GET", "/users?limit=1")).body.total;
  assert.ok(total >= USERS);
  await page.getByRole("status").filter({ hasText: total.toLocaleString("en-GB") }).waitFor();
  assert.equal(await rows.count(), PAGE);
  await page.getByRole("button", { name: `Page ${Math.ceil(total / PAGE)}`, exact: true }).click();
  await page.getByRole("status").filter({ hasText: new RegExp(`${total.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`) }).waitFor();
  assert.equal(await rows.count(), total % PAGE || PAGE);
  await page.getByRole("searchbox", { name: /^Search in/ }).fill("09876");
  await page.getByRole("link", { name: /09876/ }).first().waitFor();
  assert.equal(await rows.count(), 1);
  assert.deepEqual(errors, []);
  await context.close();
});
