// A page in a context of its own, watched for the rules that hold for all pages: no error on the console, no violation of the content security
// policy, no request to another origin, no response with an error that was not expected.

import type { BrowserContextOptions, Response } from "playwright-core";

import { browser, origin } from "./browser.ts";

/** The longest wait for something to appear. The machine may be busy with other tests. */
const PATIENCE = 30_000;

/** A phone. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

/** A laptop. */
export const LAPTOP = { viewport: { width: 1280, height: 800 } } as const;

/** What a page did against the rules, a sentence each. */
export type Violations = string[];

/** The options of a page: those of its context, and the error responses that are part of the test, such as "POST /v1/orders 409". */
export interface PageOptions extends BrowserContextOptions {
  expected?: readonly string[];
}

/** Opens a page in a context of its own, and watches it. */
export async function openPage({ expected = [], ...options }: PageOptions) {
  const context = await (await browser()).newContext({ ...LAPTOP, baseURL: origin, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const violations: Violations = [];
  await page.exposeBinding("reportViolation", (_, text: string) => void violations.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = Reflect.get(globalThis, "reportViolation") as (text: string) => void;
      report(`${event.effectiveDirective} blocks ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  page.on("console", (message) => {
    // The console repeats responses with an error, which are reported below with their status.
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource")) {
      violations.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => violations.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isLocal = url.origin === origin || ["data:", "blob:"].includes(url.protocol);
    if (!isLocal) violations.push(`a request to another origin: ${request.url()}`);
  });
  page.on("response", (response) => {
    const summary = summaryOf(response);
    if (response.status() >= 400 && !expected.includes(summary)) violations.push(`a response: ${summary}`);
  });
  return { page, violations, close: () => context.close() };
}

function summaryOf(response: Response): string {
  return `${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`;
}
