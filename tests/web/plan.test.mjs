// The plan as a whole: its map, findings told at a save, scenarios that hold a change back, and what a deletion would lose.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, openBrowser, SKIP } from "./support/browser.mjs";
import { Xivo, waitFor } from "./support/xivo.mjs";

let xivo;
let browser;
before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await xivo?.close();
});

const inside = (path, language = "en") => enter(browser, xivo, { path, language });
async function made(plural, body) {
  const answer = await xivo.rest("POST", `/${plural}`, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}
const idOf = async (plural, search) => (await xivo.rest("GET", `/${plural}?search=${search}`)).body.items[0].id;

test("an extension that takes an emergency number is refused, with both sides named", { skip: SKIP }, async () => {
  await made("trunks", { name: "operator", host: "127.0.0.1:9", options_interval: 0 });
  const before = (await xivo.rest("GET", "/extensions")).body.total;
  const { page, context: session } = await inside("/config/extensions?create=true");
  const drawer = page.getByRole("dialog");
  await drawer.locator('input[name="exten"]').fill("112");
  await drawer.getByRole("combobox", { name: "Context" }).fill("default");
  await page.getByRole("option").first().click();
  await drawer.getByRole("button", { name: "Create" }).click();
  await drawer.getByRole("alert").first().waitFor();
  await drawer.getByRole("alert").first().getByText("Blocks", { exact: true }).first().waitFor();
  assert.match(await drawer.getByRole("alert").first().textContent(), /112/);
  assert.equal((await xivo.rest("GET", "/extensions")).body.total, before);
  assert.equal(await drawer.locator('input[name="exten"]').inputValue(), "112");
  await session.close();
});

test("the map shows ranges, what is free in them, and whether a phone reaches help", { skip: SKIP }, async () => {
  const { page, context, errors } = await inside("/numbering-map");
  const map = (await xivo.rest("GET", "/numbering/map", undefined, { "Accept-Language": "en" })).body;
  const inner = map.contexts.find((each) => each.phones > 0);
  await page.getByText(inner.help.sentence).first().waitFor();
  const range = inner.ranges[0];
  if (range) await page.getByRole("img", { name: new RegExp(`^${range.start}–${range.end}`) }).first().waitFor();
  await page.getByRole("tab", { name: "Numbers" }).click();
  await page.getByRole("cell", { name: "101", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Emergency calls" }).click();
  await page.getByRole("row", { name: /101/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("a scenario is run on the plan of now, and says what happened", { skip: SKIP }, async () => {
  await made("scenarios", { name: "Alice reaches Bruno", caller: "101", dialled: "102", expected: "rings", expected_target: "102" });
  await made("scenarios", { name: "Alice reaches nobody", caller: "101", dialled: "102", expected: "refused" });
  const { page, context, errors } = await inside("/config/scenarios");
  await page.getByRole("row", { name: /Alice reaches Bruno/ }).getByText("Passed", { exact: true }).waitFor();
  await page.getByRole("row", { name: /Alice reaches nobody/ }).getByText("Failed", { exact: true }).waitFor();
  assert.deepEqual(errors, []);
  await xivo.rest("DELETE", `/scenarios/${await idOf("scenarios", "nobody")}`);
  await context.close();
});

test("a change that a scenario holds back is made only with a reason, which stays in the history", { skip: SKIP }, async () => {
  await made("scenarios", { name: "Bruno is reached", caller: "101", dialled: "102", expected: "rings", expected_target: "102", hold: true });
  const id = await idOf("users", "Bruno");
  const { page, context, errors } = await inside(`/users/${id}`);
  await page.locator('input[name="dnd_enabled"]').check();
  await page.getByRole("button", { name: "Save" }).click();
  const question = page.getByRole("dialog", { name: "A scenario holds this change back" });
  await question.getByText("Bruno is reached").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("alert").first().waitFor();
  assert.equal((await xivo.rest("GET", `/users/${id}`)).body.dnd_enabled, false);
  await page.getByRole("button", { name: "Save" }).click();
  await question.getByLabel("Why it is to be made all the same").fill("Bruno is on holiday");
  await question.getByRole("button", { name: "Make it anyway" }).click();
  await waitFor("the change is made", async () => (await xivo.rest("GET", `/users/${id}`)).body.dnd_enabled === true);
  const [last] = (await xivo.rest("GET", "/revisions?limit=1")).body.items;
  assert.match(last.message, /Bruno is on holiday/);
  await page.getByRole("status").getByText("Bruno is reached").waitFor(); // told in the toast, too
  assert.deepEqual(errors, []);
  await context.close();
});

test("the dialog of a deletion says which number would end nowhere", { skip: SKIP }, async () => {
  const id = await idOf("users", "Alice");
  const { page, context, errors } = await inside(`/users/${id}`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const impact = (await xivo.rest("GET", `/configuration/impact?kind=user&id=${id}`, undefined, { "Accept-Language": "en" })).body;
  await page.getByRole("dialog").getByText(impact.sentence).waitFor();
  assert.ok(impact.numbers.length > 0);
  await page.getByRole("dialog").getByText(impact.numbers[0].sentence).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});
