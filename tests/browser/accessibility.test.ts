// Every page of the storefront, for axe in light and dark, on a phone, and with the keyboard alone.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { assertAccessible, assertLegible, assertNoHorizontalScroll } from "./axe.ts";
import { PASSWORD, uniqueEmail } from "./api.ts";
import { pageTest } from "./page-test.ts";
import { LAPTOP, PHONE } from "./page.ts";
import {
  addToCart,
  fillAddress,
  goToCheckout,
  heading,
  newProduct,
  placeOrderButton,
  register,
  setStock,
  waitForStatus,
} from "./storefront.ts";

/** Opens a page of the storefront, and waits until it shows this heading. */
async function open(page: Page, path: string, title: string | RegExp): Promise<void> {
  await page.goto(`/shop${path}`);
  await heading(page, title).waitFor();
  // Lists arrive after the heading. The network may be busy for longer: what the browser shows from its cache, it asks for again in the background.
  for (const waiting of [page.getByText(/^Loading/), page.locator("[aria-busy=true]")]) {
    await waiting.first().waitFor({ state: "detached" });
  }
}

/** Calls `check` on every page, in the states that a customer sees them in. */
async function onEveryPage(page: Page, check: (page: Page) => Promise<void>): Promise<void> {
  const [product, soldOut] = [await newProduct(9), await newProduct(1)];
  const visit = async (path: string, title: string | RegExp) => {
    await open(page, path, title);
    await check(page);
  };
  await visit("/", "Things that are made to be used");
  await visit("/products", "All products");
  await visit("/products?q=nothing-has-this-name", /^Results for/);
  await visit(`/products/${product.id}`, product.name);
  await visit("/cart", "Cart");
  await visit("/log-in", "Log in");
  await page.getByRole("textbox", { name: "E-mail" }).fill(uniqueEmail());
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").first().waitFor();
  await check(page);
  await visit("/register", "Create an account");
  await visit("/nowhere", "Page not found");

  await register(page);
  await addToCart(page, product);
  await addToCart(page, soldOut);
  await setStock(soldOut, 0);
  await visit("/cart", "Cart");
  await page.getByRole("button", { name: `Remove ${soldOut.name}` }).click();
  await goToCheckout(page);
  await check(page);
  await fillAddress(page);
  await placeOrderButton(page).click();
  await waitForStatus(page, "Paid");
  await check(page);
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("dialog", { name: "Cancel this order?" }).waitFor();
  await check(page);
  await visit("/orders", "Orders");
  await visit("/account", "Account");
}

// A customer who is not registered logs in.
const expected = ["POST /v1/auth/login 401"];

pageTest("axe finds nothing serious on any page, on a laptop in light and on a phone in dark", { ...LAPTOP, colorScheme: "light", expected }, async (page) => {
  await onEveryPage(page, async () => {
    await assertAccessible(page);
    await assertNoHorizontalScroll(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize(PHONE.viewport);
    await assertLegible(page);
    await assertNoHorizontalScroll(page);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(LAPTOP.viewport);
  });
});

pageTest("light and dark differ", { ...LAPTOP, colorScheme: "light" }, async (page) => {
  await open(page, "/", "Things that are made to be used");
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await background(), light);
});

pageTest("the keyboard alone leads from landing to a paid order", LAPTOP, async (page) => {
  const product = await newProduct(5);
  await open(page, "/", "Things that are made to be used");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to content", "the first stop skips the banner");
  await tabTo(page, "searchbox", "Search products");
  await page.keyboard.type(product.word);
  await page.keyboard.press("Enter");
  await heading(page, /^Results for/).waitFor();
  await tabTo(page, "link", product.name);
  await page.keyboard.press("Enter");
  await heading(page, product.name).waitFor();
  await tabTo(page, "button", "Add to cart");
  await page.keyboard.press("Enter");
  await tabTo(page, "link", "View cart");
  await page.keyboard.press("Enter");
  await tabTo(page, "link", "Check out");
  await page.keyboard.press("Enter");

  await tabTo(page, "link", "Create an account");
  await page.keyboard.press("Enter");
  await heading(page, "Create an account").waitFor();
  await tabTo(page, "textbox", "E-mail");
  await page.keyboard.type(uniqueEmail());
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");

  await heading(page, "Checkout").waitFor();
  for (const [name, text] of [["Recipient", "Edith"], ["Street and house", "1 Main St"], ["Postal code", "10115"], ["City", "Berlin"]] as const) {
    await tabTo(page, "textbox", name);
    await page.keyboard.type(text);
  }
  await tabTo(page, "combobox", "Country");
  await page.keyboard.type("Germany");
  await tabTo(page, "radio", "A card that pays");
  await page.keyboard.press("Space");
  await tabTo(page, "button", "Place order");
  await page.keyboard.press("Enter");
  await waitForStatus(page, "Paid");
});

/** Moves the focus with Tab until it is on the element with this role and name, each stop of which has to be visible. */
async function tabTo(page: Page, role: Parameters<Page["getByRole"]>[0], name: string): Promise<void> {
  const STOPS = 100;
  const target = page.getByRole(role, { name }).first();
  await target.waitFor();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    assert.ok(await hasVisibleFocus(page), `the focus on "${await focused(page)}" can be seen`);
  }
  assert.fail(`${STOPS} stops of the Tab key do not lead to ${role} "${name}"`);
}

/** Returns the text of the element with the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.textContent?.trim() || element?.getAttribute("aria-label") || element?.outerHTML.slice(0, 80) || "";
  });
}

/** Returns whether the element with the focus, or what CSS draws after it, has an outline; true if no element has the focus. */
function hasVisibleFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return true;
    return [undefined, "::after"].some((part) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
      return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
    });
  });
}
