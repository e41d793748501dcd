// The storefront, from landing to a paid order, and what can go wrong on the way.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { call, logIn, PASSWORD } from "./api.ts";
import { pageTest } from "./page-test.ts";
import { LAPTOP, openPage } from "./page.ts";
import {
  addToCart,
  choosePayment,
  fillAddress,
  fillRegistration,
  goToCheckout,
  heading,
  newProduct,
  placeOrderButton,
  register,
  setPrice,
  setStock,
  STREET,
  type TestProduct,
  waitForStatus,
} from "./storefront.ts";

/** The most bytes, compressed, that the landing page may load before it can be used. */
const BUDGET = 100_000;

interface Order {
  id: string;
  status: string;
}

async function ordersOf(email: string): Promise<Order[]> {
  const user = await logIn(email, PASSWORD);
  return (await call<{ items: Order[] }>("GET", "/v1/orders", user)).items;
}

/** Brings a new customer to the checkout with one product, and returns the e-mail address. */
async function checkOut(page: Page, product: TestProduct): Promise<string> {
  const email = await register(page);
  await addToCart(page, product);
  await goToCheckout(page);
  await fillAddress(page);
  return email;
}

pageTest("a visitor searches, registers, orders, sees the payment, and cancels", LAPTOP, async (page) => {
  const product = await newProduct(5);
  await page.goto("/shop/");
  await page.getByRole("searchbox", { name: "Search products" }).fill(product.word);
  await page.getByRole("search", { name: "Products" }).getByRole("button", { name: "Search" }).click();
  await heading(page, /^Results for/).waitFor();
  await page.getByRole("list", { name: "Products" }).getByRole("link", { name: product.name }).click();
  await heading(page, product.name).waitFor();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "View cart" }).click();
  await page.getByRole("banner").getByRole("link", { name: "Cart, 1 item" }).waitFor();
  await page.getByRole("link", { name: "Check out" }).click();

  await page.getByRole("link", { name: "Create an account" }).click();
  const email = await fillRegistration(page);
  await heading(page, "Checkout").waitFor();
  await fillAddress(page);
  await choosePayment(page, "A card that pays");
  await placeOrderButton(page).click();

  await heading(page, /^Order /).waitFor();
  await waitForStatus(page, "Paid");
  const timeline = page.getByRole("list", { name: "Timeline of the order" }).getByRole("listitem");
  assert.ok((await timeline.count()) >= 2, "the timeline has the order and its payment");
  await page.getByRole("banner").getByRole("link", { name: "Cart, empty" }).waitFor();
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("dialog", { name: "Cancel this order?" }).getByRole("button", { name: "Yes, cancel it" }).click();
  await waitForStatus(page, "Cancelled");
  const orders = await ordersOf(email);
  assert.deepEqual(orders.map(({ status }) => status), ["cancelled"]);
});

pageTest("a declined card cancels the order, and the page says so", LAPTOP, async (page) => {
  const email = await checkOut(page, await newProduct(5));
  await choosePayment(page, "A card that is declined");
  await placeOrderButton(page).click();
  await waitForStatus(page, "Cancelled");
  await page.getByText(/declined/).first().waitFor();
  const orders = await ordersOf(email);
  assert.deepEqual(orders.map(({ status }) => status), ["cancelled"]);
});

pageTest(
  "a product that sells out between cart and checkout is named, and can be removed",
  { ...LAPTOP, expected: ["POST /v1/orders 409"] },
  async (page) => {
    const [sold, left] = [await newProduct(1), await newProduct(5)];
    await register(page);
    await addToCart(page, left);
    await addToCart(page, sold);
    await goToCheckout(page);
    await fillAddress(page);
    await setStock(sold, 0);
    await placeOrderButton(page).click();
    const alert = page.getByRole("alert").filter({ hasText: "Not enough in stock" });
    await alert.getByRole("button", { name: `Remove ${sold.name}` }).click();
    // The address is still there.
    await placeOrderButton(page).click();
    await waitForStatus(page, "Paid");
    const items = page.getByRole("region", { name: "Items" });
    await items.getByText(left.name).waitFor();
    assert.equal(await items.getByText(sold.name).count(), 0);
  },
);

