// Every page at three widths, in both languages, light and dark: a picture for somebody to look at, no complaint of the console, of
// axe, and nothing wider than the screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaints, openBrowser, picture, settle, signIn, SKIP, visit } from "./support/browser.mjs";
import { Phone } from "./support/phone.mjs";
import { Xivo, waitFor } from "./support/xivo.mjs";

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
  await xivo.rest("PATCH", "/users/1?reason=Nouvelle adresse", { email: "alice@example.com" });
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
    `/call-records/${records.find((each) => each.disposition === "answered").id}`, "/revisions", "/revisions/2", "/tokens", "/audit", "/bans", "/account", "/setup", "/nowhere"];
  for (const kind of kinds) {
    if (["user", "line"].includes(kind.name)) continue;
    pages.push(`/config/${kind.singleton ? kind.name : kind.plural}`);
    const id = kind.singleton ? undefined : await first(kind.plural);
    if (id) pages.push(`/config/${kind.plural}/${id}`);
  }
});
after(async () => {
  for (const phone of phones) phone.close();
  await browser?.close();
  await xivo?.close();
});

for (const look of LOOKS) {
  const name = `${look.width} px, ${look.language}, ${look.dark ? "dark" : "light"}`;
  test(`every page is whole at ${name}`, { skip: SKIP }, async () => {
    const { page, context, errors } = await visit(browser, xivo, { ...look, path: "/login" });
    const wrong = [];
    const look_at = async (where) => {
      await settle(page);
      await picture(page, `${where.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home"}-${look.width}-${look.language}`);
      wrong.push(...(await complaints(page)).map((each) => `${where}: ${each}`), ...errors.splice(0).map((each) => `${where}: console: ${each}`));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 1) wrong.push(`${where}: ${wide} px wider than the screen`);
      // A text that is missing shows its key, such as "users.create".
      const keys = await page.evaluate(() => document.body.innerText.match(/\b(nav|users|lines|calls|records|history|setup|action|form|login|state|quality|totp|audit|bans|tokens)\.[a-z]\w+/g));
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
