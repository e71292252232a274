// A telephone in a page of a real Chromium: SIP.js, over a WebSocket to a real xivod.
import { createRequire } from "node:module";
import path from "node:path";
import { PROGRAM } from "./browser.mjs";
import { ROOT, waitFor } from "./xivo.mjs";

const require = createRequire(path.join(ROOT, "web/package.json"));
const { chromium } = require("playwright-core");
const SIP_JS = path.join(ROOT, "web/node_modules/sip.js/lib");
const PAGE = path.join(import.meta.dirname, "browser_phone_page.js");
const IN_TUNE_HZ = 15;
const AUDIBLE_DB = -60;

/** A Chromium whose pages may use a microphone and a camera that are not there, and whose calls may stay on this machine. */
export async function openTelephoneBrowser() {
  return chromium.launch({
    executablePath: PROGRAM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection"],
  });
}

export class BrowserPhone {
  /** A page of the daemon's own origin with SIP.js in it, which sends one tone when it talks; secure: by HTTPS and WSS. */
  static async open(browser, xivo, { account, secret }, { secure = false, hz = 440, video = false, autoAnswer = true } = {}) {
    const phone = new BrowserPhone();
    const origin = secure ? xivo.secureUrl : xivo.url;
    phone.context = await browser.newContext({ ignoreHTTPSErrors: true });
    // What the test answers itself comes from nowhere, and Chromium asks before such a page may talk to this machine.
    await phone.context.grantPermissions(["local-network-access", "microphone", "camera"], { origin });
    phone.page = await phone.context.newPage();
    phone.said = [];
    phone.page.on("console", (message) => phone.said.push(message.text()));
    await phone.page.route("**/phone/**", (route) => {
      const name = new URL(route.request().url()).pathname.split("/phone/")[1];
      if (name === "") return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>phone</title><body></body>" });
      const file = name === "phone.js" ? PAGE : path.join(SIP_JS, name.replace(/^sip\.js\//, ""));
      return route.fulfill({ path: file, contentType: "text/javascript" });
    });
    await phone.page.goto(`${origin}/phone/`);
    await phone.page.evaluate(
      async (options) => {
        const { Phone } = await import("/phone/phone.js");
        window.phone = new Phone(options);
        await window.phone.start();
      },
      { server: `${origin.replace(/^http/, "ws")}/ws`, account, secret, hz, video, autoAnswer },
    );
    return phone;
  }

  /** The status of the final answer to a REGISTER. */
  register() {
    return this.page.evaluate(() => window.phone.register());
  }
  unregister() {
    return this.page.evaluate(() => window.phone.unregister());
  }
  /** The status of the final answer to the INVITE. */
  dial(number) {
    return this.page.evaluate((to) => window.phone.dial(to), number);
  }
  hold(on) {
    return this.page.evaluate((wanted) => window.phone.hold(wanted), on);
  }
  hangUp() {
    return this.page.evaluate(() => window.phone.hangUp().then(() => true));
  }
  /** "Established", "Terminated": of its last call. */
  state() {
    return this.page.evaluate(() => window.phone.session?.state);
  }
  /** {hz, db} of the strongest tone. */
  heard() {
    return this.page.evaluate(() => window.phone.heard());
  }
  /** How wide the picture is that it shows; 0: none. */
  sees() {
    return this.page.evaluate(() => window.phone.sees());
  }
  statistics() {
    return this.page.evaluate(() => window.phone.statistics());
  }

  async hears(hz) {
    let last;
    await waitFor(`hearing ${hz} Hz`, async () => {
      last = await this.heard();
      return Math.abs(last.hz - hz) < IN_TUNE_HZ && last.db > AUDIBLE_DB;
    }).catch((error) => {
      throw new Error(`${error.message}; it hears ${JSON.stringify(last)}\n${this.said.slice(-20).join("\n")}`);
    });
  }

  /** As a person who closes the tab. */
  async close() {
    await this.context.close();
  }
}
