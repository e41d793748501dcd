//! Internal operations, sent by a caller that is no service. Here the host routes `/internal/...` from outside, so that only the
//! service token protects them.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spindle_tests::accounts::try_log_in;
use spindle_tests::jwt::{Jwt, service_claims, service_token};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{Product, create_product};
use spindle_tests::users::unique_email;
use spindle_tests::{Account, Instance, Response};

const PAGE: &str = include_str!("../../docs/internal-operations.md");

/// The services' secret in these tests.
pub(crate) const SECRET: &str = "the secret of the services in these tests";

/// A new user's id.
const NEW_ID: &str = "0190a5c0-0000-7000-8000-00000000000a";

/// An order's id.
const ORDER_ID: &str = "0190a5c0-0000-7000-8000-00000000000b";

/// The stock of the product, and the quantity of the order.
const STOCK: u32 = 5;
const ORDERED: u32 = 2;

/// A call of an internal operation of docs/internal-operations.md: its caller, its body and the expected status.
struct Call {
    service: &'static str,
    operation: &'static str,
    caller: &'static str,
    body: Option<Value>,
    status: u16,
}

/// Returns a call of every internal operation. The one that deletes the account with the address `email` comes last. Stock of the product
/// `product_id` is reserved, committed and released, so that in the end the stock is as before.
fn calls(email: &str, product_id: &str) -> Vec<Call> {
    let order = json!({"order_id": ORDER_ID, "lines": [{"product_id": product_id, "quantity": ORDERED}]});
    let refund = json!({"refund_id": NEW_ID, "shipped": false});
    let call = |service, operation, caller, body, status| Call { service, operation, caller, body, status };
    vec![
        call("users", "POST /internal/users/identify", "auth", Some(json!({"email": email})), 200),
        call("users", "GET /internal/users/{id}/identity", "auth", None, 200),
        call("users", "PUT /internal/users/{id}", "auth", Some(json!({"email": unique_email("internal")})), 201),
        call("users", "GET /internal/users/{id}/contact", "notifications", None, 200),
        call("users", "GET /internal/users/{id}/addresses/{address_id}", "orders", None, 404),
        call("users", "GET /internal/users/events", "notifications", None, 400),
        call("users", "GET /internal/users/ready", "gateway", None, 200),
        call("users", "GET /internal/users/ready/database", "gateway", None, 200),
        call("users", "GET /internal/users/ready/stores", "gateway", None, 200),
        call("users", "GET /internal/users/ready/calls", "gateway", None, 200),
        call("users", "GET /internal/users/audit", "gateway", None, 200),
        call("users", "GET /internal/users/audit/verify", "gateway", None, 200),
        call("auth", "GET /internal/auth/ready", "gateway", None, 200),
        call("auth", "GET /internal/auth/ready/database", "gateway", None, 200),
        call("auth", "GET /internal/auth/ready/stores", "gateway", None, 200),
        call("auth", "GET /internal/auth/ready/calls", "gateway", None, 200),
        call("auth", "GET /internal/auth/audit", "gateway", None, 200),
        call("auth", "GET /internal/auth/audit/verify", "gateway", None, 200),
        call("auth", "GET /internal/auth/keys", "users", None, 200),
        // Of a session that does not exist: it has ended.
        call("auth", "GET /internal/auth/sessions/{id}", "orders", None, 200),
        call("auth", "POST /internal/auth/accounts/{id}/rights-changed", "users", Some(json!({"active": true})), 204),
        call("auth", "POST /internal/auth/accounts/with-password", "users", Some(json!({"users": [NEW_ID]})), 200),
        // 409: the user has a password.
        call("auth", "POST /internal/auth/accounts/{id}/invitation", "users", None, 409),
        // 400: the parameter `after` is missing.
        call("auth", "GET /internal/auth/events", "notifications", None, 400),
        call("auth", "POST /internal/auth/tick", "gateway", None, 200),
        call("auth", "GET /internal/auth/erasures/{id}", "users", None, 200),
        call("catalog", "POST /internal/catalog/reservations", "orders", Some(order), 201),
        // 409: it is not committed yet.
        call("catalog", "POST /internal/catalog/reservations/{order_id}/ship", "orders", None, 409),
        call("catalog", "POST /internal/catalog/reservations/{order_id}/commit", "orders", None, 200),
        call("catalog", "POST /internal/catalog/reservations/{order_id}/release", "orders", None, 200),
        call("catalog", "POST /internal/catalog/tick", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/ready", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/ready/database", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/ready/stores", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/ready/calls", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/audit", "gateway", None, 200),
        call("catalog", "GET /internal/catalog/audit/verify", "gateway", None, 200),
        call("users", "POST /internal/users/tick", "gateway", None, 200),
        call("gateway", "POST /internal/tick", "ticker", None, 200),
        // The caller is authorised, but the batch is not signed.
        call("gateway", "POST /internal/events", "event-relay", Some(json!([])), 400),
        // 400: the parameter `after` is missing.
        call("orders", "GET /internal/orders/events", "payments", None, 400),
        call("orders", "POST /internal/orders/events", "payments", Some(json!([])), 202),
        call("orders", "POST /internal/orders/tick", "gateway", None, 200),
        // 404: there is no such order.
        call("orders", "POST /internal/orders/orders/{order_id}/refund", "payments", Some(refund), 404),
        call("orders", "GET /internal/orders/dead-letters", "gateway", None, 200),
        call("orders", "POST /internal/orders/dead-letters/replay", "gateway", Some(json!({})), 202),
        // 404: there is no such letter.
        call("orders", "GET /internal/orders/dead-letters/{id}", "gateway", None, 404),
        call("orders", "DELETE /internal/orders/dead-letters/{id}", "gateway", None, 404),
        call("orders", "POST /internal/orders/dead-letters/{id}/replay", "gateway", None, 404),
        call("orders", "GET /internal/orders/ready", "gateway", None, 200),
        call("orders", "GET /internal/orders/ready/database", "gateway", None, 200),
        call("orders", "GET /internal/orders/ready/stores", "gateway", None, 200),
        call("orders", "GET /internal/orders/ready/calls", "gateway", None, 200),
        call("orders", "GET /internal/orders/audit", "gateway", None, 200),
        call("orders", "GET /internal/orders/audit/verify", "gateway", None, 200),
        call("payments", "GET /internal/payments/events", "orders", None, 400),
        call("payments", "POST /internal/payments/events", "orders", Some(json!([])), 202),
        call("payments", "POST /internal/payments/tick", "gateway", None, 200),
        call("payments", "GET /internal/payments/orders/{order_id}/dead-letters", "orders", None, 200),
        call("payments", "GET /internal/payments/dead-letters", "gateway", None, 200),
        call("payments", "POST /internal/payments/dead-letters/replay", "gateway", Some(json!({})), 202),
        call("payments", "GET /internal/payments/dead-letters/{id}", "gateway", None, 404),
        call("payments", "DELETE /internal/payments/dead-letters/{id}", "gateway", None, 404),
        call("payments", "POST /internal/payments/dead-letters/{id}/replay", "gateway", None, 404),
        call("payments", "GET /internal/payments/ready", "gateway", None, 200),
        call("payments", "GET /internal/payments/ready/database", "gateway", None, 200),
        call("payments", "GET /internal/payments/ready/stores", "gateway", None, 200),
        call("payments", "GET /internal/payments/ready/calls", "gateway", None, 200),
        call("payments", "GET /internal/payments/audit", "gateway", None, 200),
        call("payments", "GET /internal/payments/audit/verify", "gateway", None, 200),
        call("notifications", "POST /internal/notifications/events", "users", Some(json!([])), 202),
        call("notifications", "POST /internal/notifications/tick", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/erasures/{id}", "users", None, 200),
        call("notifications", "GET /internal/notifications/dead-letters", "gateway", None, 200),
        call("notifications", "POST /internal/notifications/dead-letters/replay", "gateway", Some(json!({})), 202),
        call("notifications", "GET /internal/notifications/dead-letters/{id}", "gateway", None, 404),
        call("notifications", "DELETE /internal/notifications/dead-letters/{id}", "gateway", None, 404),
        call("notifications", "POST /internal/notifications/dead-letters/{id}/replay", "gateway", None, 404),
        call("notifications", "GET /internal/notifications/ready", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/ready/database", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/ready/stores", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/ready/calls", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/audit", "gateway", None, 200),
        call("notifications", "GET /internal/notifications/audit/verify", "gateway", None, 200),
        call("notify", "GET /internal/notify/ready", "notifications", None, 204),
        call("notify", "POST /internal/notify/send", "notifications", Some(message()), 200),
        call("pricing", "POST /internal/pricing/adjust", "orders", Some(cart()), 200),
        call("payment-provider", "POST /internal/payment-provider/authorize", "payments", Some(authorization()), 200),
        call("payment-provider", "POST /internal/payment-provider/capture", "payments", Some(settlement()), 200),
        call("payment-provider", "POST /internal/payment-provider/void", "payments", Some(settlement()), 200),
        call("payment-provider", "POST /internal/payment-provider/refund", "payments", Some(settlement()), 200),
        call("auth", "GET /internal/auth/users/{user_id}/export/credentials", "users", None, 200),
        call("auth", "GET /internal/auth/users/{user_id}/export/sessions", "users", None, 200),
        call("auth", "GET /internal/auth/users/{user_id}/export/audit", "users", None, 200),
        call("catalog", "GET /internal/catalog/users/{user_id}/export/audit", "users", None, 200),
        call("orders", "GET /internal/orders/users/{user_id}/export/orders", "users", None, 200),
        call("orders", "GET /internal/orders/users/{user_id}/export/idempotency-keys", "users", None, 200),
        call("orders", "GET /internal/orders/users/{user_id}/export/audit", "users", None, 200),
        call("payments", "GET /internal/payments/users/{user_id}/export/payments", "users", None, 200),
        call("payments", "GET /internal/payments/users/{user_id}/export/idempotency-keys", "users", None, 200),
        call("payments", "GET /internal/payments/users/{user_id}/export/audit", "users", None, 200),
        call("notifications", "GET /internal/notifications/users/{user_id}/export/notifications", "users", None, 200),
        call(
            "notifications",
            "GET /internal/notifications/users/{user_id}/export/idempotency-keys",
            "users",
            None,
            200,
        ),
        call("notifications", "GET /internal/notifications/users/{user_id}/export/audit", "users", None, 200),
        call("orders", "GET /internal/orders/erasures/{user_id}", "users", None, 200),
        call("payments", "GET /internal/payments/erasures/{user_id}", "users", None, 200),
        call("auth", "DELETE /internal/auth/accounts/{id}", "users", None, 204),
    ]
}

/// Returns a message for a provider.
fn message() -> Value {
    json!({
        "idempotency_key": ORDER_ID, "template": "order-paid", "locale": "en", "attempt": 1,
        "content": {"sms": {"to": "+4930123456", "text": "Paid."}},
    })
}

/// Returns a cart to price.
fn cart() -> Value {
    json!({
        "order_id": ORDER_ID, "user_id": NEW_ID, "currency": "EUR", "country": "DE", "postal_code": "10115",
        "lines": [{"product_id": NEW_ID, "sku": "S-1", "quantity": 1, "unit_price": 1299}],
    })
}

/// Returns a request to authorise a payment.
fn authorization() -> Value {
    let mut authorization = settlement();
    authorization["order_id"] = json!(ORDER_ID);
    authorization["token"] = json!("pm_ok");
    authorization
}

/// Returns a request to capture, void or refund a payment that the provider does not know.
fn settlement() -> Value {
    json!({
        "idempotency_key": "k", "payment_id": ORDER_ID, "reference": "r", "attempt": 1,
        "amount": {"amount": 1299, "currency": "EUR"},
    })
}

impl Call {
    /// Returns the method and path of the call with the id of `user`.
    fn operation_on(&self, user: &Account) -> String {
        let id = if self.operation.starts_with("PUT ") { NEW_ID } else { &user.id };
        let path = self.operation.replace("{user_id}", "{id}").replace("{id}", id).replace("{order_id}", ORDER_ID);
        path.replace("{address_id}", NEW_ID)
    }

    fn send(&self, instance: &Instance, operation: &str, authorizations: &[&str]) -> Response {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(authorizations.iter().map(|value| ("authorization", *value)));
        let body = self.body.as_ref().map(Value::to_string);
        instance.client().send(method, path, &headers, body.as_deref().map(str::as_bytes))
    }
}

pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs().cast_signed()
}

/// Starts an instance with routes to `/internal/...` of every service.
pub(crate) fn start(state: &Path) -> Instance {
    Instance::start_with_manifest(state, |manifest| {
        for component in [
            "auth",
            "catalog",
            "gateway",
            "notifications",
            "notify-sms",
            "orders",
            "payment-provider",
            "payments",
            "pricing",
            "users",
        ] {
            manifest["component"][component]["variables"]["service_token_secret"] = SECRET.into();
            let route = format!("/internal/{}/...", service(component));
            let entries = [("component", component), ("route", &route)];
            let trigger = entries.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect();
            let triggers = manifest["trigger"]["http"].as_array_mut().expect("a list of routes");
            triggers.push(toml::Value::Table(trigger));
        }
    })
}

/// Returns the name of the service of `component`.
fn service(component: &str) -> &str {
    if component.starts_with("notify-") { "notify" } else { component }
}

/// Creates a product.
fn product(instance: &Instance) -> Product {
    create_product(&instance.admin().client, &json!({"stock": {"on_hand": STOCK}}))
}

/// Returns tokens that are invalid for `operation` of the service of `call`, each with its fault.
fn bad_tokens(call: &Call, operation: &str, user: &Account, admin: &Account) -> Vec<(&'static str, String)> {
    let now = now();
    let good = service_claims(call.caller, call.service, operation, now);
    let with = |claim: &str, value: Value| {
        let mut claims = good.clone();
        claims[claim] = value;
        service_token(SECRET, claims)
    };
    let without = |claim: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().expect("an object").remove(claim);
        service_token(SECRET, claims)
    };
    let other = if call.service == "users" { "auth" } else { "users" };
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let signed = |header: Value, algorithm: &str, secret: &str| {
        Jwt::new(header, good.clone()).signed_with_secret(algorithm, secret.as_bytes()).text()
    };
    let header = || json!({"typ": "spindle-service+jwt"});
    let text = service_token(SECRET, good.clone());
    let unsigned = Jwt::new(json!({"typ": "spindle-service+jwt", "alg": "none"}), good.clone());
    vec![
        (
            "expired a minute ago",
            service_token(SECRET, service_claims(call.caller, call.service, operation, now - 120)),
        ),
        (
            "issued in the future",
            service_token(SECRET, service_claims(call.caller, call.service, operation, now + 600)),
        ),
        ("without an end", without("exp")),
        ("without an issue", without("iat")),
        ("without a caller", without("iss")),
        ("for another service", with("aud", json!(other))),
        ("for an unknown service", with("aud", json!("unknown"))),
        ("for several services", with("aud", json!(["auth", "users"]))),
        ("for no service", without("aud")),
        ("for another method", with("scope", json!(format!("OPTIONS:{path}")))),
        ("for another path", with("scope", json!(format!("{method}:{path}/x")))),
        ("for a path before it", with("scope", json!(format!("{method}:/internal")))),
        ("for everything", with("scope", json!("*"))),
        ("for several operations", with("scope", json!(format!("{method}:{path} {method}:/x")))),
        ("for nothing", without("scope")),
        ("of a made-up role", {
            let mut claims = good.clone();
            claims["sub"] = json!(user.id);
            claims["roles"] = json!(["root"]);
            service_token(SECRET, claims)
        }),
        ("under another secret", service_token("another secret of the services, as long", good.clone())),
        ("under an empty secret", service_token("", good.clone())),
        ("under the secret and more", service_token(&format!("{SECRET} "), good.clone())),
        ("under HS384", signed(header(), "HS384", SECRET)),
        ("under HS512", signed(header(), "HS512", SECRET)),
        ("of no type", signed(json!({}), "HS256", SECRET)),
        ("of the type of access tokens", signed(json!({"typ": "at+jwt"}), "HS256", SECRET)),
        ("of the type JWT", signed(json!({"typ": "JWT"}), "HS256", SECRET)),
        ("unsigned", unsigned.text()),
        ("unsigned, of two parts", unsigned.message()),
        ("cut off", text[..text.len() - 2].to_owned()),
        ("longer than any", format!("{text}{}", "A".repeat(3000))),
        ("a customer's access token", user.access_token.clone()),
        ("an admin's access token", admin.access_token.clone()),
        ("a refresh token", user.refresh_token.clone()),
    ]
}

