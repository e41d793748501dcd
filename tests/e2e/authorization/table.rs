//! The table: the status of every operation that can be reached from outside, for every kind of caller.

use super::fixture::{self, Fixture};
use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin};
use spindle_tests::orders::order_body;
use spindle_tests::products::product_body;
use spindle_tests::users::unique_email;

/// The callers, in the order of the columns. An operation on a resource is sent with one of the owner's.
///
/// The tokens of the last four are valid and have not expired, but the right that they were issued for has ended. Three of them are admins', so
/// that no role refuses them but the end itself; the token of the demoted operator says operator. What changes something looks at the rights of
/// now. What reads goes on with the token until it expires.
pub(super) const CALLERS: [&str; 9] = [
    "an anonymous client",
    "another customer",
    "the owner",
    "an operator",
    "an admin",
    "an erased user",
    "a demoted operator",
    "an ended session",
    "a deactivated user",
];

/// An operation with the status for each of [`CALLERS`].
pub(super) struct Row {
    /// Method and path.
    pub(super) operation: &'static str,
    /// The statuses. Where a success would end what other rows need, the caller is let in, and then refused: with 412, because the request has a
    /// stale entity tag, or with 400, because it has a query parameter that no operation has.
    pub(super) statuses: [u16; CALLERS.len()],
    /// Returns the id of the resource in the path: a new one, if the operation can be used up.
    pub(super) resource: Option<fn(&Fixture) -> String>,
    /// Returns the body, a new one for each request.
    pub(super) body: Option<fn(&Fixture) -> Value>,
}

const fn row(operation: &'static str, statuses: [u16; CALLERS.len()]) -> Row {
    Row { operation, statuses, resource: None, body: None }
}

impl Row {
    const fn of(self, resource: fn(&Fixture) -> String) -> Self {
        Self { resource: Some(resource), ..self }
    }

