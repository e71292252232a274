// Every page at three widths, in both languages, light and dark: a picture for somebody to look at, no complaint of the console, of
// axe, and nothing wider than the screen.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { complaints, openBrowser, picture, settle, signIn, SKIP, visit } from "./support/browser.mjs";
import { Phone } from "./support/phone.mjs";
import { freePort, Xivo, waitFor } from "./support/xivo.mjs";

const LOOKS = [
  { width: 390, height: 844, language: "fr", dark: false },
  { width: 1280, height: 900, language: "en", dark: true },
  { width: 2560, height: 1440, language: "fr", dark: false },
];
const SOUND_MS = 3_000;

let xivo;
let browser;
let phones = [];
let pages = [];

/** A company in which something happens: two phones in a call, one with the wrong password, a finished call, a ban, a token. */
async function live() {
  const open = async (number, options, secret) => {
    const known = xivo.phones.get(number);
    const phone = await Phone.open(xivo, { ...known, secret: secret ?? known.secret }, options);
    phones.push(phone);
    await phone.register();
    return phone;
  };
  const alice = await open("101");
  await open("102", { agent: "Yealink SIP-T46U 108.86.0.45" });
  await open("103", { agent: "snomD785/10.1.137" }, "not-the-secret-1");
  await alice.call("102");
  await new Promise((resolve) => setTimeout(resolve, SOUND_MS));
  await alice.hangUp();
  await alice.call("999");
  await waitFor("two calls are recorded", async () => (await xivo.rest("GET", "/call-records")).body.total >= 2);
  await alice.call("102");
  await xivo.rest("POST", "/bans", { network: "203.0.113.9", detail: "scanner", seconds: 86_400 });
  await xivo.rest("POST", "/tokens", { label: "Supervision", scopes: ["*:read"] });
  await routed();
  await xivo.rest("PATCH", "/users/1?reason=Nouvelle adresse", { email: "alice@example.com" });
}

/** Where calls go: a trunk whose operator is silent, a schedule with closures, a guard, routes and a permission. */
async function routed() {
  const make = async (plural, body) => {
    const answer = await xivo.rest("POST", `/${plural}`, body);
    assert.equal(answer.status, 201, `${plural}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const hours = { hours_start: "08:30", hours_end: "17:59", week_days: "1-5", month_days: "1-31", months: "1-12" };
  const day = { ...hours, hours_start: "00:00", hours_end: "23:59", week_days: "1-7" };
  const schedule = await make("schedules", {
    name: "Heures de bureau", holidays: "FR", open_periods: [hours],
    exceptional_periods: [{ ...day, label: "Inventaire", first_date: "2027-01-04", last_date: "2027-01-05", destination: { type: "user", user: 2 } }],
  });
  const trunk = await make("trunks", {
    name: "operator", label: "Opérateur principal", host: `127.0.0.1:${await freePort()}`, register: true, username: "0033912345678", secret: "not-a-real-secret", max_channels_out: 10,
  });
  const outside = (await xivo.rest("GET", "/contexts?limit=100")).body.items.find((each) => each.type === "outcall")?.id ?? (await make("contexts", { name: "to-extern", type: "outcall" }));
  await make("outgoing_routes", { name: "national", priority: 1, context: outside, trunks: [trunk], schedule, patterns: [{ pattern: "_0ZXXXXXXXX" }] });
  await make("call_permissions", { name: "mobiles", extensions: ["_06XXXXXXXX"] });
  await make("toll_guards", { name: "nuit", hourly_max: 20 });
  await make("scenarios", { name: "Alice joint Bruno", caller: "101", dialled: "102", expected: "rings", expected_target: "102" });
}

before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  browser = await openBrowser();
  await live();
  const { kinds } = (await xivo.rest("GET", "/schema")).body;
  const records = (await xivo.rest("GET", "/call-records")).body.items;
  const first = async (plural) => (await xivo.rest("GET", `/${plural}?limit=1`)).body.items?.[0]?.id;
  pages = ["/", "/users", "/users/1", "/users?create=true", "/lines", "/lines/1", "/lines/3", "/lines?create=true", "/calls", "/call-records",
    `/call-records/${records.find((each) => each.disposition === "answered").id}`, "/revisions", "/revisions/2", "/tokens", "/audit", "/bans", "/account", "/setup", "/findings", "/numbering-map", "/numbering-map?view=numbers", "/numbering-map?view=help", "/simulator", "/simulator?from=u1&to=0123456789", "/nowhere"];
  for (const kind of kinds) {
    if (["user", "line"].includes(kind.name)) continue;
    pages.push(`/config/${kind.singleton ? kind.name : kind.plural}`);
    if (["trunk", "schedule", "outgoing_route"].includes(kind.name)) pages.push(`/config/${kind.plural}?create=true`);
    const id = kind.singleton ? undefined : await first(kind.plural);
    if (id) pages.push(`/config/${kind.plural}/${id}`);
  }
});
after(async () => {
  for (const phone of phones) phone.close();
  await browser?.close();
  await xivo?.close();
});

// The looks at once: one waits for the daemon while another draws.
describe("every page is whole", { concurrency: LOOKS.length }, () => {
  for (const look of LOOKS) {
    const name = `${look.width} px, ${look.language}, ${look.dark ? "dark" : "light"}`;
    test(`at ${name}`, { skip: SKIP }, async () => {
      const { page, context, errors } = await visit(browser, xivo, { ...look, path: "/login" });
      const wrong = [];
      const look_at = async (where) => {
        await settle(page);
        await picture(page, `${where.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home"}-${look.width}-${look.language}`);
        wrong.push(...(await complaints(page)).map((each) => `${where}: ${each}`), ...errors.splice(0).map((each) => `${where}: console: ${each}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 1) wrong.push(`${where}: ${wide} px wider than the screen`);
        // A text that is missing shows its key, such as "users.create".
        const keys = await page.evaluate(() => document.body.innerText.match(/\b(nav|users|lines|calls|records|history|setup|action|form|login|state|quality|totp|audit|bans|tokens|trunks|schedule|toll)\.[a-z]\w+/g));
        if (keys) wrong.push(`${where}: untranslated ${keys.join(", ")}`);
      };
      await look_at("/login");
      await signIn(page, xivo.password);
      for (const where of pages) {
        await page.goto(xivo.url + where);
        await page.locator("h1").first().waitFor();
        await look_at(where);
      }
      await context.close();
      assert.deepEqual(wrong, []);
    });
  }
});