#[test]
fn without_a_valid_service_token_every_internal_operation_is_refused() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let (user, admin) = (instance.accounts().customer("internal"), instance.admin());
    let product = product(&instance);
    for call in calls(&user.email, &product.id) {
        let operation = call.operation_on(&user);
        let refuse = |name: &str, authorizations: &[&str]| {
            let response = call.send(&instance, &operation, authorizations);
            assert_eq!(response.status, 401, "{operation} with {name}: {}", response.text());
            expect_problem(&response, 401, "unauthorized");
        };
        refuse("no token", &[]);
        for (name, token) in bad_tokens(&call, &operation, &user, &admin) {
            refuse(&format!("a token {name}"), &[&format!("Bearer {token}")]);
        }
        let good = service_token(SECRET, service_claims(call.caller, call.service, &operation, now()));
        refuse("a valid token under another scheme", &[&format!("Basic {good}")]);
        refuse("a valid token twice", &[&format!("Bearer {good}"), &format!("Bearer {good}")]);
    }
    // No user was created or erased, and no stock was reserved.
    assert_eq!(instance.client().get(&product.path).expect_status(200).json(), product.body);
    assert_eq!(admin.client.get(&format!("/v1/users/{NEW_ID}")).status, 404);
    try_log_in(&instance.client(), &user.email, &user.password).expect_status(200);
}

