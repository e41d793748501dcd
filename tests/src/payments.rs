//! Payments: read by the tests, and reported by a provider through its webhook.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::orders::Order;
use crate::{Client, Response};

/// The path of the sandbox's webhook.
pub const WEBHOOK: &str = "/v1/webhooks/payments/sandbox";

/// The time limit for a payment to reach the state that a test expects.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns the payment of `order` as `client` sees it, if there is one to see.
///
/// # Panics
///
/// If the list is refused.
#[track_caller]
pub fn payment_of(client: &Client, order: &Order) -> Option<Value> {
    let page = client.get(&format!("/v1/payments?order_id={}", order.id)).expect_status(200).json();
    page["items"].as_array().expect("items are a list").first().cloned()
}

/// Ticks with `tick` until `matches` holds for the payment of `order`, and returns the payment.
///
/// # Panics
///
/// If it takes too long.
#[track_caller]
pub fn wait_until(client: &Client, order: &Order, matches: impl Fn(&Value) -> bool, tick: impl Fn()) -> Value {
    let start = Instant::now();
    loop {
        let found = payment_of(client, order);
        match found {
            Some(payment) if matches(&payment) => return payment,
            other => assert!(start.elapsed() < TIMEOUT, "it stays at {other:?}"),
        }
        tick();
    }
}

/// Requests as `client` under `key` a refund of `payment`.
pub fn refund(client: &Client, payment: &Value, key: &str) -> Response {
    let id = payment["id"].as_str().expect("a payment has an id");
    client.send("POST", &format!("/v1/payments/{id}/refund"), &[("idempotency-key", key)], None)
}

/// Requests as [`refund`] does, of an order that was shipped.
pub fn refund_shipped(client: &Client, payment: &Value, key: &str) -> Response {
    let id = payment["id"].as_str().expect("a payment has an id");
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.send("POST", &format!("/v1/payments/{id}/refund"), &headers, Some(br#"{"shipped": true}"#))
}

/// Sends `event` to the webhook as the provider whose secret is `secret`.
pub fn send_webhook(client: &Client, secret: &str, event: &Value) -> Response {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
    let body = event.to_string();
    let headers = [("content-type", "application/json"), ("spindle-signature", &sign(secret, now, &body))];
    client.anonymous().send("POST", WEBHOOK, &headers, Some(body.as_bytes()))
}

/// Returns the signature of `body` under `secret` at the time `seconds`.
///
/// # Panics
///
/// Never: HMAC takes a key of any length.
pub fn sign(secret: &str, seconds: u64, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    let signature = mac.chain_update(format!("{seconds}.{body}")).finalize().into_bytes();
    format!("t={seconds},v1={}", base16ct::lower::encode_string(&signature))
}
