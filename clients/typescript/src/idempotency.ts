/** Idempotency keys: with one, a request has its effect once, however often it is sent. */

import type { OperationOf } from "./routes.js";
import type { Send } from "./retries.js";

const HEADER = "idempotency-key";

/** Returns a fresh key for one intention. Keep it to repeat a request later, after a reload for example. */
export function idempotencyKey(): string {
  // Not `randomUUID`, which browsers have on secure origins only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Returns a `Send` that gives a key to the requests that take one and have none: the same for each retry. */
export function withIdempotencyKey(send: Send, operationOf: OperationOf): Send {
  return (request) => {
    if (!operationOf(request)?.isKeyed || request.headers.has(HEADER)) {
      return send(request);
    }
    const keyed = new Request(request);
    keyed.headers.set(HEADER, idempotencyKey());
    return send(keyed);
  };
}
