// A telephone in a page of a real Chromium: SIP.js, over a WebSocket to a real xivod.
import path from "node:path";
import { ROOT } from "./xivo.mjs";

const SIP_JS = path.join(ROOT, "web/node_modules/sip.js/lib");

export class BrowserPhone {
  /** A page of the daemon's own origin with SIP.js in it; secure: by HTTPS and WSS. */
  static async open(browser, xivo, { account, secret }, { secure = false } = {}) {
    const phone = new BrowserPhone();
    const origin = secure ? xivo.secureUrl : xivo.url;
    phone.context = await browser.newContext({ ignoreHTTPSErrors: true });
    // What the test answers itself comes from nowhere, and Chromium asks before such a page may talk to this machine.
    await phone.context.grantPermissions(["local-network-access"], { origin });
    phone.page = await phone.context.newPage();
    await phone.page.route("**/phone/", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>phone</title>" }));
    await phone.page.route("**/phone/sip.js/**", (route) => {
      const file = path.join(SIP_JS, new URL(route.request().url()).pathname.split("/phone/sip.js/")[1]);
      return route.fulfill({ path: file, contentType: "text/javascript" });
    });
    await phone.page.goto(`${origin}/phone/`);
    await phone.page.evaluate(
      async ([server, account, secret]) => {
        const SIP = await import("/phone/sip.js/index.js");
        const agent = new SIP.UserAgent({
          uri: SIP.UserAgent.makeURI(`sip:${account}@${location.hostname}`),
          transportOptions: { server },
          authorizationUsername: account,
          authorizationPassword: secret,
          logLevel: "error",
        });
        window.phone = { SIP, agent, registerer: new SIP.Registerer(agent) };
        await agent.start();
      },
      [`${origin.replace(/^http/, "ws")}/ws`, account, secret],
    );
    return phone;
  }

  /** The status of the final answer to a REGISTER. */
  register() {
    return this.#ask("register");
  }

  unregister() {
    return this.#ask("unregister");
  }

  #ask(what) {
    return this.page.evaluate(
      (method) =>
        new Promise((resolve, reject) => {
          const tell = (response) => resolve(response.message.statusCode);
          window.phone.registerer[method]({ requestDelegate: { onAccept: tell, onReject: tell } }).catch(reject);
        }),
      what,
    );
  }

  /** As a person who closes the tab. */
  async close() {
    await this.context.close();
  }
}
