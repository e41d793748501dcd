import { describe, expect, test } from "vitest";

import { ProblemError, paginate } from "../src/index.js";
import { json, platform, problem } from "./platform.js";

const page = (ids: string[], next_cursor: string | null) =>
  json({ items: ids.map((id) => ({ id })), next_cursor });

describe("paginate", () => {
  test("yields the items of all pages, with the same filters", async () => {
    const pages = [page(["a", "b"], "c1"), page([], "c2"), page(["c"], null)];
    const { spindle, sent } = platform(() => pages.shift());
    const query = { q: "tea & cake", limit: 2 };
    const ids: string[] = [];
    for await (const { id } of paginate(spindle, "/v1/products", {
      params: { query },
    })) {
      ids.push(id);
    }
    expect(ids).toEqual(["a", "b", "c"]);
    const filters = "/v1/products?limit=2&q=tea%20%26%20cake";
    expect(sent.map(({ path }) => path)).toEqual([
      filters,
      `${filters}&cursor=c1`,
      `${filters}&cursor=c2`,
    ]);
  });

  test("reads no further page once the loop is left", async () => {
    const { spindle, sent } = platform(() => page(["a", "b"], "c1"));
    for await (const item of paginate(spindle, "/v1/products")) {
      expect(item.id).toBe("a");
      break;
    }
    expect(sent.map(({ path }) => path)).toEqual(["/v1/products?limit=100"]);
  });

  test("throws the problem of a page", async () => {
    const { spindle } = platform(() => problem("malformed-request", 400));
    const first = paginate(spindle, "/v1/products").next();
    await expect(first).rejects.toThrow(ProblemError);
    await expect(first).rejects.toMatchObject({
      problem: { status: 400 },
      response: { status: 400 },
    });
  });

  test("ends with its signal", async () => {
    const { spindle } = platform(() => page(["a"], null));
    const signal = AbortSignal.abort(new Error("enough"));
    const first = paginate(spindle, "/v1/products", { signal }).next();
    await expect(first).rejects.toThrow("enough");
  });
});
