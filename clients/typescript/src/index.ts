/**
 * Client of the API of Spindle.
 *
 * @packageDocumentation
 */

export { createSpindle } from "./client.js";
export type {
  CallOptions,
  ProblemOf,
  SessionResult,
  Spindle,
  SpindleOptions,
} from "./client.js";
export { etagOf } from "./etag.js";
export { idempotencyKey } from "./idempotency.js";
export { currencyDecimals, formatMoney } from "./money.js";
export { paginate } from "./paginate.js";
export type { ItemOf, ListOptions, ListPath } from "./paginate.js";
export { ProblemError, unwrap } from "./problem.js";
export type { DataOf, Result } from "./problem.js";
export type * from "./schema.js";
export { browserSessionStore, memorySessionStore } from "./session-store.js";
export type { SessionStore, StoredSession } from "./session-store.js";
export type { CurrentSession, SessionListener } from "./session.js";
export { watchOrder } from "./watch-order.js";
export type { OrderProgress } from "./watch-order.js";
