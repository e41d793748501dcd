/** Stores that keep the session of a user. */

import type { Identity } from "./schema.js";

/** A session with its tokens. They give access to the account: keep them as you would keep a password. */
export interface StoredSession {
  /** The user. */
  user: Identity;
  /** The access token, which lasts for some minutes. */
  accessToken: string;
  /** The refresh token, which can be exchanged once. */
  refreshToken: string;
  /** The time at which the access token expires, in milliseconds since the Unix epoch. */
  expiresAt: number;
}

/** Keeps the session of one user. */
export interface SessionStore {
  /** Returns the session; `undefined` without one. */
  load(): StoredSession | undefined;
  /** Keeps the session, or removes it. The client uses new tokens once this has completed. */
  save(session: StoredSession | undefined): void | Promise<void>;
  /** Runs `work` while no one else who uses the same store does. */
  exclusive?<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `listener` when someone else has changed the session, such as another tab. Returns a function that ends this. */
  subscribe?(listener: () => void): () => void;
}

/** Returns a store in memory. It can begin with a session that was kept elsewhere. */
export function memorySessionStore(session?: StoredSession): SessionStore {
  let current = session;
  return {
    load: () => current,
    save: (next) => {
      current = next;
    },
  };
}

/**
 * Returns a store in `localStorage`, which all tabs of an origin share: a log-in in one is a log-in in all. Any script of the page can read
 * it, so use it with a Content-Security-Policy that keeps foreign scripts out. Where the browser refuses `localStorage`, the session lasts as
 * long as the page.
 */
export function browserSessionStore(key = "spindle.session"): SessionStore {
  const storage = localStorageIfAllowed();
  if (storage === undefined) {
    return memorySessionStore();
  }
  return {
    load: () => parse(storage.getItem(key)),
    save: (session) => {
      if (session === undefined) {
        storage.removeItem(key);
      } else {
        storage.setItem(key, JSON.stringify(session));
      }
    },
    // Browsers have locks on secure origins only. Without them two tabs may refresh at once, for which the platform allows a few seconds.
    exclusive: async (work) =>
      "locks" in navigator ? navigator.locks.request(key, work) : work(),
    subscribe: (listener) => {
      const onStorage = (event: StorageEvent) => {
        // The key is null if everything was removed.
        if (event.key === key || event.key === null) {
          listener();
        }
      };
      addEventListener("storage", onStorage);
      return () => removeEventListener("storage", onStorage);
    },
  };
}

function localStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Returns the stored session; `undefined` if there is none, or none that this version can read. */
function parse(text: string | null): StoredSession | undefined {
  try {
    const session = JSON.parse(text ?? "null") as StoredSession | null;
    return typeof session?.refreshToken === "string" ? session : undefined;
  } catch {
    return undefined;
  }
}
