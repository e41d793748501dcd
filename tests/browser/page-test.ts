// A test with a page of its own, which fails as well if the page breaks a rule of page.ts.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import type { Page } from "playwright-core";

import { closeBrowser } from "./browser.ts";
import { openPage, type PageOptions } from "./page.ts";

after(closeBrowser);

/** Declares a test with a page. */
export function pageTest(name: string, options: PageOptions, body: (page: Page) => Promise<void>): void {
  test(name, async () => {
    const { page, violations, close } = await openPage(options);
    try {
      await body(page);
    } catch (error) {
      const file = await saveScreenshot(page, name);
      throw new Error([`at ${page.url()}${file}`, ...violations].join("\n"), { cause: error });
    } finally {
      await close();
    }
    assert.deepEqual(violations, [], "the page keeps the rules of all pages");
  });
}

/** Saves the page if there is a folder for it, and returns words that name the file. */
async function saveScreenshot(page: Page, name: string): Promise<string> {
  const folder = process.env["SPINDLE_SCREENSHOTS"];
  if (folder === undefined) return "";
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.png`);
  try {
    await page.screenshot({ path: file });
    return `, shown in ${file}`;
  } catch {
    // The browser may have ended.
    return "";
  }
}
