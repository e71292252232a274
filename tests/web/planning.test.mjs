// Trunks made from a template, schedules that are looked at and forced, and guards: what a person sees of where calls go.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, openBrowser, signIn, SKIP, visit } from "./support/browser.mjs";
import { freePort, Xivo, waitFor } from "./support/xivo.mjs";

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
const OFFICE = { hours_start: "09:00", hours_end: "17:59", week_days: "1-5", month_days: "1-31", months: "1-12" };
async function made(plural, body) {
  const answer = await xivo.rest("POST", `/${plural}`, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

test("a trunk is made from its operator's template, and what was typed survives a refusal", { skip: SKIP }, async () => {
  await made("trunks", { name: "taken", host: "127.0.0.1:9", options_interval: 0 });
  const { page, context, errors } = await inside("/config/trunks?create=true");
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("combobox", { name: "Operator" }).fill("OVHcloud (SIP");
  await page.getByRole("option", { name: /OVHcloud \(SIP trunk\)/ }).click();
  await drawer.getByRole("button", { name: "Next" }).click();
  await drawer.locator('input[name="name"]').fill("taken");
  await drawer.locator('input[name="username"]').fill("0033912345678");
  await drawer.locator('input[name="secret"]').fill("not-a-real-secret");
  assert.equal(await drawer.locator('input[name="host"]').inputValue(), "siptrunk.ovh.net");
  // No operator is asked by a test: its host is this machine, at a port where nobody answers.
  await drawer.locator('input[name="host"]').fill(`127.0.0.1:${await freePort()}`);
  await drawer.getByRole("button", { name: "Create" }).click();
  await drawer.getByRole("alert").first().waitFor();
  assert.equal(await drawer.locator('input[name="username"]').inputValue(), "0033912345678");
  await drawer.locator('input[name="name"]').fill("operator");
  await drawer.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "OVHcloud (SIP trunk)" }).waitFor();
  const trunk = (await xivo.rest("GET", "/trunks")).body.items.find((each) => each.name === "operator");
  assert.equal(trunk.template, "ovh-trunk");
  assert.deepEqual(trunk.codecs, ["alaw", "ulaw"]);
  await page.getByText("Unavailable").first().waitFor();
  let sentence; // once the engine has taken the trunk up
  await waitFor("the registration is tried", async () => {
    const { body } = await xivo.rest("GET", `/trunks/${trunk.id}/state`, undefined, { "Accept-Language": "en" });
    sentence = body.registration?.sentence;
    return Boolean(sentence);
  });
  await page.getByText(sentence).first().waitFor();
  await page.goto(`${xivo.url}/`);
  await page.getByRole("link", { name: /OVHcloud.*routes cannot use this trunk/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("the calendar answers for any minute, by click and by keyboard, in French", { skip: SKIP }, async () => {
  const id = await made("schedules", { name: "Bureau", timezone: "Europe/Paris", open_periods: [OFFICE], holidays: "FR" });
  const { page, context, errors } = await inside(`/config/schedules/${id}`, "fr");
  const answer = page.getByRole("region", { name: "Que se passe-t-il à cette minute ?" });
  const at = async (date, time) => {
    await answer.getByLabel("Date").fill(date);
    await answer.getByLabel("Heure").fill(time);
    const { body } = await xivo.rest("GET", `/schedules/${id}/state?at=${date}T${time}`, undefined, { "Accept-Language": "fr" });
    await answer.getByText(body.sentence).waitFor();
    return body.state;
  };
  assert.equal(await at("2026-07-13", "17:59"), "open");
  assert.equal(await at("2026-07-13", "18:00"), "closed");
  assert.equal(await at("2026-07-14", "10:00"), "holiday");
  const day = page.locator('[data-date="2026-07-14"]');
  assert.match(await day.textContent(), /14 juillet 2026.*Jour férié/);
  await day.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  assert.equal(await answer.getByLabel("Date").inputValue(), "2026-07-22");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("data-date")), "2026-07-22");
  await page.getByText("Semaine", { exact: true }).click();
  const bar = page.locator('[data-date="2026-07-21"] .day-bar');
  const box = await bar.boundingBox();
  await bar.click({ position: { x: box.width / 2, y: box.height * (20 / 24) } });
  assert.equal(await answer.getByLabel("Date").inputValue(), "2026-07-21");
  assert.equal(await answer.getByLabel("Heure").inputValue(), "20:00");
  await answer.getByText("Fermé", { exact: true }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("a schedule is forced closed and set back with one click each", { skip: SKIP }, async () => {
  const always = { ...OFFICE, hours_start: "00:00", hours_end: "23:59", week_days: "1-7" };
  const id = await made("schedules", { name: "Always", open_periods: [always] });
  const { page, context, errors } = await inside(`/config/schedules/${id}`);
  await page.getByText("Force closed", { exact: true }).click();
  await page.getByText("Forced closed", { exact: true }).first().waitFor();
  await waitFor("the mode is kept", async () => (await xivo.rest("GET", `/schedules/${id}`)).body.mode === "closed");
  await page.goto(`${xivo.url}/config/schedules`);
  await page.getByRole("row", { name: /Always/ }).getByText("Forced closed", { exact: true }).waitFor();
  await page.goto(`${xivo.url}/config/schedules/${id}`);
  await page.getByText("Automatic", { exact: true }).first().click();
  await waitFor("it is automatic again", async () => (await xivo.rest("GET", `/schedules/${id}/state`)).body.state === "open");
  assert.deepEqual(errors, []);
  await context.close();
});

test("an exceptional closure is entered on a narrow screen without anything cut off", { skip: SKIP }, async () => {
  const id = await made("schedules", { name: "Narrow", open_periods: [OFFICE] });
  const { page, context } = await visit(browser, xivo, { language: "en", width: 390, height: 844, path: `/config/schedules/${id}` });
  await signIn(page, xivo.password);
  await page.getByRole("button", { name: /Exceptional closures/ }).click();
  const cut = await page.evaluate(() => [...document.querySelectorAll(".row-card input")].filter((input) => input.getBoundingClientRect().right > window.innerWidth).length);
  assert.equal(cut, 0);
  await page.getByLabel("First day").fill("2026-12-24");
  await page.getByRole("button", { name: "Save" }).click();
  await waitFor("the closure is kept", async () => (await xivo.rest("GET", `/schedules/${id}`)).body.exceptional_periods[0]?.first_date === "2026-12-24");
  assert.equal((await xivo.rest("GET", `/schedules/${id}/state?at=2026-12-24T10:00`)).body.state, "exception");
  await context.close();
});

test("the simulator shows where a call goes and why, and its address asks the same again", { skip: SKIP }, async () => {
  const { page, context, errors } = await inside("/simulator");
  await page.getByRole("combobox", { name: "Caller" }).fill("Alice");
  await page.getByRole("option", { name: /^Alice/ }).click();
  await page.getByLabel("Number dialled").fill("102");
  await page.getByRole("button", { name: "a user is …" }).click();
  await page.getByRole("combobox", { name: "User" }).fill("Bruno");
  await page.getByRole("option", { name: /^Bruno/ }).click();
  await page.getByRole("button", { name: "Where does it go?" }).click();
  const question = { from: { user: 1 }, dialled: "102", assume: [{ user: 2, state: "busy" }] };
  const told = (await xivo.rest("POST", "/routing/simulations", question, { "Accept-Language": "en" })).body;
  const answer = page.getByRole("region", { name: "Answer" });
  await answer.getByText(told.sentence).first().waitFor();
  assert.equal(await answer.getByRole("listitem").count(), told.graph.nodes.length);
  const path = new URL(page.url());
  assert.equal(path.searchParams.get("from"), "u1");
  await page.reload();
  await answer.getByText(told.sentence).first().waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("the simulator says that somebody has to call", { skip: SKIP }, async () => {
  const { page, context } = await inside("/simulator");
  await page.getByLabel("Number dialled").fill("102");
  await page.getByRole("button", { name: "Where does it go?" }).click();
  await page.getByText("Choose who calls.").waitFor();
  await context.close();
});
