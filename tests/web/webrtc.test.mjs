// Telephones in browsers: SIP.js in a real Chromium, by WebSocket, DTLS-SRTP and ICE, through a real xivod.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { SKIP } from "./support/browser.mjs";
import { BrowserPhone, openTelephoneBrowser } from "./support/browser_phone.mjs";
import { Xivo, waitFor } from "./support/xivo.mjs";

const ALICE_HZ = 440;
const BRUNO_HZ = 1000;

let xivo;
let browser;
const phones = [];

before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  for (const number of ["101", "102"]) {
    const line = (await xivo.rest("GET", "/lines")).body.items.find((each) => each.name === number);
    const { status } = await xivo.rest("PATCH", `/lines/${line.id}`, { profile: "webrtc" });
    assert.equal(status, 200);
  }
  browser = await openTelephoneBrowser();
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
});
after(async () => {
  await browser?.close();
  await xivo?.close();
});

/** One that closes with its test. */
async function phoneOf(account, options) {
  const phone = await BrowserPhone.open(browser, xivo, account, options);
  phones.push(phone);
  return phone;
}
/** One that is registered. */
async function registered(number, hz, options) {
  const phone = await phoneOf(xivo.phones.get(number), { hz, ...options });
  assert.equal(await phone.register(), 200);
  return phone;
}

const registrations = async () => (await xivo.rest("GET", "/registrations")).body.items;
const activeCalls = async () => (await xivo.rest("GET", "/calls")).body.total;
const noCallLeft = () => waitFor("every call has ended", async () => (await activeCalls()) === 0);

/** What the last call's trace says. */
async function trace() {
  const [record] = (await xivo.rest("GET", "/call-records?limit=1")).body.items;
  if (!record) return "";
  return (await xivo.rest("GET", `/call-records/${record.id}`)).body.trace.entries.map((entry) => entry.text).join("\n");
}

test("a wrong password is refused", { skip: SKIP }, async () => {
  const phone = await phoneOf({ ...xivo.phones.get("103"), secret: "not-the-secret-1" });
  assert.equal(await phone.register(), 401);
  assert.deepEqual(await registrations(), []);
});

for (const secure of [false, true]) {
  test(`SIP.js registers by ${secure ? "wss" : "ws"}, and is gone with its page`, { skip: SKIP }, async () => {
    const phone = await phoneOf(xivo.phones.get("101"), { secure });
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
  const phone = await phoneOf(xivo.phones.get("102"));
  assert.equal(await phone.register(), 200);
  assert.equal(await phone.unregister(), 200);
  assert.deepEqual(await registrations(), []);
});

for (const secure of [false, true]) {
  test(`a browser hears itself in the echo test, by ${secure ? "wss" : "ws"}`, { skip: SKIP }, async () => {
    const phone = await registered("101", ALICE_HZ, { secure });
    assert.equal(await phone.dial("*55"), 200);
    await phone.hears(ALICE_HZ);
    const statistics = await phone.statistics();
    assert.equal(statistics.dtls, "connected");
    await phone.hangUp();
    await noCallLeft();
    await waitFor("the trace tells of the keys", async () => (await trace()).includes("keys agreed on by DTLS"));
  });
}

test("a browser hears the announcement of an unknown number, and is refused", { skip: SKIP }, async () => {
  const phone = await registered("101", ALICE_HZ);
  const dialled = phone.dial("199");
  await waitFor("it hears somebody speak", async () => (await phone.heard()).db > -60);
  assert.equal(await dialled, 404);
  await noCallLeft();
});

test("two browsers hear each other, hold, and hang up", { skip: SKIP }, async () => {
  const alice = await registered("101", ALICE_HZ);
  const bruno = await registered("102", BRUNO_HZ);
  assert.equal(await alice.dial("102"), 200);
  await alice.hears(BRUNO_HZ);
  await bruno.hears(ALICE_HZ);
  assert.equal(await alice.hold(true), 200);
  await waitFor("bruno hears music", async () => {
    const { hz, db } = await bruno.heard();
    return db > -80 && Math.abs(hz - ALICE_HZ) > 15;
  });
  assert.equal(await alice.hold(false), 200);
  await alice.hears(BRUNO_HZ);
  await bruno.hears(ALICE_HZ);
  await bruno.hangUp();
  await waitFor("alice hears that he has hung up", async () => (await alice.state()) === "Terminated");
  await noCallLeft();
});

test("two browsers see each other", { skip: SKIP }, async () => {
  const alice = await registered("101", ALICE_HZ, { video: true });
  const bruno = await registered("102", BRUNO_HZ, { video: true });
  assert.equal(await bruno.dial("101"), 200);
  await waitFor("alice sees bruno", async () => (await alice.sees()) > 0);
  await waitFor("bruno sees alice", async () => (await bruno.sees()) > 0);
  await alice.hears(BRUNO_HZ);
  await alice.hangUp();
  await noCallLeft();
});