#[test]
fn with_a_valid_service_token_each_internal_operation_works() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let user = instance.accounts().customer("internal");
    let product = product(&instance);
    for call in calls(&user.email, &product.id) {
        let operation = call.operation_on(&user);
        let good = service_token(SECRET, service_claims(call.caller, call.service, &operation, now()));
        let response = call.send(&instance, &operation, &[&format!("Bearer {good}")]);
        assert_eq!(response.status, call.status, "{operation}: {}", response.text());
        let holds_stock = ["/reservations", "/ship", "/commit"].iter().any(|end| operation.ends_with(end));
        let left = if holds_stock { STOCK - ORDERED } else { STOCK };
        let read = instance.client().get(&product.path).expect_status(200).json();
        assert_eq!(read["stock"], json!({"available": left}), "after {operation}");
    }
    instance.admin().client.get(&format!("/v1/users/{NEW_ID}")).expect_status(200);
    expect_problem(&try_log_in(&instance.client(), &user.email, &user.password), 401, "invalid-credentials");
}

/// Returns the services that may call `operation` according to the page; none if every service may.
fn allowed(operation: &str) -> Vec<&'static str> {
    let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{operation}` |")));
    match row.map(|row| row.split('|').nth(2).expect("a second cell").trim()) {
        Some("every service") => Vec::new(),
        Some(callers) => callers.split(", ").collect(),
        // The built-in operations of every service: those that call it ask whether it is ready, the others are for the gateway.
        None if operation.ends_with("/ready") => Vec::new(),
        None => vec!["gateway"],
    }
}

#[test]
fn a_service_may_call_only_the_operations_that_name_it() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let user = instance.accounts().customer("internal");
    let product = product(&instance);
    for call in calls(&user.email, &product.id) {
        let (operation, allowed) = (call.operation_on(&user), allowed(call.operation));
        assert!(allowed.is_empty() || allowed.contains(&call.caller), "{operation}: {allowed:?}");
        for caller in ["auth", "catalog", "gateway", "orders", "users", "unknown", "", "*", "Users", "users,auth"] {
            if !allowed.is_empty() && !allowed.contains(&caller) {
                let token = service_token(SECRET, service_claims(caller, call.service, &operation, now()));
                let response = call.send(&instance, &operation, &[&format!("Bearer {token}")]);
                assert_eq!(response.status, 403, "{operation} for {caller:?}: {}", response.text());
                expect_problem(&response, 403, "forbidden");
            }
        }
    }
    try_log_in(&instance.client(), &user.email, &user.password).expect_status(200);
    assert_eq!(instance.client().get(&product.path).expect_status(200).json(), product.body);
}

#[test]
fn a_service_token_is_no_access_token() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let admin = instance.admin();
    for (service, path) in [("users", "/v1/users/me"), ("users", "/v1/users"), ("auth", "/v1/auth/sessions")] {
        let mut claims = service_claims("gateway", service, &format!("GET {path}"), now());
        for _ in 0..2 {
            let response = instance.client().as_user(&service_token(SECRET, claims.clone())).get(path);
            expect_problem(&response, 401, "unauthorized");
            let challenge = response.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
            // Nor is it one with the claims of an admin's access token.
            for (claim, value) in Jwt::parse(&admin.access_token).claims.as_object().expect("an object") {
                claims[claim] = value.clone();
            }
        }
    }
}

#[test]
fn the_gateway_has_no_built_in_operations() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    for path in ["/internal/gateway/ready", "/internal/gateway/audit"] {
        let token = service_token(SECRET, service_claims("users", "gateway", &format!("GET {path}"), now()));
        expect_problem(&instance.client().as_user(&token).get(path), 404, "not-found");
    }
}

#[test]
fn every_internal_operation_has_a_call() {
    let called: Vec<&str> = calls("", "").iter().map(|call| call.operation).collect();
    for line in PAGE.lines().filter(|line| line.contains("| service")) {
        let operation = line.split('`').nth(1).expect("an operation");
        assert!(called.contains(&operation), "add a call of {operation} to this file");
    }
}
