// Builds the component: `npm run build` writes notify-js.wasm, `npm run build -- FILE` that file.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { componentize } from "@bytecodealliance/componentize-js";

// Absolute, because componentize-js resolves a relative path inside its own package.
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { name } = JSON.parse(await readFile(here("package.json"), "utf8"));
const output = process.argv[2] ?? here(`${name}.wasm`);
const { component } = await componentize({
  sourcePath: here("provider.js"),
  witPath: here("wit"),
  worldName: "provider",
  // Otherwise it would be a web server as well.
  disableFeatures: ["fetch-event"],
});
await writeFile(output, component);
console.log(`${output}: ${component.byteLength} bytes`);
