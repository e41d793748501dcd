//! The status of each operation for each caller. An operation on a resource is sent with the owner's resource.

use serde_json::{Value, json};
use spindle_tests::accounts::admin;
use spindle_tests::orders;
use spindle_tests::products::product_body;
use spindle_tests::users::unique_email;

/// The statuses of an operation.
pub(super) struct Row {
    /// Method and path.
    pub(super) operation: &'static str,
    /// The body, a new one for each caller.
    pub(super) body: Option<fn() -> Value>,
    /// The statuses for an anonymous client, another customer, the owner, an operator and an admin.
    pub(super) statuses: [u16; 5],
}

const fn row(operation: &'static str, statuses: [u16; 5]) -> Row {
    Row { operation, body: None, statuses }
}

impl Row {
    const fn with(self, body: fn() -> Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

/// Every operation except those for services only.
pub(super) const ROWS: &[Row] = &[
    row("GET /healthz", [200; 5]),
    row("GET /readyz", [200; 5]),
    row("GET /v1/admin/audit", [401, 403, 403, 403, 200]),
    row("GET /v1/admin/audit/verify", [401, 403, 403, 403, 200]),
    row("GET /v1/admin/dead-letters", [401, 403, 403, 200, 200]),
    row("POST /v1/admin/dead-letters/replay", [401, 403, 403, 403, 202]).with(|| json!({"service": "payments"})),
    // 404: the caller is authorised, but there is no such letter.
    row("GET /v1/admin/dead-letters/{service}/{id}", [401, 403, 403, 404, 404]),
    row("DELETE /v1/admin/dead-letters/{service}/{id}", [401, 403, 403, 403, 404]),
    row("POST /v1/admin/dead-letters/{service}/{id}/replay", [401, 403, 403, 403, 404]),
    // Without a new account for each caller.
    row("POST /v1/auth/register", [409; 5])
        .with(|| json!({"email": admin().email, "password": "correct horse battery"})),
    row("POST /v1/auth/login", [422; 5]).with(|| json!({"email": admin().email})),
    row("POST /v1/auth/refresh", [422; 5]).with(|| json!({})),
    row("POST /v1/auth/logout", [204; 5]).with(|| json!({"refresh_token": "x"})),
    row("POST /v1/auth/password", [401, 422, 422, 422, 422]).with(|| json!({"current": "x", "new": "weak"})),
    row("GET /v1/auth/sessions", [401, 200, 200, 200, 200]),
    // An admin cannot end the session of another user.
    row("DELETE /v1/auth/sessions/{id}", [401, 404, 204, 404, 404]),
    row("GET /.well-known/jwks.json", [200; 5]),
    row("POST /v1/admin/auth/keys/rotate", [401, 403, 403, 403, 200]).with(|| json!({})),
    row("POST /v1/users", [401, 403, 403, 403, 201])
        .with(|| json!({"email": unique_email("operations"), "display_name": "Operations"})),
    row("GET /v1/users", [401, 403, 403, 200, 200]),
    row("GET /v1/users/me", [401, 200, 200, 200, 200]),
    // 412: the caller is authorised, but the entity tag is stale.
    row("PATCH /v1/users/me", [401, 412, 412, 412, 412]).with(|| json!({"display_name": "Changed"})),
    row("DELETE /v1/users/me", [401, 412, 412, 412, 412]),
    row("GET /v1/users/{id}", [401, 404, 200, 200, 200]),
    row("PATCH /v1/users/{id}", [401, 404, 412, 412, 412]).with(|| json!({"display_name": "Changed"})),
    row("DELETE /v1/users/{id}", [401, 404, 412, 412, 412]),
    row("GET /v1/products", [200; 5]),
    row("GET /v1/products/{id}", [200; 5]),
    row("GET /v1/categories", [200; 5]),
    row("POST /v1/products", [401, 403, 403, 201, 201]).with(|| product_body(&json!({}))),
    // The caller is authorised. 415: the body is not NDJSON; 422: a stock cannot be negative.
    row("POST /v1/products/import", [401, 403, 403, 415, 415]).with(|| product_body(&json!({}))),
    row("PATCH /v1/products/{id}", [401, 403, 403, 412, 412]).with(|| json!({"name": "Changed"})),
    row("DELETE /v1/products/{id}", [401, 403, 403, 412, 412]),
    row("GET /v1/products/{id}/stock", [401, 403, 403, 200, 200]),
    row("PUT /v1/products/{id}/stock", [401, 403, 403, 422, 422]).with(|| json!({"quantity": -1})),
    // 400: the caller is authorised, but the idempotency key is missing.
    row("POST /v1/orders", [401, 400, 400, 400, 400])
        .with(|| orders::order_body(&[("0190a5c0-0000-7000-8000-000000000000", 1)], "pm_ok")),
    row("GET /v1/orders", [401, 200, 200, 200, 200]),
    row("GET /v1/orders/{id}", [401, 404, 200, 200, 200]),
    row("GET /v1/orders/{id}/timeline", [401, 404, 200, 200, 200]),
    // 412: the caller is authorised, but the entity tag is stale.
    row("POST /v1/orders/{id}/cancel", [401, 404, 412, 412, 412]),
    // It is not paid, whatever the entity tag.
    row("POST /v1/orders/{id}/fulfil", [401, 403, 403, 409, 409]),
    row("GET /v1/payments", [401, 200, 200, 200, 200]),
    // 404: there is no such payment; 400: the caller is authorised, but the idempotency key is missing.
    row("GET /v1/payments/{id}", [401, 404, 404, 404, 404]),
    row("POST /v1/payments/{id}/refund", [401, 403, 403, 400, 400]),
    row("GET /v1/notifications", [401, 200, 200, 200, 200]),
    // 422: the caller is authorised, but the body is empty.
    row("POST /v1/notifications", [401, 403, 403, 422, 422]).with(|| json!({})),
    row("GET /v1/notifications/{id}", [401, 404, 404, 404, 404]),
    // 404: there is no such provider.
    row("POST /v1/webhooks/payments/{provider}", [404; 5]).with(|| json!({})),
];
