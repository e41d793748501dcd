/** Retries: a request that may be sent twice is repeated until it gets through. */

import { delay } from "./time.js";

/** Sends a request. Each step of the client is one, around the next. */
export type Send = (request: Request) => Promise<Response>;

/** Limits of the retries. */
export interface RetryLimits {
  /** The number of retries. */
  retries: number;
  /** The milliseconds after the first attempt within which the last one begins. */
  period: number;
}

/** The delay before the first retry, in milliseconds; each further one is twice as long. */
const FIRST_DELAY = 250;
const LONGEST_DELAY = 8_000;

/** The methods whose repetition has no second effect. `PATCH` needs `If-Match`, so its repetition would be refused. */
const REPEATABLE = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/** Statuses after which a later attempt may succeed. */
const TRANSIENT = [429, 500, 502, 503, 504];

/** Returns whether a repetition of `request` has no second effect. */
export function isRepeatable(request: Request): boolean {
  return (
    REPEATABLE.includes(request.method) ||
    request.headers.has("idempotency-key")
  );
}

/** Returns a `Send` that sends the requests that `repeatable` accepts again after a network error or a transient status. */
export function withRetries(
  send: Send,
  limits: RetryLimits,
  repeatable: (request: Request) => boolean = isRepeatable,
): Send {
  return async (request) => {
    const end = Date.now() + limits.period;
    const retries = repeatable(request) ? limits.retries : 0;
    for (let attempt = 0; attempt < retries; attempt += 1) {
      let response: Response | undefined;
      let failure: unknown;
      try {
        response = await send(request.clone());
      } catch (error) {
        failure = error;
      }
      const pause = pauseAfter(response, attempt);
      const isFinal =
        (response !== undefined && !isTransient(response)) ||
        request.signal.aborted ||
        Date.now() + pause > end;
      if (!isFinal) {
        discard(response);
        await delay(pause, request.signal);
      } else if (response !== undefined) {
        return response;
      } else {
        throw failure;
      }
    }
    return send(request);
  };
}

/** Frees the connection of a response that is not read. It is not awaited, because a copy that is kept elsewhere delays it without end. */
export function discard(response: Response | undefined): void {
  response?.body?.cancel().catch(() => {});
}

/** Returns whether a later attempt may succeed. A 409 with `Retry-After` says that an earlier attempt is still being carried out. */
function isTransient(response: Response): boolean {
  return (
    TRANSIENT.includes(response.status) ||
    (response.status === 409 && response.headers.has("retry-after"))
  );
}

/** Returns the milliseconds to wait after an attempt, with a random part that keeps clients apart. */
function pauseAfter(response: Response | undefined, attempt: number): number {
  const backoff = Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY);
  const stated = retryAfter(response);
  return stated === undefined
    ? backoff * (0.5 + Math.random() / 2)
    : stated + FIRST_DELAY * Math.random();
}

/** Returns the `Retry-After` of a response in milliseconds. It is a number of seconds, or a date from a proxy. */
function retryAfter(response: Response | undefined): number | undefined {
  const field = response?.headers.get("retry-after");
  if (!field) {
    return undefined;
  }
  const seconds = Number(field);
  const milliseconds = Number.isNaN(seconds)
    ? Date.parse(field) - Date.now()
    : seconds * 1_000;
  return Number.isNaN(milliseconds) ? undefined : Math.max(milliseconds, 0);
}
