// The API reference at /docs.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { call, customer, PASSWORD } from "./api.ts";
import { assertAccessible, assertLegible, assertNoHorizontalScroll } from "./axe.ts";
import { pageTest } from "./page-test.ts";
import { LAPTOP, openPage, PHONE } from "./page.ts";

interface Document {
  paths: Record<string, Record<string, { summary: string }>>;
}

/** Opens the reference, and waits until it shows the document. */
async function open(page: Page): Promise<void> {
  await page.goto("/docs");
  await page.getByRole("heading", { level: 1, name: "Spindle" }).waitFor();
  await page.waitForLoadState("networkidle");
}

/** Logs in with the button of the page. */
async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Log in" });
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("Password").fill(password);
  await dialog.getByRole("button", { name: "Log in" }).click();
}

/** Opens every group of the list at the side. */
async function openGroups(page: Page): Promise<void> {
  const closed = page.getByRole("button", { name: /^Open Group/ });
  for (let left = await closed.count(); left > 0; left -= 1) {
    await closed.first().click();
  }
}

pageTest("the reference lists every operation of the instance, by its name", LAPTOP, async (page) => {
  const { paths } = await call<Document>("GET", "/openapi.json");
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary }]) => `${method.toUpperCase()} ${path}: ${summary}`),
  );
  await open(page);
  await openGroups(page);
  const listed = await page.locator("aside a[href*='#tag/']").evaluateAll((links) =>
    links.flatMap((link) => {
      const [, method, path] = /^#tag\/[^/]+\/([A-Z]+)(\/.*)$/.exec(link.getAttribute("href") ?? "") ?? [];
      // The text ends with the method, for screen readers.
      return path === undefined ? [] : [`${method} ${path}: ${(link.textContent ?? "").split("HTTP Method")[0]?.trim()}`];
    }),
  );
  assert.ok(described.length > 50, `the document has ${described.length} operations`);
  assert.deepEqual(listed.sort(), described.sort());
});

pageTest("a log-in and a call with its token succeed from the page", LAPTOP, async (page) => {
  const { email } = await customer();
  await open(page);
  await logIn(page, email, PASSWORD);
  await page.getByRole("status").filter({ hasText: `${email} (customer)` }).waitFor();

  await openGroups(page);
  await page.getByRole("link", { name: /^Get the own user/ }).click();
  await page.getByRole("button", { name: /^Test Request\s*\(get \/v1\/users\/me\)$/ }).click();
  const client = page.getByRole("dialog").filter({ hasText: "Get the own user" });
  const [response] = await Promise.all([
    page.waitForResponse((candidate) => new URL(candidate.url()).pathname === "/v1/users/me"),
    client.getByRole("button", { name: /^Send get request/ }).click(),
  ]);
  assert.equal(response.status(), 200);
  assert.equal(((await response.json()) as { email: string }).email, email);
  await client.getByText("200 OK").first().waitFor();
  await client.getByText(email).first().waitFor();
  await assertAccessible(page);
});

pageTest("an order can be sent without a key of one's own", { ...PHONE, expected: ["POST /v1/orders 401"] }, async (page) => {
  await open(page);
  await page.goto("/docs#tag/orders/POST/v1/orders");
  await page.getByRole("button", { name: /^Test Request\s*\(post \/v1\/orders\)$/ }).click();
  const [request] = await Promise.all([
    page.waitForRequest((candidate) => new URL(candidate.url()).pathname === "/v1/orders"),
    page.getByRole("dialog").getByRole("button", { name: /^Send post request/ }).click(),
  ]);
  assert.match(request.headers()["idempotency-key"] ?? "", /^[0-9a-f]{32}$/);
  await page.getByText("401 Unauthorized").first().waitFor();
});

pageTest("a log-in with a wrong password says so", { ...LAPTOP, expected: ["POST /v1/auth/login 401"] }, async (page) => {
  const { email } = await customer();
  await open(page);
  await logIn(page, email, "not the password");
  await page.getByRole("dialog", { name: "Log in" }).getByRole("alert").filter({ hasText: /password/ }).waitFor();
});

pageTest("axe finds nothing serious on the reference", { ...LAPTOP, colorScheme: "light" }, async (page) => {
  await open(page);
  await page.getByRole("link", { name: /^orders/ }).click();
  await page.getByRole("heading", { name: "Place an order" }).waitFor();
  await assertAccessible(page);
});

pageTest("light and dark differ", { ...LAPTOP, colorScheme: "light" }, async (page) => {
  await open(page);
  const text = () => page.getByRole("heading", { level: 1 }).first().evaluate((heading) => getComputedStyle(heading).color);
  const light = await text();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await open(page);
  assert.notEqual(await text(), light);
});

pageTest("the reference fits on a phone, and is legible in dark", { ...PHONE, colorScheme: "dark" }, async (page) => {
  await open(page);
  await assertNoHorizontalScroll(page);
  await assertLegible(page);
});

test("a page that breaks the rules is reported", async () => {
  const { page, violations, close } = await openPage(LAPTOP);
  try {
    await open(page);
    const blocked = page.waitForEvent("console", (message) => message.type() === "error");
    const reported = page.evaluate(
      () => new Promise((done) => document.addEventListener("securitypolicyviolation", () => setTimeout(done))),
    );
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("img"), { src: "https://example.com/pixel.png" })));
    await Promise.all([blocked, reported]);
  } finally {
    await close();
  }
  assert.ok(violations.some((violation) => violation.startsWith("CSP: img-src blocks https://example.com/pixel.png")), violations.join("\n"));
  assert.ok(violations.some((violation) => violation.startsWith("console: ")), violations.join("\n"));
});
