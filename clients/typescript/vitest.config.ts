import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Each test says what it waits for, so a slow machine is no failure.
    testTimeout: 60_000,
  },
});
