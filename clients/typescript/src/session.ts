/** The session of the client: who is logged in, and the access token of each request. */

import type { RetryLimits, Send } from "./retries.js";
import { discard, withRetries } from "./retries.js";
import type { OperationOf } from "./routes.js";
import type { Identity, TokenResponse } from "./schema.js";
import type { SessionStore, StoredSession } from "./session-store.js";
import { unlessAborted } from "./time.js";

/** The session as a program sees it: without its tokens, so that they do not end up in a log. */
export interface CurrentSession {
  /** The user who is logged in. */
  readonly user: Readonly<Identity>;
}

/** Is called with the session when a user has logged in or out, in this tab or another, or when the user has changed. */
export type SessionListener = (session: CurrentSession | undefined) => void;

/** The milliseconds before its expiry at which an access token is replaced. */
const REFRESH_BEFORE_EXPIRY = 30_000;

/**
 * For five seconds a refresh token that was exchanged returns the same successor, in case the response was lost. A later repetition would end
 * the session.
 */
const REFRESH_LIMITS: RetryLimits = { retries: 3, period: 4_000 };

/** The result of a refresh: the session with new tokens, no session any more, or the response of a platform that cannot refresh now. */
type Refreshed = StoredSession | undefined | Response;

/** Keeps the session of one client. */
export interface Sessions {
  /** Returns the session. */
  current(): CurrentSession | undefined;
  /** Calls `listener` on each change, until the returned function is called. */
  onChange(listener: SessionListener): () => void;
  /** Begins a session. */
  begin(tokens: TokenResponse): Promise<void>;
  /** Ends the session here, and returns it. */
  end(): Promise<StoredSession | undefined>;
  /** Returns a `Send` that adds the access token. */
  authorize(send: Send, operationOf: OperationOf): Send;
}

/** Returns the sessions in `store`. They are refreshed at `refreshUrl` by `send`. */
export function createSessions(
  store: SessionStore,
  refreshUrl: string,
  send: Send,
): Sessions {
  const exclusive = store.exclusive?.bind(store) ?? ((work) => work());
  const sendRefresh = withRetries(send, REFRESH_LIMITS, () => true);
  const listeners = new Set<SessionListener>();
  let unsubscribe: (() => void) | undefined;
  let view: CurrentSession | undefined;
  let refreshing: Promise<Refreshed> | undefined;

  /** Returns the same object until the user changes, so that it can be compared. */
  function current(): CurrentSession | undefined {
    const user = store.load()?.user;
    if (JSON.stringify(user) !== JSON.stringify(view?.user)) {
      view = user && Object.freeze({ user: Object.freeze({ ...user }) });
    }
    return view;
  }

  function notify(): void {
    const before = view;
    const now = current();
    if (now !== before) {
      for (const listener of [...listeners]) {
        listener(now);
      }
    }
  }

  async function save(session: StoredSession | undefined): Promise<void> {
    // Without it, a session that was never looked at would end without a change.
    current();
    await store.save(session);
    notify();
  }

  /** Refreshes the session, once for all that wait for it. */
  function refresh(rejected: StoredSession): Promise<Refreshed> {
    refreshing ??= exclusive(() => exchange(rejected)).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function exchange(rejected: StoredSession): Promise<Refreshed> {
    const session = store.load();
    if (session?.accessToken !== rejected.accessToken) {
      // It was refreshed, ended or replaced meanwhile, perhaps in another tab.
      return session;
    }
    const response = await sendRefresh(
      new Request(refreshUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ refresh_token: session.refreshToken }),
      }),
    );
    if (!response.ok && response.status !== 401) {
      return response;
    }
    const refreshed = response.ok
      ? sessionOf((await response.json()) as TokenResponse)
      : undefined;
    const stored = store.load();
    if (stored?.refreshToken !== session.refreshToken) {
      // It was ended or replaced while the platform answered.
      return stored;
    }
    await save(refreshed);
    return refreshed;
  }

  return {
    current,

    onChange(listener) {
      current();
      listeners.add(listener);
      unsubscribe ??= store.subscribe?.(notify);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          unsubscribe?.();
          unsubscribe = undefined;
        }
      };
    },

    begin: (tokens) => save(sessionOf(tokens)),

    async end() {
      // Else its new tokens would outlive the session.
      await refreshing?.catch(() => {});
      const session = store.load();
      await save(undefined);
      return session;
    },

    authorize: (send, operationOf) => async (request) => {
      const token = operationOf(request)?.token ?? "none";
      let session = store.load();
      const needsNoToken =
        token === "none" ||
        request.headers.has("authorization") ||
        // Customers see what everyone sees, and shared caches have it.
        (token === "optional" && session?.user.role === "customer");
      if (needsNoToken || session === undefined) {
        return send(request);
      }
      if (session.expiresAt - REFRESH_BEFORE_EXPIRY <= Date.now()) {
        const refreshed = await refreshEarly(session, request.signal);
        if (refreshed instanceof Response) {
          return refreshed;
        }
        session = refreshed;
      }
      if (session === undefined) {
        return send(request);
      }
      const response = await send(withToken(request.clone(), session));
      if (!refusesToken(response)) {
        return response;
      }
      const refreshed = await unlessAborted(refresh(session), request.signal);
      if (refreshed instanceof Response) {
        return refreshed.clone();
      }
      if (refreshed === undefined && token === "required") {
        return response;
      }
      discard(response);
      return send(
        refreshed === undefined ? request : withToken(request, refreshed),
      );
    },
  };

  /** Refreshes the session before its token expires. If the platform cannot do that now, the token of now serves until it has expired. */
  async function refreshEarly(
    session: StoredSession,
    signal: AbortSignal,
  ): Promise<Refreshed> {
    try {
      const refreshed = await unlessAborted(refresh(session), signal);
      const isRefused = refreshed instanceof Response;
      if (isRefused && !isExpired(session)) {
        return session;
      }
      return isRefused ? refreshed.clone() : refreshed;
    } catch (error) {
      if (signal.aborted || isExpired(session)) {
        throw error;
      }
      return session;
    }
  }
}

function sessionOf(tokens: TokenResponse): StoredSession {
  return {
    user: tokens.user,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    expiresAt: Date.now() + tokens.expires_in * 1_000,
  };
}

function isExpired(session: StoredSession): boolean {
  return session.expiresAt <= Date.now();
}

function withToken(request: Request, session: StoredSession): Request {
  request.headers.set("authorization", `Bearer ${session.accessToken}`);
  return request;
}

/** Returns whether new tokens may help. A log-in that is too long ago is a 401 as well, and they do not help there. */
function refusesToken(response: Response): boolean {
  const challenge = response.headers.get("www-authenticate") ?? "";
  return response.status === 401 && challenge.includes('"invalid_token"');
}
