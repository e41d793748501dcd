import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import {
  type StoredSession,
  browserSessionStore,
  createSpindle,
} from "../src/index.js";

const KEY = "spindle.session";
const SESSION: StoredSession = {
  user: { id: "u1", email: "ada@example.com", role: "customer" },
  accessToken: "access-1",
  refreshToken: "refresh-1",
  expiresAt: 0,
};

/** A browser's `localStorage`, its `storage` events and its locks. */
class Browser {
  items = new Map<string, string>();
  target = new EventTarget();
  locked: string[] = [];

  install(): void {
    const { items, target, locked } = this;
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
      removeItem: (key: string) => items.delete(key),
    });
    vi.stubGlobal("navigator", {
      locks: {
        request: (name: string, work: () => Promise<unknown>) => {
          locked.push(name);
          return work();
        },
      },
    });
    for (const name of ["addEventListener", "removeEventListener"] as const) {
      vi.stubGlobal(name, target[name].bind(target));
    }
  }

  /** Changes an item as another tab does. */
  changeElsewhere(key: string | null, value?: string): void {
    if (value === undefined) {
      this.items.delete(key ?? KEY);
    } else if (key !== null) {
      this.items.set(key, value);
    }
    this.target.dispatchEvent(Object.assign(new Event("storage"), { key }));
  }
}

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
  browser.install();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("browserSessionStore", () => {
  test("keeps the session for the next page", () => {
    browserSessionStore().save(SESSION);
    expect(browserSessionStore().load()).toEqual(SESSION);
    browserSessionStore().save(undefined);
    expect([...browser.items]).toEqual([]);
  });

  test.each(["", "null", "{", "5", '{"user":{}}'])(
    "reads %j as no session",
    (text) => {
      browser.items.set(KEY, text);
      expect(browserSessionStore().load()).toBeUndefined();
    },
  );

  test("keeps the session of each key apart", () => {
    browserSessionStore("staff").save(SESSION);
    expect(browserSessionStore().load()).toBeUndefined();
  });

  test("lets one tab refresh at a time, where the browser has locks", async () => {
    const store = browserSessionStore();
    expect(await store.exclusive?.(async () => 1)).toBe(1);
    expect(browser.locked).toEqual([KEY]);
    vi.stubGlobal("navigator", {});
    expect(await store.exclusive?.(async () => 2)).toBe(2);
  });

  test("reports a log-in and a log-out in another tab", () => {
    const spindle = createSpindle({
      baseUrl: "https://shop.example",
      sessionStore: browserSessionStore(),
    });
    const seen: (string | undefined)[] = [];
    const leave = spindle.onSessionChange((session) =>
      seen.push(session?.user.email),
    );
    browser.changeElsewhere(KEY, JSON.stringify(SESSION));
    browser.changeElsewhere("other", "{}");
    browser.changeElsewhere(KEY, JSON.stringify({ ...SESSION, expiresAt: 1 }));
    browser.changeElsewhere(null);
    leave();
    browser.changeElsewhere(KEY, JSON.stringify(SESSION));
    expect(seen).toEqual(["ada@example.com", undefined]);
  });

  test("keeps the session in memory where the browser refuses to store", () => {
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get: () => {
        throw new DOMException("refused", "SecurityError");
      },
    });
    const store = browserSessionStore();
    store.save(SESSION);
    expect(store.load()).toEqual(SESSION);
  });
});
