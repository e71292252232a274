// A telephone in a real browser: SIP.js in Chromium registers with a real xivod by WebSocket.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BrowserPhone } from "./support/browser_phone.mjs";
import { openBrowser, SKIP } from "./support/browser.mjs";
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

const registrations = async () => (await xivo.rest("GET", "/registrations")).body.items;

test("a wrong password is refused", { skip: SKIP }, async () => {
  const phone = await BrowserPhone.open(browser, xivo, { ...xivo.phones.get("103"), secret: "not-the-secret-1" });
  assert.equal(await phone.register(), 401);
  assert.deepEqual(await registrations(), []);
  await phone.close();
});

for (const secure of [false, true]) {
  test(`SIP.js registers by ${secure ? "wss" : "ws"}, and is gone with its page`, { skip: SKIP }, async () => {
    const phone = await BrowserPhone.open(browser, xivo, xivo.phones.get("101"), { secure });
    assert.equal(await phone.register(), 200);
    const [known] = await registrations();
    assert.equal(known.transport, secure ? "wss" : "ws");
    assert.match(known.contact, /\.invalid;transport=ws/);
    assert.match(known.user_agent, /SIP\.js/);
    await phone.close();
    await waitFor("the registration goes", async () => (await registrations()).length === 0, 3_000);
  });
}

test("SIP.js takes its registration back", { skip: SKIP }, async () => {
  const phone = await BrowserPhone.open(browser, xivo, xivo.phones.get("102"));
  assert.equal(await phone.register(), 200);
  assert.equal(await phone.unregister(), 200);
  assert.deepEqual(await registrations(), []);
  await phone.close();
});
