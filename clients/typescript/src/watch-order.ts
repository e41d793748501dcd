/** Watching an order. */

import type { CallOptions, Spindle } from "./client.js";
import { unwrap } from "./problem.js";
import type { Order, OrderTimeline } from "./schema.js";
import { delay } from "./time.js";

/** An order with its history. */
export interface OrderProgress {
  /** The order. */
  order: Order;
  /** Its history, and the event that it waits for. */
  timeline: OrderTimeline;
}

/** The pauses between two requests, in milliseconds: short after a change, then longer and longer. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;

/**
 * Yields an order now and after each change, until nothing more will happen to it: it is shipped, or cancelled and its payment returned. Leave
 * the loop earlier as you like.
 *
 *     for await (const { order, timeline } of watchOrder(spindle, id)) { if (order.status === "paid") break; }
 *
 * @throws {ProblemError} if the order cannot be read, and the reason of `signal` once it is aborted.
 */
export async function* watchOrder(
  spindle: Spindle,
  orderId: string,
  options: CallOptions = {},
): AsyncGenerator<OrderProgress, void, undefined> {
  const path = { id: orderId };
  let etag: string | undefined;
  let order: Order | undefined;
  let seen: string | undefined;
  let pause = FIRST_PAUSE;
  for (;;) {
    const header = etag === undefined ? {} : { "If-None-Match": etag };
    const result = await spindle.GET("/v1/orders/{id}", {
      params: { path, header },
      ...options,
    });
    const isUnchanged = result.response.status === 304;
    if (!isUnchanged) {
      order = await unwrap(result);
      etag = result.response.headers.get("etag") ?? undefined;
    }
    // Each entry of the timeline is a new version of the order. Only the event that it waits for can change without one.
    if (order !== undefined && (!isUnchanged || isDecided(order))) {
      const timeline = await unwrap(
        spindle.GET("/v1/orders/{id}/timeline", {
          params: { path },
          ...options,
        }),
      );
      const progress = JSON.stringify([etag, timeline]);
      if (progress !== seen) {
        seen = progress;
        pause = FIRST_PAUSE;
        yield { order, timeline };
      }
      if (isDecided(order) && timeline.awaiting === null) {
        return;
      }
    }
    await delay(pause, options.signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  }
}

function isDecided({ status }: Order): boolean {
  return status === "fulfilled" || status === "cancelled";
}
