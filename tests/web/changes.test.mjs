// Users made, edited by two people at once, and changes taken back.
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
const emailOf = async (id) => (await xivo.rest("GET", `/users/${id}`)).body.email;
const idOf = async (firstname) => (await xivo.rest("GET", `/users?search=${firstname}`)).body.items[0].id;

test("what the daemon refuses is told at its field, and nothing typed is lost", { skip: SKIP }, async () => {
  const id = await idOf("Alice");
  await xivo.rest("PATCH", `/users/${await idOf("Carol")}`, { email: "taken@example.com" });
  const { page, context } = await inside(`/users/${id}`);
  await page.getByLabel("E-mail", { exact: true }).fill("taken@example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator('input[aria-invalid="true"]').waitFor();
  assert.equal(await page.locator('input[aria-invalid="true"]').inputValue(), "taken@example.com");
  assert.ok(await page.getByRole("alert").first().isVisible());
  assert.equal(await page.getByLabel("E-mail", { exact: true }).inputValue(), "taken@example.com");
  assert.notEqual(await emailOf(id), "taken@example.com");
  await context.close();
});

test("a new user gets the next free number and a phone account in one go", { skip: SKIP }, async () => {
  const { page, context, errors } = await inside("/users");
  await page.getByRole("button", { name: /^New/ }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("First name").fill("Diane");
  await drawer.getByLabel("Last name").fill("Petit");
  await waitFor("the next number is proposed", async () => /^\d+$/.test(await drawer.getByRole("textbox", { name: "Number" }).inputValue()));
  const number = await drawer.getByRole("textbox", { name: "Number" }).inputValue();
  await drawer.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Diane Petit" }).waitFor();
  await page.getByRole("link", { name: number, exact: true }).first().waitFor();
  const user = (await xivo.rest("GET", `/users/${await idOf("Diane")}`)).body;
  assert.equal(user.lines.length, 1);
  assert.equal((await xivo.rest("GET", `/extensions/${user.extensions[0]}`)).body.exten, number);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a change is in force at once, and its toast takes it back", { skip: SKIP }, async () => {
  const id = await idOf("Alice");
  const before = await emailOf(id);
  const { page, context } = await inside(`/users/${id}`);
  await page.getByLabel("E-mail", { exact: true }).fill("alice.new@example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await waitFor("the change is in force", async () => (await emailOf(id)) === "alice.new@example.com");
  await page.getByRole("button", { name: "Undo" }).click();
  await waitFor("the change is undone", async () => (await emailOf(id)) === before);
  await waitFor("the form shows it", async () => (await page.getByLabel("E-mail", { exact: true }).inputValue()) === (before ?? ""));
  await context.close();
});

test("two people at once: the second sees the first one's change and chooses", { skip: SKIP }, async () => {
  const id = await idOf("Bruno");
  const first = await inside(`/users/${id}`);
  const second = await inside(`/users/${id}`);
  await second.page.getByLabel("E-mail", { exact: true }).fill("second@example.com");
  await second.page.getByLabel("Last name").fill("Lefebvre");
  await first.page.getByLabel("E-mail", { exact: true }).fill("first@example.com");
  await first.page.getByRole("button", { name: "Save" }).click();
  await waitFor("the first change is in force", async () => (await emailOf(id)) === "first@example.com");

  await second.page.getByRole("button", { name: "Save" }).click();
  const dialog = second.page.getByRole("dialog");
  await dialog.getByText("first@example.com").waitFor();
  await dialog.getByText("second@example.com").waitFor();
  await dialog.getByRole("radio", { name: /E-mail.*Theirs/ }).check();
  await dialog.getByRole("button", { name: "Save this choice" }).click();
  await waitFor("the second one's name is in force", async () => (await xivo.rest("GET", `/users/${id}`)).body.lastname === "Lefebvre");
  assert.equal(await emailOf(id), "first@example.com");
  await first.context.close();
  await second.context.close();
});

test("leaving a form that was changed asks first", { skip: SKIP }, async () => {
  const { page, context } = await inside(`/users/${await idOf("Carol")}`);
  await page.getByLabel("Last name").fill("Smithson");
  await page.getByRole("link", { name: "Live calls" }).first().click();
  await page.getByRole("button", { name: "Stay" }).click();
  assert.equal(await page.getByLabel("Last name").inputValue(), "Smithson");
  await page.getByRole("link", { name: "Live calls" }).first().click();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.waitForURL("**/calls");
  await context.close();
});

test("an old revision can be read, and the system returns to it", { skip: SKIP }, async () => {
  const id = await idOf("Carol");
  const then = (await xivo.rest("GET", "/revisions?limit=1")).body.items[0].number;
  const lastname = (await xivo.rest("GET", `/users/${id}`)).body.lastname;
  await xivo.rest("PATCH", `/users/${id}?reason=wedding`, { lastname: "Jones" });
  const { page, context } = await inside("/revisions");
  await page.getByRole("link", { name: "wedding" }).click();
  await page.getByText("Jones").first().waitFor();
  await page.goto(`${xivo.url}/revisions/${then}`);
  await page.getByRole("button", { name: "Return to this state" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Jones").waitFor();
  await dialog.getByRole("button", { name: "Apply" }).click();
  await waitFor("the old name is back", async () => (await xivo.rest("GET", `/users/${id}`)).body.lastname === lastname);
  await context.close();
});

test("the palette finds a person by name and a page by title, with the keyboard alone", { skip: SKIP }, async () => {
  const { page, context } = await inside("/");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Person, number, page…").fill("lef");
  await page.getByRole("dialog").getByText(/Bruno/).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/users\/\d+/);
  await context.close();
});

test("the whole interface changes language at once, and keeps it", { skip: SKIP }, async () => {
  const { page, context } = await inside("/users", "fr");
  await page.getByRole("heading", { name: "Utilisateurs" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  await page.getByRole("button", { name: /Menu du compte/ }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await context.close();
});
