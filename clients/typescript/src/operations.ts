// Generated from api-specs/openapi.json by `npm run generate`. Do not edit.

/** Operations that take no access token. */
export const ANONYMOUS: readonly string[] = [
  "GET /.well-known/jwks.json",
  "GET /healthz",
  "GET /readyz",
  "POST /v1/auth/invitations/accept",
  "POST /v1/auth/login",
  "POST /v1/auth/logout",
  "POST /v1/auth/refresh",
  "POST /v1/auth/register",
  "GET /v1/categories",
  "GET /v1/products/{id}",
  "POST /v1/webhooks/payments/{provider}",
];

/** Operations that work without an access token, and return more with one. */
export const OPTIONAL: readonly string[] = ["GET /v1/products"];

/** Operations that take an `Idempotency-Key`. */
export const KEYED: readonly string[] = [
  "POST /v1/notifications",
  "POST /v1/orders",
  "POST /v1/payments/{id}/refund",
];
