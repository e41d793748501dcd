/** A platform for the tests: answers requests without a network, and keeps them. */

import { vi } from "vitest";

import {
  createSpindle,
  type Spindle,
  type SpindleOptions,
} from "../src/index.js";

export const BASE = "https://shop.example";

export interface Sent {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

export type Answer = (
  sent: Sent,
  request: Request,
) => Response | Promise<Response> | undefined;

export interface Platform {
  spindle: Spindle;
  /** The requests so far. */
  sent: Sent[];
  /** Returns the requests to `path`. */
  to(path: string): Sent[];
}

/** Returns a client whose requests `answer` answers; `undefined` is a lost connection. */
export function platform(
  answer: Answer,
  options: SpindleOptions = {},
): Platform {
  const sent: Sent[] = [];
  const fetch = async (request: Request) => {
    request.signal.throwIfAborted();
    const url = new URL(request.url);
    const text = await request.text();
    const one: Sent = {
      method: request.method,
      path: url.pathname + url.search,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    sent.push(one);
    const response = await answer(one, request);
    if (response === undefined) {
      throw new TypeError("fetch failed");
    }
    return response;
  };
  return {
    spindle: createSpindle({ baseUrl: BASE, fetch, ...options }),
    sent,
    to: (path) => sent.filter((one) => one.path === path),
  };
}

export function json(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, { status, headers });
}

export function problem(
  name: string,
  status: number,
  headers: Record<string, string> = {},
): Response {
  return json(
    {
      type: `https://spindle.dev/problems/${name}`,
      title: name,
      status,
      detail: `It is ${name}.`,
      instance: "/",
      request_id: "r1",
    },
    status,
    { "content-type": "application/problem+json", ...headers },
  );
}

export const unauthorized = () =>
  problem("unauthorized", 401, {
    "www-authenticate": 'Bearer error="invalid_token"',
  });

/** The tokens with the number `n`, of a customer unless it says otherwise. */
export function tokens(n: number, role = "customer", expires_in = 600) {
  return {
    access_token: `access-${n}`,
    expires_in,
    refresh_token: `refresh-${n}`,
    token_type: "Bearer",
    user: { id: "u1", email: "ada@example.com", role },
  };
}

/** Logs Ada in. */
export async function logIn(spindle: Spindle): Promise<void> {
  const credentials = { email: "ada@example.com", password: "a lighthouse" };
  const { error } = await spindle.logIn(credentials);
  if (error) {
    throw new Error(error.detail);
  }
}

/** Returns a promise, and the function that resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Lets faked timers run until `call` has settled, and returns its result. */
export async function settled<T>(call: Promise<T>): Promise<T> {
  let isPending = true;
  call
    .catch(() => {})
    .finally(() => {
      isPending = false;
    });
  while (isPending) {
    await turn();
    if (isPending && vi.getTimerCount() > 0) {
      await vi.advanceTimersToNextTimerAsync();
    }
  }
  return call;
}

/** Returns once the client waits for a faked timer. */
export async function waiting(): Promise<void> {
  while (vi.getTimerCount() === 0) {
    await turn();
  }
}

/** Returns once `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await turn();
  }
}

/** Lets what is ready run: bodies are read in turns of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
