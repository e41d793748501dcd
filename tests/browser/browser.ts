// Debian's Chromium, started once for each file of tests.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { type Browser, chromium } from "playwright-core";

/** The instance whose pages are tested. */
export const origin = new URL(process.env["SPINDLE_URL"] ?? "http://127.0.0.1:3000").origin;

let running: Promise<Browser> | undefined;

/** Returns the browser of this process. */
export function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: executable(),
    args: [
      // Grey edges of letters, which make smaller screenshots than coloured ones.
      "--disable-lcd-text",
      // Its sandbox does not work for root, who runs the tests in a container.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
  return running;
}

/** Ends the browser, if it was started. */
export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
}

function executable(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, "chromium")).find((file) => existsSync(file));
  if (found === undefined) throw new Error("chromium is not on PATH");
  return found;
}
