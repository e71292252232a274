// A real Chromium, and what a test does with it.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { ROOT } from "./xivo.mjs";

const require = createRequire(path.join(ROOT, "web/package.json"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const PROGRAM = process.env.XIVO_CHROMIUM ?? PROGRAMS.find((file) => existsSync(file));
/** Why the tests of a file are skipped, or false. */
export const SKIP = PROGRAM ? false : "chromium is not installed (Debian package chromium)";
export const SCREENSHOTS = path.join(ROOT, "build/web/screenshots");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function openBrowser() {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

/** A person at a browser of its own: {page, errors}; errors are what the console and the page complained about. */
export async function visit(browser, xivo, { language = "fr", width = 1280, height = 900, dark = false, path: where = "/" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: language === "fr" ? "fr-FR" : "en-GB", timezoneId: "Europe/Paris", colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => {
    // The browser itself reports each refusal; a page that asks who is signed in gets one on purpose.
    if (message.type() === "error" && !/status of (401|409|412|422)/.test(message.text())) errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  watchRequests(page);
  page.setDefaultTimeout(Number(process.env.XIVO_WEB_PATIENCE_MS ?? 15_000));
  await page.goto(xivo.url + where);
  return { page, context, errors };
}

export async function signIn(page, password, account = "admin") {
  await page.locator('input[autocomplete="username"]').fill(account);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.locator('button[type="submit"]').click();
  await page.locator(".mantine-AppShell-root").waitFor();
  await page.locator("#content h1").first().waitFor();
}

/** A visitor who has signed in as the administrator. */
export async function enter(browser, xivo, options) {
  const visitor = await visit(browser, xivo, options);
  await signIn(visitor.page, xivo.password);
  return visitor;
}

/** What axe finds wrong with the page as it is now, one line each. */
export async function complaints(page) {
  return page.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source);
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.any[0]?.message ?? node.all[0]?.message ?? ""})`).join(" | ")}`);
  }, AXE);
}

const QUIET_MS = 100;
const SETTLE_MS = 5_000;
const asking = new WeakMap();

/** How many requests of a page wait for their answer, and when that changed last. */
function watchRequests(page) {
  const state = { open: 0, changed: Date.now() };
  const count = (by) => () => {
    state.open += by;
    state.changed = Date.now();
  };
  page.on("request", count(1));
  page.on("requestfinished", count(-1));
  page.on("requestfailed", count(-1));
  asking.set(page, state);
}

/** Nothing is asked any more, and nothing on the page says that it is being loaded. */
export async function settle(page) {
  const state = asking.get(page);
  const deadline = Date.now() + SETTLE_MS;
  const loading = () => page.evaluate(() => document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') !== null);
  while (Date.now() < deadline) {
    const quiet = state.open <= 0 && Date.now() - state.changed >= QUIET_MS;
    if (quiet && !(await loading()) && Date.now() - state.changed >= QUIET_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function picture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
