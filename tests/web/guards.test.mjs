// Somebody whom a toll-fraud guard has really blocked, by calls: seen on the page of the guards, also after a restart, and released there.
import assert from "node:assert/strict";
import dgram from "node:dgram";
import { after, before, test } from "node:test";
import { enter, openBrowser, picture, settle, SKIP } from "./support/browser.mjs";
import { Phone } from "./support/phone.mjs";
import { waitFor, Xivo } from "./support/xivo.mjs";

const OUTSIDE = "0123456789";
let xivo;
let browser;
let alice;
let operator;

/** An operator at an address of its own, at which everybody is busy; it counts the calls that reach it. */
async function busyOperator() {
  const socket = dgram.createSocket("udp4");
  const calls = new Set();
  await new Promise((resolve) => socket.bind(0, "127.0.0.2", resolve));
  socket.on("message", (data, from) => {
    const [head] = data.toString().split("\r\n\r\n");
    if (!head.startsWith("INVITE ")) return;
    const copied = head.split("\r\n").filter((line) => /^(via|from|call-id|cseq):/i.test(line));
    const to = head.split("\r\n").find((line) => /^to:/i.test(line));
    calls.add(copied.find((line) => /^call-id:/i.test(line)));
    socket.send(["SIP/2.0 486 Busy Here", ...copied, `${to};tag=op`, "Content-Length: 0", "", ""].join("\r\n"), from.port, from.address);
  });
  return { socket, calls, host: `127.0.0.2:${socket.address().port}` };
}

/** The engine takes a trunk a moment after it is configured, or read at a start. */
const usable = () => waitFor("the trunk can be used", async () => (await xivo.rest("GET", "/trunks/states")).body.items[0]?.usable);

before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start();
  browser = await openBrowser();
  operator = await busyOperator();
  const made = async (plural, body) => {
    const answer = await xivo.rest("POST", `/${plural}`, body);
    assert.equal(answer.status, 201, `${plural}: ${JSON.stringify(answer.body)}`);
  };
  await made("trunks", { name: "operator", host: operator.host, options_interval: 0 });
  await made("outgoing_routes", { name: "national", context: "default", trunks: ["operator"], patterns: [{ pattern: "_0ZXXXXXXXX" }] });
  await made("toll_guards", { name: "One an hour", hourly_max: 1, users: [1] });
  await usable();
  alice = await Phone.open(xivo, xivo.phones.get("101"));
});
after(async () => {
  alice?.close();
  operator?.socket.close();
  await browser?.close();
  await xivo?.close();
});

test("who is blocked by calls is released with one click, and calls again", { skip: SKIP }, async () => {
  assert.equal(await alice.call(OUTSIDE), 486);
  assert.equal(operator.calls.size, 1);
  assert.notEqual(await alice.call(OUTSIDE), 486);
  assert.equal(operator.calls.size, 1, "the second call of the hour went out");

  await xivo.restart();
  await usable();
  const { page, context, errors } = await enter(browser, xivo, { path: "/config/toll_guards", language: "en" });
  const accounts = page.getByRole("table").last();
  const row = accounts.getByRole("row", { name: /Alice/ });
  await row.getByText("Blocked", { exact: true }).waitFor();
  await row.getByText(/One an hour/).waitFor();
  await settle(page);
  await picture(page, "guards-blocked");
  assert.notEqual(await alice.call(OUTSIDE), 486);
  await row.getByRole("button", { name: /Release/ }).click();
  await row.getByText("Blocked", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await alice.call(OUTSIDE), 486);
  assert.equal(operator.calls.size, 2);
  assert.deepEqual(errors, []);
  await context.close();

  await xivo.restart();
  assert.deepEqual((await xivo.rest("GET", "/toll-guards/state")).body.items.filter((each) => each.blocked), []);
});
