/**
 * Builds and packs the package, installs it in an empty folder and uses it from there: the files are the right ones, its types are found by each way in
 * which TypeScript resolves modules, and Node runs it.
 */

import { execFileSync } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

const NAME = "@spindle-commerce/client";
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(PACKAGE, "../../node_modules");

const CONSUMER = `
import { createSpindle, paginate, unwrap, watchOrder, type Order } from "${NAME}";

const spindle = createSpindle({ baseUrl: "https://shop.example", fetch: async () => Response.json({ items: [{ id: "o1" }], next_cursor: null }) });
const { data, error } = await spindle.GET("/v1/orders", { params: { query: { status: "paid" } } });
if (error) {
  throw new Error(error.detail);
}
const first: Order | undefined = data.items[0];
for await (const order of paginate(spindle, "/v1/orders")) {
  const id: string = order.id;
  console.log(id === first?.id, watchOrder.name, unwrap.name);
}
`;

const folder = await mkdtemp(join(tmpdir(), "spindle-client-"));
try {
  await check();
} finally {
  await rm(folder, { recursive: true });
}

async function check(): Promise<void> {
  await rm(join(PACKAGE, "dist"), { recursive: true, force: true });
  run("npm", ["run", "--silent", "build"], PACKAGE);
  const { messages, pkg } = await publint({ pkgDir: PACKAGE, strict: true });
  expect(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );

  const packed = run(
    "npm",
    ["pack", "--json", "--pack-destination", folder],
    PACKAGE,
  );
  const report = JSON.parse(packed.slice(packed.indexOf("["))) as [Report];
  const files = report[0].files.map(({ path }) => path);
  const top = new Set(files.map((file) => file.split("/")[0]));
  expect([...top].sort(), [
    "LICENSE",
    "README.md",
    "dist",
    "package.json",
    "src",
  ]);
  for (const name of ["dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
    expect(files.includes(name), true);
  }

  // As a package manager lays it out.
  const installed = join(folder, "node_modules", NAME);
  await mkdir(installed, { recursive: true });
  run(
    "tar",
    [
      "-xzf",
      join(folder, report[0].filename),
      "--strip-components=1",
      "-C",
      installed,
    ],
    folder,
  );
  for (const name of ["openapi-fetch", "openapi-typescript-helpers"]) {
    await symlink(join(MODULES, name), join(folder, "node_modules", name));
  }
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "consumer.ts"), CONSUMER);
  const tsc = join(MODULES, "typescript/bin/tsc");
  for (const [module, resolution] of [
    ["node16", "node16"],
    ["esnext", "bundler"],
  ] as const) {
    run(
      process.execPath,
      [
        ...[tsc, "--strict", "--target", "es2022", "--lib", "es2022,dom"],
        ...["--module", module, "--moduleResolution", resolution],
        "consumer.ts",
      ],
      folder,
    );
  }
  expect(
    run(process.execPath, ["consumer.js"], folder),
    "true watchOrder unwrap\n",
  );

  // What Node alone has would fail in a browser and in a Worker.
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const text = await readFile(join(installed, file), "utf8");
    expect(/\bprocess\.|\bBuffer\b|["']node:/.exec(text)?.[0], undefined);
  }
  console.log(`${NAME}: ${files.length} files, ${report[0].size} bytes`);
}

interface Report {
  filename: string;
  size: number;
  files: { path: string }[];
}

function run(command: string, parameters: string[], cwd: string): string {
  // The output of a compiler is on stdout.
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  return execFileSync(command, parameters, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function expect(actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [actual, expected].map((value) =>
    JSON.stringify(value),
  );
  if (is !== shouldBe) {
    throw new Error(`${is} should be ${shouldBe}`);
  }
}
