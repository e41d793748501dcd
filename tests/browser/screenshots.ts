// Writes the screenshots of the README into docs/images, from the instance at SPINDLE_URL (http://127.0.0.1:3000), which has the demo catalog.

import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";

import { type Product, call } from "./api.ts";
import { closeBrowser } from "./browser.ts";
import { LAPTOP, openPage } from "./page.ts";
import { addToCart, fillAddress, goToCheckout, heading, placeOrderButton, register, waitForStatus } from "./storefront.ts";

const FOLDER = fileURLToPath(new URL("../../docs/images/", import.meta.url));

/** Larger images make the repository slow to clone. */
const LARGEST = 200_000;

async function save(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > LARGEST) throw new Error(`${path} is larger than ${LARGEST} bytes`);
}

mkdirSync(FOLDER, { recursive: true });
const { page, violations, close } = await openPage({ ...LAPTOP, colorScheme: "light", locale: "en-GB", timezoneId: "Europe/Berlin" });
try {
  await page.goto("/docs#tag/orders/POST/v1/orders");
  await page.getByRole("heading", { name: "Place an order" }).waitFor();
  await save(page, "reference");

  await page.goto("/shop/");
  await page.getByRole("region", { name: "New in" }).getByRole("link").first().waitFor();
  await save(page, "shop");

  const products = await call<{ items: Product[] }>("GET", "/v1/products?in_stock=true&limit=2&sort=name");
  await register(page);
  for (const product of products.items) await addToCart(page, product);
  await goToCheckout(page);
  await fillAddress(page);
  await placeOrderButton(page).click();
  await heading(page, /^Order /).waitFor();
  await waitForStatus(page, "Paid");
  await save(page, "order");
  if (violations.length > 0) throw new Error(violations.join("\n"));
} finally {
  await close();
  await closeBrowser();
}
