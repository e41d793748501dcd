/**
 * Writes schema.ts and operations.ts from the OpenAPI document of the platform into src, or into `$OUT_DIR`. `cargo xtask web --check` compares
 * them with the committed ones.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [name: string]: Json };

const HEAD =
  "// Generated from api-specs/openapi.json by `npm run generate`. Do not edit.\n\n";
const METHODS = ["get", "put", "post", "delete", "patch"];

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const text = await readFile(path("../../../api-specs/openapi.json"), "utf8");
const files = {
  "schema.ts": await schema(JSON.parse(text) as JsonObject),
  "operations.ts": operations(JSON.parse(text) as JsonObject),
};

const folder = process.env["OUT_DIR"] ?? path("../src");
await mkdir(folder, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(join(folder, name), content);
}

/** Returns the types of all operations and, by their names, those of all schemas. */
async function schema(document: JsonObject): Promise<string> {
  simplify(document);
  // The client makes a key if the caller gives none.
  object(at(document, "components", "parameters", "IdempotencyKey")).required =
    false;
  const nodes = await openapiTS(document as never, {
    alphabetize: false,
    // A member with a default may be left out of a request.
    defaultNonNullable: false,
  });
  const names = Object.entries(object(at(document, "components", "schemas")));
  const aliases = names.map(([name, value]) => {
    const description = object(value).description;
    const comment =
      typeof description === "string" ? `/** ${description} */\n` : "";
    return `${comment}export type ${name} = components["schemas"]["${name}"];\n`;
  });
  const types = `${astToString(nodes)}\n${aliases.join("")}`;
  return HEAD + types.replace(/[ \t]+$/gm, "");
}

/** Returns tables of the operations for which the client does more than to send a request. */
function operations(document: JsonObject): string {
  const anonymous: string[] = [];
  const optional: string[] = [];
  const keyed: string[] = [];
  for (const [template, item] of Object.entries(object(document.paths))) {
    for (const method of METHODS.filter((name) => name in object(item))) {
      const operation = object(at(item, method));
      const name = `${method.toUpperCase()} ${template}`;
      const security = operation.security as JsonObject[];
      if (security.length === 0) {
        anonymous.push(name);
      } else if (security.some((way) => Object.keys(way).length === 0)) {
        optional.push(name);
      }
      const parameters = (operation.parameters ?? []) as JsonObject[];
      if (parameters.some(({ $ref }) => /IdempotencyKey$/.test(String($ref)))) {
        keyed.push(name);
      }
    }
  }
  const table = (comment: string, name: string, values: string[]) => {
    const start = `/** ${comment} */\nexport const ${name}: readonly string[] = [`;
    const items = values.map((value) => JSON.stringify(value));
    return items.length === 1
      ? `${start}${items[0]}];\n`
      : `${start}\n${items.map((item) => `  ${item},\n`).join("")}];\n`;
  };
  return (
    HEAD +
    [
      table("Operations that take no access token.", "ANONYMOUS", anonymous),
      table(
        "Operations that work without an access token, and return more with one.",
        "OPTIONAL",
        optional,
      ),
      table("Operations that take an `Idempotency-Key`.", "KEYED", keyed),
    ].join("\n")
  );
}

/** Removes the rules that no type can express: they would turn up as `unknown` or `never`. The platform checks them. */
function simplify(value: Json | undefined): void {
  if (Array.isArray(value)) {
    value.forEach(simplify);
  } else if (value !== null && typeof value === "object") {
    for (const name of ["allOf", "oneOf", "anyOf"]) {
      const branches = value[name];
      if (Array.isArray(branches)) {
        const typed = branches.filter((branch) => isTyped(object(branch)));
        if (typed.length > 0) {
          value[name] = typed;
        } else {
          delete value[name];
        }
      }
    }
    // Each problem has its `type` as a constant already.
    delete value.discriminator;
    Object.values(value).forEach(simplify);
  }
}

/** Returns whether the schema describes a value by itself, instead of adding a rule to its parent. */
function isTyped(schema: JsonObject): boolean {
  return ["$ref", "type", "const", "enum", "allOf", "oneOf", "anyOf"].some(
    (keyword) => keyword in schema,
  );
}

function at(value: Json | undefined, ...names: string[]): Json | undefined {
  return names.reduce<Json | undefined>(
    (parent, name) => object(parent)[name],
    value,
  );
}

function object(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError(`not an object: ${JSON.stringify(value)}`);
  }
  return value;
}
