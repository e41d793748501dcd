/**
 * The build of the storefront: hashed files for `/shop/`, without inline scripts or styles, the same bytes from the same sources.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const platform = process.env["SPINDLE_URL"] ?? "http://127.0.0.1:3000";
const site = fileURLToPath(
  new URL("../../components/shop/site", import.meta.url),
);

/** The paths that the platform answers while the pages come from Vite. */
const proxy = Object.fromEntries(
  ["/v1", "/openapi.json", "/.well-known"].map((path) => [path, platform]),
);

/** The policy with which the platform serves the pages; `vite preview` uses it as well, so that a breach shows before it is built in. */
const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
};

/** Returns the text of the licence of a package, wherever npm has put the package. */
function licence(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders
    .map((folder) => join(folder, name, "LICENSE"))
    .find(existsSync);
  if (file === undefined) throw new Error(`${name} has no LICENSE`);
  return readFileSync(file, "utf8").trim();
}

/** Writes the licences of what becomes part of the pages, which demand to be passed on, to `licences.txt`. */
function licences(names: readonly string[]): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle() {
      const source = names
        .map((name) => `${name}\n\n${licence(name)}\n`)
        .join("\n\n");
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

export default defineConfig({
  base: "/shop/",
  plugins: [
    licences([
      "preact",
      "preact-iso",
      "@preact/signals",
      "openapi-fetch",
      "@fontsource-variable/figtree",
    ]),
  ],
  // The client's TypeScript is part of this build, so that it need not be built first.
  resolve: {
    conditions: ["@spindle-commerce/source", ...defaultClientConditions],
  },
  ssr: {
    resolve: {
      conditions: ["@spindle-commerce/source", ...defaultServerConditions],
    },
  },
  build: {
    outDir: process.env["OUT_DIR"] ?? site,
    emptyOutDir: true,
    target: "es2022",
    // A file of its own for each asset: the policy forbids fonts and styles in `data:`.
    assetsInlineLimit: 0,
    // Every browser of the target knows `modulepreload`.
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy },
  preview: { host: "127.0.0.1", proxy, headers },
  test: { include: ["src/**/*.test.ts"] },
});
