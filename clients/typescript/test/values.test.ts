import { describe, expect, test } from "vitest";

import {
  ProblemError,
  etagOf,
  formatMoney,
  idempotencyKey,
  unwrap,
} from "../src/index.js";
import { json, platform, problem } from "./platform.js";

describe("formatMoney", () => {
  test.each([
    [1_299, "EUR", "en", "€12.99"],
    [1_299, "EUR", "de", "12,99 €"],
    [-1_299, "USD", "en-US", "-$12.99"],
    [1_500, "JPY", "en", "¥1,500"],
    [1_500, "KWD", "en", "KWD 1.500"],
    [129_900, "HUF", "en", "HUF 1,299"],
    [129_950, "HUF", "en", "HUF 1,299.5"],
    [12_345, "CLF", "en", "CLF 1.2345"],
    [1_000_000_000_000, "EUR", "en", "€10,000,000,000.00"],
  ])("writes %d %s in %s as %s", (amount, currency, locale, text) => {
    const formatted = formatMoney({ amount, currency }, locale);
    expect(formatted.replaceAll(/\s/g, " ")).toBe(text);
  });

  test("takes the locale of the environment", () => {
    expect(formatMoney({ amount: 100, currency: "EUR" })).toContain("1");
  });
});

describe("an error", () => {
  test("without problem details, such as one of a proxy, has some", async () => {
    const headers = { "x-request-id": "r9", "content-encoding": "identity" };
    const page = () =>
      new Response("<h1>Bad gateway</h1>", {
        status: 502,
        statusText: "Bad Gateway",
        headers,
      });
    const { spindle } = platform(page, { retries: 0 });
    const { error } = await spindle.GET("/v1/categories");
    expect(error).toEqual({
      type: "about:blank",
      title: "Bad Gateway",
      status: 502,
      detail: "The response has no problem details.",
      instance: "/v1/categories",
      request_id: "r9",
    });
  });

  test("is thrown by `unwrap`, with the problem and the response", async () => {
    const { spindle } = platform(() => problem("conflict", 409));
    const call = unwrap(spindle.GET("/v1/categories"));
    await expect(call).rejects.toBeInstanceOf(ProblemError);
    await expect(call).rejects.toMatchObject({
      message: "409 conflict: It is conflict.",
      problem: { request_id: "r1" },
      response: { status: 409 },
    });
  });
});

describe("unwrap", () => {
  test("returns the data", async () => {
    const { spindle } = platform(() => json({ items: [] }));
    const data = await unwrap(spindle.GET("/v1/categories"));
    expect(data.items).toEqual([]);
  });

  test("returns nothing for a 204", async () => {
    const { spindle } = platform(() => new Response(null, { status: 204 }));
    expect(await unwrap(spindle.DELETE("/v1/auth/sessions"))).toBeUndefined();
  });

  test("throws for a 304, which has no data", async () => {
    const { spindle } = platform(() => new Response(null, { status: 304 }));
    await expect(unwrap(spindle.GET("/v1/categories"))).rejects.toThrow("304");
  });
});

test("the entity tag of a response is the one for `If-Match`", () => {
  expect(etagOf(json({}, 200, { etag: '"v1"' }))).toBe('"v1"');
  expect(() => etagOf(json({}))).toThrow("has no ETag");
});

test("the lines of an import are sent as they are", async () => {
  const { spindle, sent } = platform(() => json({ created: 1 }));
  await spindle.POST("/v1/products/import", {
    body: '{"sku":"A"}\n',
    headers: { "content-type": "application/x-ndjson" },
  });
  expect(sent[0]?.body).toEqual({ sku: "A" });
  expect(sent[0]?.headers.get("content-type")).toBe("application/x-ndjson");
});

test("a key is one that no other call has", () => {
  const keys = new Set(Array.from({ length: 1_000 }, idempotencyKey));
  expect(keys.size).toBe(1_000);
});