pageTest(
  "a price that rises between cart and checkout is shown, and has to be accepted",
  { ...LAPTOP, expected: ["POST /v1/orders 409"] },
  async (page) => {
    const product = await newProduct(5);
    await checkOut(page, product);
    await setPrice(product, 5900);
    await placeOrderButton(page).click();
    const alert = page.getByRole("alert").filter({ hasText: "A price has changed" });
    await alert.getByRole("button", { name: "Accept the new prices" }).click();
    await placeOrderButton(page).click();
    await waitForStatus(page, "Paid");
    await page.getByText("59.00").first().waitFor();
  },
);

pageTest("an address that is saved at the checkout is offered at the next one", LAPTOP, async (page) => {
  const product = await newProduct(5);
  await checkOut(page, product);
  await page.getByRole("checkbox", { name: "Save this address to my account" }).check();
  await page.getByRole("textbox", { name: "Label (optional)" }).fill("Home");
  await placeOrderButton(page).click();
  await waitForStatus(page, "Paid");

  await addToCart(page, product);
  await goToCheckout(page);
  await page.getByRole("group", { name: "Delivery address" }).getByRole("radio", { name: /Home/ }).check();
  await placeOrderButton(page).click();
  await waitForStatus(page, "Paid");
  await page.getByRole("region", { name: "Delivery address" }).getByText(STREET).waitFor();
  await page.goto("/shop/account");
  await page.getByRole("region", { name: "Addresses" }).getByRole("button", { name: "Edit Home" }).waitFor();
});

pageTest("a reload keeps session and cart, and logging out ends both", LAPTOP, async (page) => {
  await register(page);
  await addToCart(page, await newProduct(5));
  await page.reload();
  const banner = page.getByRole("banner");
  await banner.getByRole("link", { name: "Cart, 1 item" }).waitFor();
  await banner.getByRole("link", { name: "Account" }).click();
  await heading(page, "Account").waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await banner.getByRole("link", { name: "Log in" }).waitFor();
  await page.reload();
  await banner.getByRole("link", { name: "Log in" }).waitFor();
});

pageTest("a double click places one order", LAPTOP, async (page) => {
  const email = await checkOut(page, await newProduct(5));
  await placeOrderButton(page).dblclick();
  await waitForStatus(page, "Paid");
  assert.equal((await ordersOf(email)).length, 1);
});

pageTest("the landing page is light: its first load is below 100 kB", LAPTOP, async (page) => {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const urls = new Map<string, string>();
  const sizes = new Map<string, number>();
  network.on("Network.requestWillBeSent", ({ requestId, request }) => void urls.set(requestId, request.url));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => void sizes.set(requestId, encodedDataLength));
  const encodings = new Map<string, string | undefined>();
  page.on("response", (response) => void encodings.set(response.url(), response.headers()["content-encoding"]));
  await page.goto("/shop/", { waitUntil: "networkidle" });
  await page.getByRole("region", { name: "New in" }).getByRole("link").first().waitFor();

  const loaded = [...sizes].map(([id, size]) => ({ url: urls.get(id) ?? id, size }));
  const total = loaded.reduce((sum, { size }) => sum + size, 0);
  const list = loaded.map(({ url, size }) => `${size} ${url}`).join("\n");
  assert.ok(loaded.some(({ url }) => url.endsWith(".js")), `a script is loaded:\n${list}`);
  assert.ok(total < BUDGET, `${total} bytes:\n${list}`);
  for (const [url, encoding] of encodings) {
    if (/\.(js|css)$/.test(url)) assert.equal(encoding, "gzip", url);
  }
});

pageTest("two customers who want the last unit: one gets it", { ...LAPTOP, expected: ["POST /v1/orders 409"] }, async (page) => {
  const last = await newProduct(1);
  await checkOut(page, last);
  const other = await openPage(LAPTOP);
  try {
    await checkOut(other.page, last);
    await placeOrderButton(other.page).click();
    await waitForStatus(other.page, "Paid");
    await placeOrderButton(page).click();
    await page.getByRole("alert").filter({ hasText: "Not enough in stock" }).waitFor();
  } finally {
    await other.close();
  }
  assert.deepEqual(other.violations, []);
});
