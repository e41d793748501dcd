// Accessibility, as axe-core checks it.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Fails if axe finds a serious or critical violation. */
export async function assertAccessible(page: Page): Promise<void> {
  await assertPasses(page, new AxeBuilder({ page }));
}

/** Fails if a text has too little contrast, which is all that another colour scheme can break. */
export async function assertLegible(page: Page): Promise<void> {
  await assertPasses(page, new AxeBuilder({ page }).withRules("color-contrast"));
}

async function assertPasses(page: Page, axe: AxeBuilder): Promise<void> {
  await endOfAnimations(page);
  // The pages have no frames. Without this mode the result is put together in a second page, which takes longer than the check.
  const { violations } = await axe.setLegacyMode().analyze();
  const found = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ""}`));
  assert.equal(found.length, 0, `${page.url()}:\n${found.slice(0, 20).join("\n")}`);
}

/** Waits for the end of all transitions: text that fades in has too little contrast until it is there. */
async function endOfAnimations(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(finite.map(({ finished }) => finished));
  });
}

/** Fails if the page is wider than the screen. */
export async function assertNoHorizontalScroll(page: Page): Promise<void> {
  const wider = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const elements = [...document.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return elements.map((element) => element.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wider, [], `${page.url()} scrolls sideways`);
}
