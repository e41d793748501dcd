import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { watchOrder } from "../src/index.js";
import {
  type Answer,
  json,
  platform,
  problem,
  settled,
  waiting,
} from "./platform.js";

type State = { version: number; status: string; awaiting: string | null };

/** Answers as orders does: with the state of now, or 304 to those who have it. */
function order(now: () => State): Answer {
  return ({ path, headers }) => {
    const { version, status, awaiting } = now();
    const etag = `"v${version}"`;
    if (path === "/v1/orders/o1/timeline") {
      const what = awaiting && { what: awaiting, until: null };
      return json({ order_id: "o1", status, awaiting: what, items: [] });
    }
    return headers.get("if-none-match") === etag
      ? new Response(null, { status: 304, headers: { etag } })
      : json({ id: "o1", status }, 200, { etag });
  };
}

const PENDING = { version: 1, status: "pending_payment", awaiting: "money" };

async function all(watched: ReturnType<typeof watchOrder>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { order, timeline } of watched) {
    seen.push(`${order.status}, ${timeline.awaiting?.what ?? "done"}`);
  }
  return seen;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("watchOrder", () => {
  test("yields each change once, until the money of a cancelled order is returned", async () => {
    const states = [
      PENDING,
      PENDING,
      { version: 2, status: "paid", awaiting: "capture" },
      { version: 3, status: "paid", awaiting: "shipment" },
      { version: 4, status: "cancelled", awaiting: "refund" },
      { version: 4, status: "cancelled", awaiting: "refund" },
      { version: 5, status: "cancelled", awaiting: null },
    ];
    let index = -1;
    const answer = order(() => states[index] as State);
    const { spindle, to } = platform((sent, request) => {
      index += sent.path.endsWith("timeline") ? 0 : 1;
      return answer(sent, request);
    });
    expect(await settled(all(watchOrder(spindle, "o1")))).toEqual([
      "pending_payment, money",
      "paid, capture",
      "paid, shipment",
      "cancelled, refund",
      "cancelled, done",
    ]);
    const versions = to("/v1/orders/o1").map(({ headers }) =>
      headers.get("if-none-match"),
    );
    expect(versions).toEqual([
      null,
      '"v1"',
      '"v1"',
      '"v2"',
      '"v3"',
      '"v4"',
      '"v4"',
    ]);
    // One request less where nothing had changed.
    expect(to("/v1/orders/o1/timeline")).toHaveLength(6);
  });

  test("ends at once with an order that is shipped", async () => {
    const shipped = { version: 9, status: "fulfilled", awaiting: null };
    const { spindle } = platform(order(() => shipped));
    expect(await all(watchOrder(spindle, "o1"))).toEqual(["fulfilled, done"]);
  });

  test("notices that a cancelled order waits no longer, which is no new version", async () => {
    let reads = 0;
    const { spindle } = platform(
      order(() => ({
        version: 4,
        status: "cancelled",
        awaiting: (reads += 1) > 4 ? null : "replay",
      })),
    );
    expect(await settled(all(watchOrder(spindle, "o1")))).toEqual([
      "cancelled, replay",
      "cancelled, done",
    ]);
  });

  test("waits longer and longer while nothing changes", async () => {
    const { spindle, to } = platform(order(() => PENDING));
    const watched = watchOrder(spindle, "o1");
    await watched.next();
    const controller = watched.next();
    const times: number[] = [];
    for (let count = 2; count < 12; count += 1) {
      await waiting();
      await vi.advanceTimersToNextTimerAsync();
      times.push(Date.now());
    }
    const pauses = times
      .slice(1)
      .map((time, index) => time - (times[index] ?? 0));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBe(5_000);
    expect(to("/v1/orders/o1/timeline")).toHaveLength(1);
    controller.catch(() => {});
  });

  test("throws the problem of an order that cannot be read", async () => {
    const { spindle } = platform(() => problem("not-found", 404));
    await expect(watchOrder(spindle, "o1").next()).rejects.toMatchObject({
      problem: { type: "https://spindle.dev/problems/not-found" },
    });
  });

  test("ends with its signal, also between two requests", async () => {
    const { spindle } = platform(order(() => PENDING));
    const controller = new AbortController();
    const watched = watchOrder(spindle, "o1", { signal: controller.signal });
    await watched.next();
    const next = expect(watched.next()).rejects.toThrow("enough");
    await waiting();
    controller.abort(new Error("enough"));
    await next;
    expect(vi.getTimerCount()).toBe(0);
  });
});
