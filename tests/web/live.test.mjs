// What moves by itself: registrations and calls of simulated telephones, seen in the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, signIn, SKIP, visit } from "./support/browser.mjs";
import { Phone } from "./support/phone.mjs";
import { Xivo, waitFor } from "./support/xivo.mjs";

let xivo;
let browser;
const phones = [];
before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  browser = await openBrowser();
});
after(async () => {
  for (const phone of phones) phone.close();
  await browser?.close();
  await xivo?.close();
});

const phone = async (number, options, secret) => {
  const known = xivo.phones.get(number);
  const made = await Phone.open(xivo, { ...known, secret: secret ?? known.secret }, options);
  phones.push(made);
  return made;
};
const inside = async (path) => {
  const visitor = await visit(browser, xivo, { language: "en", path });
  await signIn(visitor.page, xivo.password);
  return visitor;
};

test("a phone with the wrong password is told why, in words", { skip: SKIP }, async () => {
  const wrong = await phone("103", {}, "not-the-secret-1");
  await wrong.register();
  const line = (await xivo.rest("GET", "/lines")).body.items.find((each) => each.name === xivo.phones.get("103").account);
  const { page, context } = await inside(`/lines/${line.id}`);
  await page.getByText("Refused", { exact: true }).first().waitFor();
  await page.getByText(/password/i).first().waitFor();
  await context.close();
});

test("a registration appears on the dashboard without a reload", { skip: SKIP }, async () => {
  const { page, context } = await inside("/");
  const figure = page.getByRole("link", { name: /Registered phones/ });
  await figure.getByText("0", { exact: true }).waitFor();
  const alice = await phone("101");
  assert.equal(await alice.register(), 200);
  await figure.getByText("1", { exact: true }).waitFor({ timeout: 4_000 });
  await context.close();
});

test("a call comes up by itself, and is hung up from the browser", { skip: SKIP }, async () => {
  const bruno = await phone("102");
  assert.equal(await bruno.register(), 200);
  const { page, context, errors } = await inside("/calls");
  await page.getByText("No call in progress").waitFor();
  const alice = phones.find((each) => each.account === xivo.phones.get("101").account);
  assert.equal(await alice.call("102"), 200);
  await page.getByText("Talking").waitFor({ timeout: 4_000 });
  await page.getByRole("button", { name: "Hang up" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Hang up" }).click();
  await page.getByText("No call in progress").waitFor();
  await waitFor("both phones were hung up", () => bruno.dialogs.size === 0 && alice.dialogs.size === 0);
  await page.goto(`${xivo.url}/call-records`);
  await page.getByRole("link", { name: /\d{4}/ }).first().click();
  await page.getByRole("heading", { name: /Alice.*to.*Bruno/ }).waitFor();
  await page.locator("svg text", { hasText: /INVITE/ }).first().waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});
