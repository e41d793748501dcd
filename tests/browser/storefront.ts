// The steps of a customer in the storefront. Everything is found by its role and name, as a screen reader says them: examples/storefront/README.md
// has the list.

import { randomUUID } from "node:crypto";

import type { Locator, Page } from "playwright-core";

import { admin, call, PASSWORD, type Product, uniqueEmail } from "./api.ts";

/** The ways to pay of the sandbox. */
export type Payment = "A card that pays" | "A card that is declined";

/** The address that {@link fillAddress} types. */
export const STREET = "1 Lighthouse Road";

/** A product of a test: its name has a word that no other product has. */
export interface TestProduct extends Product {
  word: string;
}

/** Creates a product with this number of units on the shelf. */
export async function newProduct(stock: number): Promise<TestProduct> {
  const word = `lamp${randomUUID().slice(0, 8)}`;
  const body = {
    sku: word.toUpperCase(),
    name: `Harbour ${word}`,
    description: "A lamp for the end of a pier.",
    category: "lighting",
    price: { amount: 4900, currency: "EUR" },
    stock: { on_hand: stock },
  };
  const product = await call<Product>("POST", "/v1/products", { ...(await admin()), body });
  return { ...product, word };
}

/** Sets the number of units on the shelf. */
export async function setStock(product: Product, stock: number): Promise<void> {
  await call("PUT", `/v1/products/${product.id}/stock`, { ...(await admin()), body: { on_hand: stock } });
}

/** Sets the price in cents. */
export async function setPrice(product: Product, amount: number): Promise<void> {
  const body = { price: { amount, currency: "EUR" } };
  await call("PATCH", `/v1/products/${product.id}`, { ...(await admin()), body, headers: { "if-match": "*" } });
}

/** Puts one unit into the cart, from the product's page. */
export async function addToCart(page: Page, product: Product): Promise<void> {
  await page.goto(`/shop/products/${product.id}`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "View cart" }).waitFor();
}

/** Goes from the product's page, or any other, to the checkout of a customer who is logged in. */
export async function goToCheckout(page: Page): Promise<void> {
  await page.getByRole("banner").getByRole("link", { name: /^Cart,/ }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await heading(page, "Checkout").waitFor();
}

/** Registers a new customer in the form that the page shows, and returns the e-mail address. */
export async function fillRegistration(page: Page): Promise<string> {
  const email = uniqueEmail();
  await page.getByRole("textbox", { name: "Name (optional)" }).fill("Edith");
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  return email;
}

/** Registers a new customer from the page for it, and returns the e-mail address. */
export async function register(page: Page): Promise<string> {
  await page.goto("/shop/register");
  const email = await fillRegistration(page);
  await page.getByRole("banner").getByRole("link", { name: "Account" }).waitFor();
  return email;
}

/** Types the address of the delivery. */
export async function fillAddress(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Recipient" }).fill("Edith");
  await page.getByRole("textbox", { name: "Street and house" }).fill(STREET);
  await page.getByRole("textbox", { name: "Postal code" }).fill("10115");
  await page.getByRole("textbox", { name: "City" }).fill("Berlin");
  await page.getByRole("combobox", { name: "Country" }).selectOption({ label: "Germany" });
}

/** Chooses a way to pay. */
export async function choosePayment(page: Page, payment: Payment): Promise<void> {
  await page.getByRole("radio", { name: payment }).check();
}

/** Returns the button that places the order. */
export function placeOrderButton(page: Page): Locator {
  return page.getByRole("button", { name: "Place order" });
}

/** Waits until the page of the order shows this status. */
export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page.getByRole("status", { name: "Order status" }).filter({ hasText: status }).waitFor();
}

/** Returns the heading of the page. */
export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name });
}
