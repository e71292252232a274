// Starts a real xivod on free ports with a folder of its own, and talks to it as a script would.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, openSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const BUILD = process.env.XIVO_BUILD ?? path.join(ROOT, "build/release");
const WAIT_MS = 20_000;

export async function waitFor(what, condition, milliseconds = WAIT_MS) {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${milliseconds} ms`);
}

// The kernel takes none of these for itself, so that a port which was free stays so until its program has it.
const PORTS = { first: 10_000, count: 10_000 };

const isFree = (port) =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

export async function freePort() {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
}

export class Xivo {
  /** One xivod with what it serves to a browser; options as on its command line. */
  static async start(...options) {
    const xivo = new Xivo();
    xivo.folder = mkdtempSync(path.join(os.tmpdir(), "xivo-web."));
    xivo.sip = await freePort();
    xivo.http = await freePort();
    xivo.https = await freePort();
    const rtp = 21_000 + ((process.pid * 97 + xivo.sip) % 80) * 100;
    xivo.output = path.join(xivo.folder, "out");
    const web = process.env.XIVO_WEB ?? path.join(ROOT, "build/web/dist");
    xivo.options = ["--var", path.join(xivo.folder, "var"), "--sip", `127.0.0.1:${xivo.sip}`, "--sip-tls", `127.0.0.1:${await freePort()}`, "--http", `127.0.0.1:${xivo.http}`, "--https", `127.0.0.1:${xivo.https}`,
      "--rtp-ports", `${rtp}-${rtp + 99}`, "--media-loops", "1", "--web", web, ...options];
    await xivo.launch();
    xivo.url = `http://127.0.0.1:${xivo.http}`;
    xivo.secureUrl = `https://127.0.0.1:${xivo.https}`;
    xivo.password = /admin \/ (\S+)/.exec(xivo.text())?.[1] ?? "";
    xivo.phones = new Map([...xivo.text().matchAll(/^ {4}(\d{3}) +(\S+) +([a-z0-9]{16}) /gm)].map(([, number, account, secret]) => [number, { account, secret }]));
    return xivo;
  }

  async launch() {
    const out = openSync(this.output, "w");
    this.process = spawn(path.join(BUILD, "src/app/xivod"), this.options, { stdio: ["ignore", out, out] });
    await waitFor("xivod says that it is ready", () => {
      if (this.process.exitCode !== null) throw new Error(`xivod ended:\n${this.text()}`);
      return this.text().includes("/ ready");
    });
  }

  /** Ends the daemon as a person would, and starts it again on the same data and ports. */
  async restart() {
    this.process.kill("SIGINT");
    await waitFor("xivod ends", () => this.process.exitCode !== null || this.process.signalCode !== null);
    await this.launch();
  }

  text() {
    return readFileSync(this.output, "utf8");
  }

  /** {status, body} of a request by the administrator. */
  async rest(method, path_, body, headers = {}) {
    if (!this.token && path_ !== "/login") {
      this.token = (await this.rest("POST", "/login", { account: "admin", password: this.password })).body.token;
    }
    const answer = await fetch(`${this.url}/api/v1${path_}`, {
      method,
      headers: { "Content-Type": "application/json", ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async close() {
    this.process.kill("SIGINT");
    await waitFor("xivod ends", () => this.process.exitCode !== null || this.process.signalCode !== null).catch(() => this.process.kill("SIGKILL"));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
