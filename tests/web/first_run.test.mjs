// From an empty system to a telephone that is registered, by nothing but the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaints, openBrowser, settle, signIn, SKIP, visit } from "./support/browser.mjs";
import { Phone } from "./support/phone.mjs";
import { Xivo } from "./support/xivo.mjs";

let xivo;
let browser;
before(async () => {
  if (SKIP) return;
  xivo = await Xivo.start("--no-example");
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await xivo?.close();
});

test("an empty system opens on the wizard, and the wizard ends with a registered telephone", { skip: SKIP }, async () => {
  const { page, errors } = await visit(browser, xivo, { language: "fr" });
  await signIn(page, xivo.password);
  await page.waitForURL("**/setup");
  await page.getByRole("button", { name: "Suivant" }).click();
  await page.getByLabel("Nom de l’entreprise").fill("Papeterie Dubois");
  await page.getByRole("button", { name: "Suivant" }).click();
  // Another plan than the one proposed, with a mistake on the way.
  await page.getByLabel("Utilisateurs, dernier numéro").fill("1999");
  await page.getByText("Les deux numéros doivent avoir autant de chiffres.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Suivant" }).isDisabled(), true);
  await page.getByLabel("Utilisateurs, dernier numéro").fill("179");
  await page.getByRole("button", { name: "Suivant" }).click();
  await page.getByLabel("Premières personnes").fill("Alice Martin\nBruno Lefèvre 120 bruno@example.com");
  await page.getByRole("cell", { name: "101", exact: true }).waitFor();
  await page.getByRole("button", { name: "Suivant" }).click();
  // The summary is what the daemon says would change, and nothing has changed yet.
  await page.getByText("Alice Martin").first().waitFor();
  assert.equal((await xivo.rest("GET", "/users")).body.total, 0);
  assert.deepEqual(await complaints(page), []);
  await page.getByRole("button", { name: "Appliquer" }).click();
  await page.getByRole("heading", { name: "Votre système est prêt" }).waitFor();

  const row = page.getByRole("row", { name: /Alice Martin/ });
  const [account, secret] = [await row.getByRole("cell").nth(1).innerText(), await row.locator("code").innerText()];
  assert.equal(account, "101");
  const phone = await Phone.open(xivo, { account, secret });
  assert.equal(await phone.register(), 200);
  await row.getByText("Enregistrée").waitFor();
  phone.close();

  assert.equal((await xivo.rest("GET", "/users")).body.total, 2);
  assert.equal((await xivo.rest("GET", "/general")).body.company, "Papeterie Dubois");
  await page.getByRole("link", { name: "Tableau de bord" }).first().click();
  await page.getByRole("heading", { name: "Papeterie Dubois" }).waitFor();
  await settle(page);
  assert.deepEqual(errors, []);
});
