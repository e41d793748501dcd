import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { json, platform, problem, settled, waiting } from "./platform.js";

const ORDER = {
  items: [{ product_id: "p1", quantity: 1 }],
  payment_method: { token: "pm_ok" },
};
const busy = (headers = {}) => problem("unavailable", 503, headers);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a request that may be sent twice", () => {
  test("is repeated no earlier than `Retry-After` says", async () => {
    let attempts = 0;
    const { spindle, sent } = platform(() =>
      (attempts += 1) === 1
        ? busy({ "retry-after": "7" })
        : json({ items: [] }),
    );
    const call = spindle.GET("/v1/categories");
    await waiting();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(sent).toHaveLength(1);
    expect((await settled(call)).data).toEqual({ items: [] });
    expect(sent).toHaveLength(2);
  });

  test("is repeated when a proxy states the time as a date", async () => {
    vi.setSystemTime(new Date("2026-11-22T09:30:00Z"));
    let attempts = 0;
    const date = "Sun, 22 Nov 2026 09:30:05 GMT";
    const { spindle, sent } = platform(() =>
      (attempts += 1) === 1
        ? busy({ "retry-after": date })
        : json({ items: [] }),
    );
    const call = spindle.GET("/v1/categories");
    await waiting();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(sent).toHaveLength(1);
    expect((await settled(call)).data).toEqual({ items: [] });
  });

  test.each([429, 500, 502, 503, 504])(
    "is repeated after a %d",
    async (status) => {
      let attempts = 0;
      const { spindle } = platform(() =>
        (attempts += 1) === 1
          ? new Response("", { status })
          : json({ items: [] }),
      );
      const call = spindle.GET("/v1/categories");
      expect((await settled(call)).data).toEqual({ items: [] });
    },
  );

  test("is repeated after a lost connection", async () => {
    let attempts = 0;
    const { spindle } = platform(() =>
      (attempts += 1) <= 2 ? undefined : json({ items: [] }),
    );
    const call = spindle.GET("/v1/categories");
    expect((await settled(call)).data).toEqual({ items: [] });
  });

  test("is repeated as often as `retries` says, and the last response counts", async () => {
    const { spindle, sent } = platform(() => busy(), { retries: 2 });
    const call = spindle.GET("/v1/categories");
    expect((await settled(call)).error?.type).toBe(
      "https://spindle.dev/problems/unavailable",
    );
    expect(sent).toHaveLength(3);
  });

  test("throws the last failure if no connection holds", async () => {
    const { spindle, sent } = platform(() => undefined, { retries: 1 });
    const call = expect(spindle.GET("/v1/categories")).rejects.toThrow(
      "fetch failed",
    );
    await settled(call);
    expect(sent).toHaveLength(2);
  });

  test("is not repeated if `Retry-After` is longer than a window of the limits", async () => {
    const { spindle, sent } = platform(() => busy({ "retry-after": "3600" }));
    expect((await spindle.GET("/v1/categories")).response.status).toBe(503);
    expect(sent).toHaveLength(1);
  });

  test("is not repeated after a refusal", async () => {
    const { spindle, sent } = platform(() => problem("not-found", 404));
    const params = { path: { id: "p1" } };
    expect(
      (await spindle.GET("/v1/products/{id}", { params })).error?.status,
    ).toBe(404);
    expect(sent).toHaveLength(1);
  });

  test("waits no longer once it is aborted", async () => {
    const { spindle, sent } = platform(() => busy({ "retry-after": "7" }));
    const controller = new AbortController();
    const { signal } = controller;
    const call = expect(
      spindle.GET("/v1/categories", { signal }),
    ).rejects.toThrow("enough");
    await waiting();
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error("enough"));
    await call;
    expect(sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a POST", () => {
  test("without a key is sent once", async () => {
    const { spindle, sent } = platform(() => busy({ "retry-after": "1" }));
    const body = { email: "ada@example.com", password: "a lighthouse" };
    const { response } = await spindle.POST("/v1/auth/register", { body });
    expect(response.status).toBe(503);
    expect(sent).toHaveLength(1);
  });

  test("without a key is sent once if its connection is lost", async () => {
    const { spindle, sent } = platform(() => undefined);
    const params = { path: { id: "o1" } };
    await expect(
      spindle.POST("/v1/orders/{id}/cancel", { params }),
    ).rejects.toThrow();
    expect(sent).toHaveLength(1);
  });

  test("that takes a key gets one, which is the same for each attempt, like its body", async () => {
    let attempts = 0;
    const { spindle, sent } = platform(() =>
      (attempts += 1) <= 2 ? undefined : json({ id: "o1" }, 201),
    );
    const call = spindle.POST("/v1/orders", { body: ORDER });
    expect((await settled(call)).data).toEqual({ id: "o1" });
    const keys = new Set(
      sent.map(({ headers }) => headers.get("idempotency-key")),
    );
    expect([...keys]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(sent.map(({ body }) => body)).toEqual([ORDER, ORDER, ORDER]);
  });

  test("gets another key for another call", async () => {
    const { spindle, sent } = platform(() => json({ id: "o1" }, 201));
    await spindle.POST("/v1/orders", { body: ORDER });
    await spindle.POST("/v1/orders", { body: ORDER });
    const keys = sent.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test("keeps the key of its caller", async () => {
    const { spindle, sent } = platform(() => json({}, 202));
    const params = {
      path: { id: "p1" },
      header: { "Idempotency-Key": "mine" },
    };
    await spindle.POST("/v1/payments/{id}/refund", { params });
    expect(sent[0]?.headers.get("idempotency-key")).toBe("mine");
  });

  test("is repeated while an earlier attempt with its key is carried out", async () => {
    let attempts = 0;
    const { spindle } = platform(() =>
      (attempts += 1) === 1
        ? problem("idempotency-key-in-flight", 409, { "retry-after": "1" })
        : json({ id: "o1" }, 201),
    );
    const call = spindle.POST("/v1/orders", { body: ORDER });
    expect((await settled(call)).data).toEqual({ id: "o1" });
  });

  test("is not repeated after a conflict", async () => {
    const { spindle, sent } = platform(() => problem("conflict", 409));
    const { error } = await spindle.POST("/v1/orders", { body: ORDER });
    expect(error?.status).toBe(409);
    expect(sent).toHaveLength(1);
  });
});
