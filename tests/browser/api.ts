// The API, called from outside of the page: to prepare a state, and to see the effect of what was done in the page.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { origin } from "./browser.ts";

/** The password of every customer who registers in a test. */
export const PASSWORD = "a lighthouse in winter";

/** A user who has logged in. */
export interface User {
  email: string;
  token: string;
}

/** The parts of a product that the tests read. */
export interface Product {
  id: string;
  name: string;
}

interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request, and returns the body of the response, which has to be a success. */
export async function call<T>(method: string, path: string, { token, body, headers }: CallOptions = {}): Promise<T> {
  const response = await fetch(new URL(path, origin), {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} returned ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Returns an e-mail address that has never been used. */
export function uniqueEmail(): string {
  return `browser-${randomUUID()}@example.com`;
}

/** Logs in. */
export async function logIn(email: string, password: string): Promise<User> {
  const tokens = await call<{ access_token: string }>("POST", "/v1/auth/login", { body: { email, password } });
  return { email, token: tokens.access_token };
}

/** Registers a customer with {@link PASSWORD}, and logs in. */
export async function customer(): Promise<User> {
  const email = uniqueEmail();
  await call("POST", "/v1/auth/register", { body: { email, password: PASSWORD, display_name: "Edith" } });
  return logIn(email, PASSWORD);
}

/** Logs in as the admin of the instance. */
export function admin(): Promise<User> {
  const [email, password] = [process.env["SPINDLE_ADMIN_EMAIL"], process.env["SPINDLE_ADMIN_PASSWORD"]];
  assert.ok(email !== undefined && password !== undefined, "SPINDLE_ADMIN_EMAIL and SPINDLE_ADMIN_PASSWORD name an admin");
  return logIn(email, password);
}