    const fn with(self, body: fn(&Fixture) -> Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

/// Every operation except those that have no route from outside.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    //                                                        anon cust own  oper adm  eras demo ende deac
    row("GET /healthz",                                      [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("GET /readyz",                                       [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("GET /v1/admin/audit",                               [401, 403, 403, 403, 200, 200, 403, 200, 200]),
    row("GET /v1/admin/audit/verify",                        [401, 403, 403, 403, 200, 200, 403, 200, 200]),
    row("GET /v1/admin/dead-letters",                        [401, 403, 403, 200, 200, 200, 200, 200, 200]),
    row("POST /v1/admin/dead-letters/replay",                [401, 403, 403, 403, 202, 401, 403, 401, 401]).with(|_| json!({"service": "payments"})),
    row("GET /v1/admin/dead-letters/{service}/{id}",         [401, 403, 403, 200, 200, 200, 200, 200, 200]).of(fixture::dead_letter),
    row("DELETE /v1/admin/dead-letters/{service}/{id}",      [401, 403, 403, 403, 204, 401, 403, 401, 401]).of(fixture::dead_letter),
    row("POST /v1/admin/dead-letters/{service}/{id}/replay", [401, 403, 403, 403, 202, 401, 403, 401, 401]).of(fixture::dead_letter),
    // Only a service token opens these two.
    row("POST /internal/tick",                               [401, 401, 401, 401, 401, 401, 401, 401, 401]).with(empty),
    row("POST /internal/events",                             [401, 401, 401, 401, 401, 401, 401, 401, 401]).with(empty),

    // 409: without a new account for each caller.
    row("POST /v1/auth/register",                            [409, 409, 409, 409, 409, 409, 409, 409, 409]).with(taken_address),
    row("POST /v1/auth/login",                               [200, 200, 200, 200, 200, 200, 200, 200, 200]).with(credentials),
    // 422: the token is missing, since each can be used once.
    row("POST /v1/auth/refresh",                             [422, 422, 422, 422, 422, 422, 422, 422, 422]).with(empty),
    row("POST /v1/auth/logout",                              [204, 204, 204, 204, 204, 204, 204, 204, 204]).with(|_| json!({"refresh_token": "x"})),
    // 422: the new password is too weak, since a good one would end the sessions that other rows need.
    row("POST /v1/auth/password",                            [401, 422, 422, 422, 422, 401, 422, 401, 401]).with(|_| json!({"current": "x", "new": "weak"})),
    // auth looks at the session for a read as well.
    row("GET /v1/auth/sessions",                             [401, 200, 200, 200, 200, 401, 200, 401, 401]),
    row("DELETE /v1/auth/sessions/{id}",                     [401, 404, 204, 404, 404, 401, 404, 401, 401]).of(fixture::session),
    // 400: an unknown query, since all sessions of a caller are needed by other rows.
    row("DELETE /v1/auth/sessions",                          [401, 400, 400, 400, 400, 401, 400, 401, 401]),
    // 422: the password is too weak, since an invitation can be used once.
    row("POST /v1/auth/invitations/accept",                  [422, 422, 422, 422, 422, 422, 422, 422, 422]).with(|_| json!({"token": "x", "password": "weak"})),
    row("GET /.well-known/jwks.json",                        [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("POST /v1/admin/auth/keys/rotate",                   [401, 403, 403, 403, 200, 401, 403, 401, 401]).with(empty),

    row("POST /v1/users",                                    [401, 403, 403, 403, 201, 401, 403, 401, 401]).with(new_user),
    row("GET /v1/users",                                     [401, 403, 403, 200, 200, 200, 200, 200, 200]),
    row("GET /v1/users/me",                                  [401, 200, 200, 200, 200, 404, 200, 200, 200]),
    row("PATCH /v1/users/me",                                [401, 200, 200, 200, 200, 401, 200, 401, 401]).with(profile_change),
    row("DELETE /v1/users/me",                               [401, 412, 412, 412, 412, 401, 412, 401, 401]),
    row("GET /v1/users/{id}",                                [401, 404, 200, 200, 200, 200, 200, 200, 200]).of(fixture::owner),
    row("PATCH /v1/users/{id}",                              [401, 404, 200, 200, 200, 401, 404, 401, 401]).of(fixture::owner).with(profile_change),
    row("DELETE /v1/users/{id}",                             [401, 404, 412, 412, 412, 401, 404, 401, 401]).of(fixture::owner),
    row("GET /v1/users/me/export",                           [401, 200, 200, 200, 200, 404, 200, 200, 200]),
    row("GET /v1/users/{id}/erasure",                        [401, 403, 403, 200, 200, 200, 200, 200, 200]).of(|fixture| fixture.erased.id.clone()),
    row("POST /v1/users/{id}/deactivate",                    [401, 403, 403, 403, 200, 401, 403, 401, 401]).of(fixture::user),
    row("POST /v1/users/{id}/reactivate",                    [401, 403, 403, 403, 200, 401, 403, 401, 401]).of(fixture::user),
    row("POST /v1/users/{id}/invitation",                    [401, 403, 403, 403, 201, 401, 403, 401, 401]).of(fixture::user),

    row("GET /v1/products",                                  [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("GET /v1/products/{id}",                             [200, 200, 200, 200, 200, 200, 200, 200, 200]).of(fixture::product),
    row("GET /v1/categories",                                [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("POST /v1/products",                                 [401, 403, 403, 201, 201, 401, 403, 401, 401]).with(new_product),
    row("POST /v1/products/import",                          [401, 403, 403, 200, 200, 401, 403, 401, 401]).with(new_product),
    row("PATCH /v1/products/{id}",                           [401, 403, 403, 200, 200, 401, 403, 401, 401]).of(fixture::product).with(price_of_one_cent),
    row("DELETE /v1/products/{id}",                          [401, 403, 403, 204, 204, 401, 403, 401, 401]).of(fixture::product),
    row("GET /v1/products/{id}/stock",                       [401, 403, 403, 200, 200, 200, 200, 200, 200]).of(fixture::product),
    row("PUT /v1/products/{id}/stock",                       [401, 403, 403, 200, 200, 401, 403, 401, 401]).of(fixture::product).with(|_| json!({"quantity": 7})),

    row("POST /v1/orders",                                   [401, 201, 201, 201, 201, 401, 201, 401, 401]).with(new_order),
    row("GET /v1/orders",                                    [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("GET /v1/orders/{id}",                               [401, 404, 200, 200, 200, 200, 200, 200, 200]).of(fixture::unpaid_order),
    row("GET /v1/orders/{id}/timeline",                      [401, 404, 200, 200, 200, 200, 200, 200, 200]).of(fixture::unpaid_order),
    row("POST /v1/orders/{id}/cancel",                       [401, 404, 200, 200, 200, 401, 404, 401, 401]).of(fixture::unpaid_order),
    row("POST /v1/orders/{id}/fulfil",                       [401, 403, 403, 200, 200, 401, 403, 401, 401]).of(fixture::paid_order),

    row("GET /v1/payments",                                  [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("GET /v1/payments/{id}",                             [401, 404, 200, 200, 200, 200, 200, 200, 200]).of(fixture::captured_payment),
    row("POST /v1/payments/{id}/refund",                     [401, 403, 403, 202, 202, 401, 403, 401, 401]).of(fixture::captured_payment),
    // Only the provider's signature opens it.
    row("POST /v1/webhooks/payments/{provider}",             [401, 401, 401, 401, 401, 401, 401, 401, 401]).with(empty),

    row("GET /v1/notifications",                             [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("POST /v1/notifications",                            [401, 403, 403, 202, 202, 401, 403, 401, 401]).with(message),
    row("GET /v1/notifications/{id}",                        [401, 404, 200, 200, 200, 200, 200, 200, 200]).of(fixture::notification),
];

fn empty(_: &Fixture) -> Value {
    json!({})
}

fn taken_address(_: &Fixture) -> Value {
    json!({"email": admin().email, "password": PASSWORD})
}

fn credentials(fixture: &Fixture) -> Value {
    json!({"email": fixture.owner.email, "password": fixture.owner.password})
}

fn new_user(_: &Fixture) -> Value {
    json!({"email": unique_email("authorization"), "display_name": "New"})
}

fn profile_change(_: &Fixture) -> Value {
    json!({"locale": "en"})
}

fn new_product(_: &Fixture) -> Value {
    product_body(&json!({}))
}

fn price_of_one_cent(_: &Fixture) -> Value {
    json!({"price": {"amount": 1, "currency": "EUR"}})
}

fn new_order(fixture: &Fixture) -> Value {
    order_body(&[(&fixture.product.id, 1)], "pm_declined")
}

fn message(fixture: &Fixture) -> Value {
    json!({"user_id": fixture::user(fixture), "template": "message", "data": {"subject": "Hello", "text": "It is on its way."}})
}
