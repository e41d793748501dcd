/** The client: openapi-fetch over the steps that every request passes through. */

import createClient, { type Client } from "openapi-fetch";

import { withIdempotencyKey } from "./idempotency.js";
import { withProblem } from "./problem.js";
import { type Send, withRetries } from "./retries.js";
import { operationsAt } from "./routes.js";
import type {
  LoginRequest,
  Problem,
  RegisterRequest,
  TokenResponse,
  operations,
  paths,
} from "./schema.js";
import {
  type CurrentSession,
  type SessionListener,
  createSessions,
} from "./session.js";
import { type SessionStore, memorySessionStore } from "./session-store.js";

/** The options of a client. */
export interface SpindleOptions {
  /** The address of the platform; in a browser the origin of the page unless it is given. */
  baseUrl?: string | undefined;
  /** Keeps the session; in memory unless it is given. */
  sessionStore?: SessionStore | undefined;
  /** Sends the requests; the `fetch` of the environment unless it is given. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** The number of retries of a request that may be sent twice; 3 unless it is given. */
  retries?: number | undefined;
}

/** The options of a call. */
export interface CallOptions {
  /** Ends the call. */
  signal?: AbortSignal | undefined;
}

/** The problems of an operation. */
export type ProblemOf<Operation extends keyof operations> = {
  [
    Status in keyof operations[Operation]["responses"]
  ]: operations[Operation]["responses"][Status] extends {
    content: { "application/problem+json": infer P };
  }
    ? P
    : never;
}[keyof operations[Operation]["responses"]];

/** The result of a log-in or a registration. */
export type SessionResult<Error extends Problem> =
  | { data: CurrentSession; error?: never; response: Response }
  | { data?: never; error: Error; response: Response };

/**
 * A client of the platform. Its methods `GET`, `POST` and so on take the path of an operation and return `{ data, error, response }`, typed by
 * the OpenAPI document. `error` is a {@link Problem}. A request without a response throws.
 */
export interface Spindle extends Client<paths> {
  /** The session; `undefined` unless a user is logged in. It is the same object until the user changes. */
  readonly session: CurrentSession | undefined;
  /** Logs a user in. From then on requests have the user's access token, which is refreshed as needed. */
  logIn(
    credentials: LoginRequest,
    options?: CallOptions,
  ): Promise<SessionResult<ProblemOf<"logIn">>>;
  /** Registers a customer, and logs the customer in. */
  register(
    customer: RegisterRequest,
    options?: CallOptions,
  ): Promise<SessionResult<ProblemOf<"register"> | ProblemOf<"logIn">>>;
  /** Ends the session, here first and then on the platform. An error says that the platform may not know it yet. */
  logOut(options?: CallOptions): Promise<{ error?: ProblemOf<"logOut"> }>;
  /** Calls `listener` when a user has logged in or out or has changed. Returns a function that ends this. */
  onSessionChange(listener: SessionListener): () => void;
}

/** The milliseconds within which a request is repeated: a little more than the window of the rate limits, for which a `Retry-After` may ask. */
const RETRY_PERIOD = 65_000;

/** Returns a client. */
export function createSpindle(options: SpindleOptions = {}): Spindle {
  const baseUrl = baseUrlOf(options.baseUrl);
  // Looked up for each request, so that a test or a tracer can replace it.
  const fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  const once: Send = async (request) =>
    withProblem(request, await fetch(request));
  const limits = { retries: options.retries ?? 3, period: RETRY_PERIOD };
  const sessions = createSessions(
    options.sessionStore ?? memorySessionStore(),
    `${baseUrl}/v1/auth/refresh`,
    once,
  );
  const operationOf = operationsAt(baseUrl);
  const client = createClient<paths>({
    baseUrl,
    fetch: withIdempotencyKey(
      sessions.authorize(withRetries(once, limits), operationOf),
      operationOf,
    ),
    // No operation takes a JSON string: a string is a body that is ready, such as the lines of an import.
    bodySerializer: (body) =>
      typeof body === "string" ? body : JSON.stringify(body),
  });

  async function begin<Error extends Problem>(
    result: LogInResult<Error>,
  ): Promise<SessionResult<Error>> {
    const { data, error, response } = result;
    if (data === undefined) {
      return { error: error as Error, response };
    }
    await sessions.begin(data);
    return { data: { user: data.user }, response };
  }

  const logIn: Spindle["logIn"] = async (body, options) =>
    begin(await client.POST("/v1/auth/login", { body, ...options }));

  return Object.defineProperty(
    {
      ...client,
      logIn,

      async register(body, options) {
        const created = await client.POST("/v1/auth/register", {
          body,
          ...options,
        });
        if (created.error) {
          return { error: created.error, response: created.response };
        }
        const { email, password } = body;
        return logIn({ email, password }, options);
      },

      async logOut(options) {
        const session = await sessions.end();
        if (session === undefined) {
          return {};
        }
        const body = { refresh_token: session.refreshToken };
        const { error } = await client.POST("/v1/auth/logout", {
          body,
          ...options,
        });
        return error ? { error } : {};
      },

      onSessionChange: sessions.onChange,
    } as Spindle,
    "session",
    { enumerable: true, get: sessions.current },
  );
}

type LogInResult<Error> =
  | { data: TokenResponse; error?: never; response: Response }
  | { data?: never; error: Error; response: Response };

/** Returns the address without a slash at its end, as `Request` writes it. */
function baseUrlOf(given: string | undefined): string {
  const origin = globalThis.location?.origin;
  const address = given ?? origin;
  if (address === undefined || address === "null") {
    throw new TypeError("createSpindle needs a baseUrl outside of a browser");
  }
  return new URL(address, origin).href
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "");
}
