import { afterEach, describe, expect, test, vi } from "vitest";

import {
  type CurrentSession,
  type StoredSession,
  createSpindle,
  memorySessionStore,
} from "../src/index.js";
import {
  type Answer,
  BASE,
  type Sent,
  gate,
  json,
  logIn,
  platform,
  problem,
  settled,
  tokens,
  unauthorized,
  until,
} from "./platform.js";

const LOGIN = "/v1/auth/login";
const REFRESH = "/v1/auth/refresh";
const ORDER = { params: { path: { id: "o1" } } };

const token = (sent: Sent | undefined) => sent?.headers.get("authorization");

/** Answers as auth does: each refresh has new tokens, and orders takes the latest access token only. */
function rotating(expires_in = 600, role = "customer"): Answer {
  let latest = 1;
  return ({ path, headers, body }) => {
    if (path === LOGIN) {
      return json(tokens(latest, role, expires_in));
    }
    if (path === REFRESH) {
      const { refresh_token } = body as { refresh_token: string };
      if (refresh_token !== `refresh-${latest}`) {
        return unauthorized();
      }
      latest += 1;
      return json(tokens(latest, role));
    }
    return headers.get("authorization") === `Bearer access-${latest}`
      ? json({ path })
      : unauthorized();
  };
}

/** Returns a session whose access token the platform takes no more. */
function stale(n: number, expiresIn = 600_000): StoredSession {
  return {
    user: { id: "u1", email: "ada@example.com", role: "customer" },
    accessToken: `access-${n}-old`,
    refreshToken: `refresh-${n}`,
    expiresAt: Date.now() + expiresIn,
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("the access token", () => {
  test("goes with the requests that need it, and with no others", async () => {
    const { spindle, to } = platform(rotating());
    await logIn(spindle);
    await spindle.GET("/v1/orders/{id}", ORDER);
    await spindle.GET("/v1/products");
    await spindle.GET("/v1/products/{id}", { params: { path: { id: "p1" } } });
    expect(token(to(LOGIN)[0])).toBeNull();
    expect(token(to("/v1/orders/o1")[0])).toBe("Bearer access-1");
    expect(token(to("/v1/products")[0])).toBeNull();
    expect(token(to("/v1/products/p1")[0])).toBeNull();
  });

  test("goes with the list of products if the user is an operator", async () => {
    const { spindle, to } = platform(rotating(600, "operator"));
    await logIn(spindle);
    await spindle.GET("/v1/products");
    expect(token(to("/v1/products")[0])).toBe("Bearer access-1");
  });

  test("does not go to another host", async () => {
    const { spindle, sent } = platform(rotating());
    await logIn(spindle);
    for (const baseUrl of ["https://elsewhere.example", `${BASE}.elsewhere`]) {
      await spindle.GET("/v1/orders/{id}", { ...ORDER, baseUrl });
    }
    expect(sent.slice(1).map(token)).toEqual([null, null]);
  });

  test("of the caller is left as it is", async () => {
    const { spindle, to } = platform(rotating());
    await logIn(spindle);
    const headers = { authorization: "Bearer mine" };
    const { error } = await spindle.GET("/v1/orders/{id}", {
      ...ORDER,
      headers,
    });
    expect(error?.status).toBe(401);
    expect(to(REFRESH)).toEqual([]);
  });

  test("is replaced before it expires", async () => {
    const { spindle, to } = platform(rotating(20));
    await logIn(spindle);
    const { data } = await spindle.GET("/v1/orders/{id}", ORDER);
    expect(data).toEqual({ path: "/v1/orders/o1" });
    expect(to("/v1/orders/o1").map(token)).toEqual(["Bearer access-2"]);
  });

  test("is replaced after a 401, and the request repeated with its body and its key", async () => {
    const sessionStore = memorySessionStore(stale(1));
    const { spindle, to } = platform(rotating(), { sessionStore });
    const body = {
      items: [{ product_id: "p1", quantity: 1 }],
      payment_method: { token: "pm_ok" },
    };
    const { data } = await spindle.POST("/v1/orders", { body });
    expect(data).toEqual({ path: "/v1/orders" });
    const [first, second, ...others] = to("/v1/orders");
    expect(others).toEqual([]);
    expect(second?.body).toEqual(body);
    expect(second?.headers.get("idempotency-key")).toBe(
      first?.headers.get("idempotency-key"),
    );
  });

  test("is refreshed once for ten requests that are refused at once", async () => {
    const sessionStore = memorySessionStore(stale(1));
    const { spindle, to } = platform(rotating(), { sessionStore });
    const calls = Array.from({ length: 10 }, () =>
      spindle.GET("/v1/orders/{id}", ORDER),
    );
    const results = await Promise.all(calls);
    expect(results.map(({ error }) => error)).toEqual(
      Array(10).fill(undefined),
    );
    expect(to(REFRESH)).toHaveLength(1);
  });

  test("is stored before it is used", async () => {
    const events: string[] = [];
    const stored = memorySessionStore(stale(1));
    const slow = gate();
    const answer = rotating();
    const { spindle, to } = platform(
      (sent, request) => {
        events.push(`${sent.path} ${token(sent)}`);
        return answer(sent, request);
      },
      {
        sessionStore: {
          ...stored,
          save: async (session) => {
            await slow.opened;
            events.push(`save ${session?.refreshToken}`);
            await stored.save(session);
          },
        },
      },
    );
    const call = spindle.GET("/v1/orders/{id}", ORDER);
    await until(() => to(REFRESH).length === 1);
    slow.open();
    expect((await call).data).toBeDefined();
    expect(events).toEqual([
      "/v1/orders/o1 Bearer access-1-old",
      "/v1/auth/refresh null",
      "save refresh-2",
      "/v1/orders/o1 Bearer access-2",
    ]);
  });

  test("that another tab has refreshed is taken from the store", async () => {
    const stored = memorySessionStore(stale(1));
    const current = { ...stale(1), accessToken: "access-1" };
    const { spindle, to } = platform(rotating(), {
      sessionStore: {
        ...stored,
        // The other tab had the lock until now.
        exclusive: async (work) => {
          stored.save(current);
          return work();
        },
      },
    });
    expect((await spindle.GET("/v1/orders/{id}", ORDER)).data).toBeDefined();
    expect(to(REFRESH)).toEqual([]);
  });

  test("is not refreshed when a recent log-in is required", async () => {
    const { spindle, to } = platform(({ path }) =>
      path === LOGIN
        ? json(tokens(1))
        : problem("recent-login-required", 401, {
            "www-authenticate":
              'Bearer error="insufficient_user_authentication"',
          }),
    );
    await logIn(spindle);
    const params = { header: { "If-Match": '"v1"' } };
    const { error } = await spindle.DELETE("/v1/users/me", { params });
    expect(error?.type).toBe(
      "https://spindle.dev/problems/recent-login-required",
    );
    expect(to(REFRESH)).toEqual([]);
    expect(spindle.session).toBeDefined();
  });
});

describe("a refresh", () => {
  test("that is refused ends the session, and the 401 is the response", async () => {
    const sessionStore = memorySessionStore(stale(7));
    const { spindle } = platform(rotating(), { sessionStore });
    const seen: (CurrentSession | undefined)[] = [];
    spindle.onSessionChange((session) => seen.push(session));
    const { error } = await spindle.GET("/v1/orders/{id}", ORDER);
    expect(error?.status).toBe(401);
    expect(spindle.session).toBeUndefined();
    expect(seen).toEqual([undefined]);
  });

  test("that is refused leaves an operator the public list", async () => {
    const user = { ...stale(7).user, role: "operator" as const };
    const sessionStore = memorySessionStore({ ...stale(7), user });
    const { spindle } = platform(
      ({ path, headers }) =>
        path === REFRESH || headers.has("authorization")
          ? unauthorized()
          : json({ items: [] }),
      { sessionStore },
    );
    const { data } = await spindle.GET("/v1/products");
    expect(data).toEqual({ items: [] });
  });

  test("that the platform cannot make now keeps the session, and its problem is the response", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const sessionStore = memorySessionStore(stale(1));
    const { spindle } = platform(
      ({ path }) =>
        path === REFRESH
          ? problem("unavailable", 503, { "retry-after": "1" })
          : unauthorized(),
      { sessionStore },
    );
    const calls = [1, 2].map(() => spindle.GET("/v1/orders/{id}", ORDER));
    for (const { error } of await settled(Promise.all(calls))) {
      expect(error?.type).toBe("https://spindle.dev/problems/unavailable");
    }
    expect(spindle.session).toBeDefined();
  });

  test("is repeated within seconds only, because later the old token would end the session", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const sessionStore = memorySessionStore(stale(1));
    const answer = rotating();
    let lost = 0;
    const { spindle, to } = platform(
      (sent, request) => {
        if (sent.path === REFRESH && (lost += 1) === 1) {
          return undefined;
        }
        if (sent.path === REFRESH && lost === 2) {
          return problem("unavailable", 503, { "retry-after": "5" });
        }
        return answer(sent, request);
      },
      { sessionStore },
    );
    const call = spindle.GET("/v1/orders/{id}", ORDER);
    expect((await settled(call)).response.status).toBe(503);
    expect(to(REFRESH)).toHaveLength(2);
  });

  test("before the expiry that fails leaves the token of now in use", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    for (const failure of [undefined, problem("unavailable", 503)]) {
      const session = { ...stale(1, 20_000), accessToken: "access-1" };
      const { spindle, to } = platform(
        ({ path }) => (path === REFRESH ? failure?.clone() : json({})),
        { sessionStore: memorySessionStore(session) },
      );
      const call = spindle.GET("/v1/orders/{id}", ORDER);
      expect((await settled(call)).error).toBeUndefined();
      expect(to("/v1/orders/o1").map(token)).toEqual(["Bearer access-1"]);
    }
  });

  test("goes on when one of its callers is aborted", async () => {
    const slow = gate();
    const answer = rotating();
    const { spindle, to } = platform(
      async (sent, request) => {
        if (sent.path === REFRESH) {
          await slow.opened;
        }
        return answer(sent, request) as Response;
      },
      { sessionStore: memorySessionStore(stale(1)) },
    );
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = spindle.GET("/v1/orders/{id}", { ...ORDER, signal });
    const other = spindle.GET("/v1/orders/{id}", ORDER);
    await until(() => to(REFRESH).length === 1);
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    slow.open();
    expect((await other).data).toBeDefined();
  });

  test("that a log-out overtakes does not bring the session back", async () => {
    const slow = gate();
    const answer = rotating();
    const { spindle, to } = platform(
      async (sent, request) => {
        if (sent.path === REFRESH) {
          await slow.opened;
        }
        return sent.path === "/v1/auth/logout"
          ? new Response(null, { status: 204 })
          : (answer(sent, request) as Response);
      },
      { sessionStore: memorySessionStore(stale(1)) },
    );
    const call = spindle.GET("/v1/orders/{id}", ORDER);
    await until(() => to(REFRESH).length === 1);
    const loggedOut = spindle.logOut();
    slow.open();
    await Promise.all([call, loggedOut]);
    expect(spindle.session).toBeUndefined();
    expect(to("/v1/auth/logout")[0]?.body).toEqual({
      refresh_token: "refresh-2",
    });
  });
});

