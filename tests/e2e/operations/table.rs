//! Who gets what from each operation. One about a resource is asked about the owner's.

use serde_json::{Value, json};
use spindle_tests::accounts::admin;
use spindle_tests::orders;
use spindle_tests::products::product_body;
use spindle_tests::users::unique_email;

/// What everyone gets from an operation.
pub(super) struct Row {
    /// Method and path.
    pub(super) operation: &'static str,
    /// The body to ask with, a new one for each who asks.
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

/// Every operation that is not for services alone.
pub(super) const ROWS: &[Row] = &[
    row("GET /healthz", [200; 5]),
    row("GET /readyz", [200; 5]),
    row("GET /v1/admin/audit", [401, 403, 403, 403, 200]),
    row("GET /v1/admin/audit/verify", [401, 403, 403, 403, 200]),
    row("GET /v1/admin/dead-letters", [401, 403, 403, 200, 200]),
    row("POST /v1/admin/dead-letters/replay", [401, 403, 403, 403, 202]).with(|| json!({"service": "payments"})),
    // 404: they may, if there were such a letter.
    row("GET /v1/admin/dead-letters/{service}/{id}", [401, 403, 403, 404, 404]),
    row("DELETE /v1/admin/dead-letters/{service}/{id}", [401, 403, 403, 403, 404]),
    row("POST /v1/admin/dead-letters/{service}/{id}/replay", [401, 403, 403, 403, 404]),
    // As far as it goes without a new account for each.
    row("POST /v1/auth/register", [409; 5])
        .with(|| json!({"email": admin().email, "password": "correct horse battery"})),
    row("POST /v1/auth/login", [422; 5]).with(|| json!({"email": admin().email})),
    row("POST /v1/auth/refresh", [422; 5]).with(|| json!({})),
    row("POST /v1/auth/logout", [204; 5]).with(|| json!({"refresh_token": "x"})),
    row("POST /v1/auth/password", [401, 422, 422, 422, 422]).with(|| json!({"current": "x", "new": "weak"})),
    row("GET /v1/auth/sessions", [401, 200, 200, 200, 200]),
    // Not even an admin ends another's.
    row("DELETE /v1/auth/sessions/{id}", [401, 404, 204, 404, 404]),
    row("GET /.well-known/jwks.json", [200; 5]),
    row("POST /v1/admin/auth/keys/rotate", [401, 403, 403, 403, 200]).with(|| json!({})),
    row("POST /v1/users", [401, 403, 403, 403, 201])
        .with(|| json!({"email": unique_email("operations"), "display_name": "Operations"})),
    row("GET /v1/users", [401, 403, 403, 200, 200]),
    row("GET /v1/users/me", [401, 200, 200, 200, 200]),
    // 412: they may, if they knew what they change.
    row("PATCH /v1/users/me", [401, 412, 412, 412, 412]).with(|| json!({"display_name": "Changed"})),
    row("DELETE /v1/users/me", [401, 412, 412, 412, 412]),
    row("GET /v1/users/{id}", [401, 404, 200, 200, 200]),
    row("PATCH /v1/users/{id}", [401, 404, 412, 412, 412]).with(|| json!({"display_name": "Changed"})),
    row("DELETE /v1/users/{id}", [401, 404, 412, 412, 412]),
    row("GET /v1/products", [200; 5]),
    row("GET /v1/products/{id}", [200; 5]),
    row("GET /v1/categories", [200; 5]),
    row("POST /v1/products", [401, 403, 403, 201, 201]).with(|| product_body(&json!({}))),
    // 415: they may, if it were lines; 422: if there could be less than nothing.
    row("POST /v1/products/import", [401, 403, 403, 415, 415]).with(|| product_body(&json!({}))),
    row("PATCH /v1/products/{id}", [401, 403, 403, 412, 412]).with(|| json!({"name": "Changed"})),
    row("DELETE /v1/products/{id}", [401, 403, 403, 412, 412]),
    row("PUT /v1/products/{id}/stock", [401, 403, 403, 422, 422]).with(|| json!({"quantity": -1})),
    // 400: they may, if they had a key for it.
    row("POST /v1/orders", [401, 400, 400, 400, 400])
        .with(|| orders::order_body(&[("0190a5c0-0000-7000-8000-000000000000", 1)], "pm_ok")),
    row("GET /v1/orders", [401, 200, 200, 200, 200]),
    row("GET /v1/orders/{id}", [401, 404, 200, 200, 200]),
    row("GET /v1/orders/{id}/timeline", [401, 404, 200, 200, 200]),
    row("POST /v1/orders/{id}/cancel", [401, 404, 200, 200, 200]),
    // It was cancelled just before.
    row("POST /v1/orders/{id}/fulfil", [401, 403, 403, 409, 409]),
    row("GET /v1/payments", [401, 200, 200, 200, 200]),
    // 404: of no payment; 400: they may, if they had a key for it.
    row("GET /v1/payments/{id}", [401, 404, 404, 404, 404]),
    row("POST /v1/payments/{id}/refund", [401, 403, 403, 400, 400]),
    row("GET /v1/notifications", [401, 200, 200, 200, 200]),
    // Nobody is told anything by what is no wish.
    row("POST /v1/notifications", [401, 403, 403, 422, 422]).with(|| json!({})),
    row("GET /v1/notifications/{id}", [401, 404, 404, 404, 404]),
    // Of no provider that we have.
    row("POST /v1/webhooks/payments/{provider}", [404; 5]).with(|| json!({})),
];
