/**
 * The attempt to place an order, kept in the browser until the platform has answered it.
 *
 * An attempt has one `Idempotency-Key` from its first request to its answer. If the answer is lost, by a reload, a closed window or a broken
 * connection, the same body with the same key returns the order that was placed already. If the customer has changed something meanwhile, the new body
 * goes out under the same key too: it is ordered if nothing was ordered before, and refused otherwise. So an attempt never places two orders.
 */
import type {
  Order,
  PlaceOrderRequest,
  Problem,
  SavedAddressInput,
} from "@spindle-commerce/client";
import type { Outcome } from "./problems";
import { kind } from "./problems";
import type { Store } from "./storage";
import { read, write } from "./storage";

/** A request for an order that has no answer yet. */
export interface Attempt {
  key: string;
  /** The user who sent it: keys belong to their users. */
  userId: string;
  body: PlaceOrderRequest;
  /** The bodies that were sent before under this key, without an answer; the latest first. */
  earlier: readonly PlaceOrderRequest[];
  /** The address to save to the account once the order is placed. */
  saveAddress?: SavedAddressInput | undefined;
  /** The time of its start, in milliseconds since the epoch. */
  startedAt: number;
}

const PLACE = "spindle-shop.checkout";
/** The platform keeps keys for 24 hours; after that, the same key would place another order. */
const KEPT_FOR = 23 * 60 * 60 * 1000;
/** Within this time, a customer who comes back to the checkout still means the same order, and need not be asked. */
const FRESH_FOR = 5 * 60 * 1000;

/** Returns the attempt of `userId` that has no answer yet. */
export function openAttempt(
  store: Store,
  userId: string,
  now: number,
): Attempt | undefined {
  const attempt = read(store, PLACE, parseAttempt);
  return attempt?.userId === userId && now - attempt.startedAt < KEPT_FOR
    ? attempt
    : undefined;
}

/** Returns whether `attempt` is so recent that it goes on without a question. */
export function isFresh(attempt: Attempt, now: number): boolean {
  return now - attempt.startedAt < FRESH_FOR;
}

/**
 * Returns the attempt to send `body` with, and stores it before it is sent: the open one, so that a double click, a reload or a second tab repeats it,
 * otherwise one with `newKey`.
 */
export function beginAttempt(
  store: Store,
  next: { newKey: string } & Pick<Attempt, "userId" | "body" | "saveAddress">,
  now: number,
): Attempt {
  const { newKey, userId, body, saveAddress } = next;
  const open = openAttempt(store, userId, now);
  const others = [open?.body, ...(open?.earlier ?? [])].filter(
    (other) => other !== undefined && !isSame(other, body),
  );
  const attempt: Attempt = {
    key: open?.key ?? newKey,
    userId,
    body,
    earlier: others as PlaceOrderRequest[],
    saveAddress,
    startedAt: open?.startedAt ?? now,
  };
  write(store, PLACE, attempt);
  return attempt;
}

/** Forgets the attempt with `key`. Returns whether it was stored: otherwise another tab has dealt with its answer. */
export function endAttempt(store: Store, key: string): boolean {
  const isStored = read(store, PLACE, parseAttempt)?.key === key;
  if (isStored) write(store, PLACE, undefined);
  return isStored;
}

/** The outcome of an attempt, and the body that it is the answer to. */
export interface Answer {
  outcome: Outcome<Order>;
  body: PlaceOrderRequest;
}

/**
 * Sends an attempt with `post`. If the platform has answered an earlier body of its key already, returns that answer.
 */
export async function sendAttempt(
  attempt: Attempt,
  post: (key: string, body: PlaceOrderRequest) => Promise<Outcome<Order>>,
): Promise<Answer> {
  const latest: Answer = {
    outcome: await post(attempt.key, attempt.body),
    body: attempt.body,
  };
  if (!belongsToAnother(latest.outcome.problem)) return latest;
  for (const body of attempt.earlier) {
    const outcome = await post(attempt.key, body);
    if (!belongsToAnother(outcome.problem)) return { outcome, body };
  }
  return latest;
}

function belongsToAnother(problem: Problem | undefined): boolean {
  return problem !== undefined && kind(problem) === "idempotency-key-reused";
}

/**
 * Returns whether `problem` leaves open if the order was or will be placed: no response, a response of a proxy, or one that says to try again. Every
 * other problem is an answer: nothing is ordered.
 */
export function isUnanswered(problem: Problem): boolean {
  return (
    problem.status === 0 ||
    problem.status >= 500 ||
    problem.status === 429 ||
    kind(problem) === "idempotency-key-in-flight"
  );
}

/** Returns whether two bodies ask for the same. */
export function isSame(
  one: PlaceOrderRequest,
  other: PlaceOrderRequest,
): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parseAttempt(value: unknown): Attempt | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const attempt = value as Partial<Attempt>;
  const isAttempt =
    typeof attempt.key === "string" &&
    typeof attempt.userId === "string" &&
    typeof attempt.startedAt === "number" &&
    typeof attempt.body === "object" &&
    Array.isArray(attempt.earlier);
  return isAttempt ? (attempt as Attempt) : undefined;
}
