import { describe, expect, it, vi } from "vitest";
import type {
  Order,
  PlaceOrderRequest,
  Problem,
} from "@spindle-commerce/client";
import {
  beginAttempt,
  endAttempt,
  isFresh,
  isUnanswered,
  openAttempt,
  sendAttempt,
} from "./checkout-attempt";
import type { Outcome } from "./problems";
import { unreachable } from "./problems";
import { memoryStore } from "./storage";

const HOUR = 60 * 60 * 1000;

function body(token: string): PlaceOrderRequest {
  return {
    items: [{ product_id: "p", quantity: 1 }],
    payment_method: { token },
    shipping_address_id: "a",
  };
}

function problem(type: string, status: number): Problem {
  return {
    type: `https://spindle.dev/problems/${type}`,
    title: type,
    status,
    detail: "",
    instance: "",
    request_id: "",
  };
}

const placed: Outcome<Order> = {
  data: { id: "order" } as Order,
  response: new Response(),
};
const refused = (type: string, status: number): Outcome<Order> => ({
  problem: problem(type, status),
});

describe("an attempt to place an order", () => {
  it("has one key from its first request to its answer", () => {
    const store = memoryStore();
    const first = beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_ok") },
      0,
    );
    const again = beginAttempt(
      store,
      { newKey: "two", userId: "ada", body: body("pm_ok") },
      1,
    );
    expect(again).toEqual(first);
    expect(openAttempt(store, "ada", 2)).toEqual(first);
  });

  it("takes another key once it is answered", () => {
    const store = memoryStore();
    beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_ok") },
      0,
    );
    expect(endAttempt(store, "one")).toBe(true);
    expect(endAttempt(store, "one")).toBe(false);
    expect(openAttempt(store, "ada", 1)).toBeUndefined();
    expect(
      beginAttempt(
        store,
        { newKey: "two", userId: "ada", body: body("pm_ok") },
        1,
      ).key,
    ).toBe("two");
  });

  it("is not ended by the answer to another", () => {
    const store = memoryStore();
    beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_ok") },
      0,
    );
    expect(endAttempt(store, "older")).toBe(false);
    expect(openAttempt(store, "ada", 1)?.key).toBe("one");
  });

  it("keeps its key when the customer changes something before the answer, and remembers what was sent", () => {
    const store = memoryStore();
    beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_timeout") },
      0,
    );
    const changed = beginAttempt(
      store,
      { newKey: "two", userId: "ada", body: body("pm_ok") },
      1,
    );
    expect(changed).toMatchObject({
      key: "one",
      body: body("pm_ok"),
      earlier: [body("pm_timeout")],
    });
  });

  it("belongs to its user", () => {
    const store = memoryStore();
    beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_ok") },
      0,
    );
    expect(openAttempt(store, "grace", 1)).toBeUndefined();
    expect(
      beginAttempt(
        store,
        { newKey: "two", userId: "grace", body: body("pm_ok") },
        1,
      ),
    ).toMatchObject({ key: "two", earlier: [] });
  });

  it("goes on by itself for a few minutes, and is forgotten before the platform forgets its key", () => {
    const store = memoryStore();
    const attempt = beginAttempt(
      store,
      { newKey: "one", userId: "ada", body: body("pm_ok") },
      0,
    );
    expect(isFresh(attempt, HOUR / 60)).toBe(true);
    expect(isFresh(attempt, HOUR)).toBe(false);
    expect(openAttempt(store, "ada", HOUR)).toBeDefined();
    expect(openAttempt(store, "ada", 24 * HOUR)).toBeUndefined();
  });

  it("is none if what is stored is of another form", () => {
    const store = memoryStore();
    store.setItem("spindle-shop.checkout", '{"key":1}');
    expect(openAttempt(store, "ada", 0)).toBeUndefined();
    store.setItem("spindle-shop.checkout", "{");
    expect(openAttempt(store, "ada", 0)).toBeUndefined();
  });
});

describe("sending an attempt", () => {
  const attempt = {
    key: "one",
    userId: "ada",
    body: body("pm_ok"),
    earlier: [body("pm_timeout")],
    startedAt: 0,
  };

  it("returns the answer to its body", async () => {
    const post = vi.fn(async () => placed);
    expect(await sendAttempt(attempt, post)).toEqual({
      outcome: placed,
      body: body("pm_ok"),
    });
    expect(post).toHaveBeenCalledExactlyOnceWith("one", body("pm_ok"));
  });

  it("returns the order of an earlier body that had reached the platform", async () => {
    const post = vi.fn(async (_: string, sent: PlaceOrderRequest) =>
      sent.payment_method.token === "pm_timeout"
        ? placed
        : refused("idempotency-key-reused", 422),
    );
    expect(await sendAttempt(attempt, post)).toEqual({
      outcome: placed,
      body: body("pm_timeout"),
    });
  });

  it("returns the refusal if the key belongs to no body that it knows", async () => {
    const reused = refused("idempotency-key-reused", 422);
    expect(await sendAttempt(attempt, async () => reused)).toEqual({
      outcome: reused,
      body: body("pm_ok"),
    });
  });
});

describe("a problem", () => {
  it("leaves open if the order is placed where the platform did not decide", () => {
    expect(isUnanswered(unreachable())).toBe(true);
    expect(isUnanswered(problem("unavailable", 503))).toBe(true);
    expect(isUnanswered(problem("rate-limited", 429))).toBe(true);
    expect(isUnanswered(problem("idempotency-key-in-flight", 409))).toBe(true);
  });

  it("is an answer where it did", () => {
    expect(isUnanswered(problem("conflict", 409))).toBe(false);
    expect(isUnanswered(problem("price-changed", 409))).toBe(false);
    expect(isUnanswered(problem("validation-failed", 422))).toBe(false);
    expect(isUnanswered(problem("unauthorized", 401))).toBe(false);
  });
});