describe("the session", () => {
  test("begins with a log-in, and has the user but no token", async () => {
    const { spindle } = platform(rotating());
    expect(spindle.session).toBeUndefined();
    const credentials = { email: "ada@example.com", password: "a lighthouse" };
    const { data } = await spindle.logIn(credentials);
    expect(data).toEqual({ user: tokens(1).user });
    expect(spindle.session).toEqual(data);
    expect(JSON.stringify(spindle)).not.toContain("access-1");
  });

  test("is the same object until the user changes", async () => {
    const { spindle } = platform(rotating(20));
    await logIn(spindle);
    const before = spindle.session;
    await spindle.GET("/v1/orders/{id}", ORDER);
    expect(spindle.session).toBe(before);
  });

  test("does not begin with a wrong password, whose problem is the result", async () => {
    const { spindle, to } = platform(() => problem("invalid-credentials", 401));
    const credentials = { email: "ada@example.com", password: "wrong" };
    const { error } = await spindle.logIn(credentials);
    expect(error?.type).toBe(
      "https://spindle.dev/problems/invalid-credentials",
    );
    expect(spindle.session).toBeUndefined();
    expect(to(REFRESH)).toEqual([]);
  });

  test("begins with a registration", async () => {
    const answer = rotating();
    const { spindle, to } = platform((sent, request) =>
      sent.path === "/v1/auth/register"
        ? json(tokens(1).user, 201)
        : answer(sent, request),
    );
    const customer = {
      email: "ada@example.com",
      password: "a lighthouse",
      display_name: "Ada",
    };
    const { data } = await spindle.register(customer);
    expect(data?.user.email).toBe("ada@example.com");
    expect(to(LOGIN)[0]?.body).toEqual({
      email: "ada@example.com",
      password: "a lighthouse",
    });
  });

  test("ends with a log-out, also if the platform does not respond", async () => {
    const { spindle } = platform(({ path }) =>
      path === LOGIN ? json(tokens(1)) : undefined,
    );
    await logIn(spindle);
    await expect(spindle.logOut()).rejects.toThrow("fetch failed");
    expect(spindle.session).toBeUndefined();
    expect(await spindle.logOut()).toEqual({});
  });

  test("reports log-in and log-out, and no refresh, until the listener leaves", async () => {
    const { spindle } = platform((sent, request) =>
      sent.path === "/v1/auth/logout"
        ? new Response(null, { status: 204 })
        : rotating(20)(sent, request),
    );
    const seen: (string | undefined)[] = [];
    const leave = spindle.onSessionChange((session) =>
      seen.push(session?.user.email),
    );
    await logIn(spindle);
    await spindle.GET("/v1/orders/{id}", ORDER);
    await spindle.logOut();
    leave();
    await logIn(spindle);
    expect(seen).toEqual(["ada@example.com", undefined]);
  });
});

describe("a client", () => {
  test("needs an address outside of a browser", () => {
    expect(() => createSpindle()).toThrow("createSpindle needs a baseUrl");
  });

  test("calls the origin of the page in a browser", async () => {
    vi.stubGlobal("location", { origin: "https://page.example" });
    const { spindle } = platform(() => json({}), { baseUrl: undefined });
    const { response } = await spindle.GET("/healthz");
    expect(response.ok).toBe(true);
    vi.unstubAllGlobals();
  });

  test("keeps a path in its address", async () => {
    const { spindle, to } = platform(rotating(), { baseUrl: `${BASE}/api/` });
    await spindle.GET("/healthz");
    expect(to("/api/healthz")).toHaveLength(1);
  });
});
