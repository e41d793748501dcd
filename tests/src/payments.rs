//! Payments for tests to follow, and a provider that tells of them.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::orders::Order;
use crate::{Client, Response};

/// Where the sandbox tells by itself.
pub const WEBHOOK: &str = "/v1/webhooks/payments/sandbox";

/// How long a payment may take to get where a test expects it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The payment of `order` as `client` sees it, if there is one to see.
///
/// # Panics
///
/// If the list is refused.
#[track_caller]
pub fn payment_of(client: &Client, order: &Order) -> Option<Value> {
    let page = client.get(&format!("/v1/payments?order_id={}", order.id)).expect_status(200).json();
    page["items"].as_array().expect("items are a list").first().cloned()
}

/// Ticks with `tick` until the payment of `order` is what `is_there` looks for; the payment by then.
///
/// # Panics
///
/// If it takes too long.
#[track_caller]
pub fn wait_until(client: &Client, order: &Order, is_there: impl Fn(&Value) -> bool, tick: impl Fn()) -> Value {
    let start = Instant::now();
    loop {
        let found = payment_of(client, order);
        match found {
            Some(payment) if is_there(&payment) => return payment,
            other => assert!(start.elapsed() < PATIENCE, "it stays at {other:?}"),
        }
        tick();
    }
}

/// Asks as `client` under `key` for a refund of `payment`.
pub fn refund(client: &Client, payment: &Value, key: &str) -> Response {
    let id = payment["id"].as_str().expect("a payment has an id");
    client.send("POST", &format!("/v1/payments/{id}/refund"), &[("idempotency-key", key)], None)
}

/// Tells `notice` as the provider whose secret is `secret`.
pub fn send_webhook(client: &Client, secret: &str, notice: &Value) -> Response {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
    let body = notice.to_string();
    let headers = [("content-type", "application/json"), ("spindle-signature", &sign(secret, now, &body))];
    client.anonymous().send("POST", WEBHOOK, &headers, Some(body.as_bytes()))
}

/// The signature of `body` under `secret` at the time `seconds`.
///
/// # Panics
///
/// Never: HMAC takes a key of any length.
pub fn sign(secret: &str, seconds: u64, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    let signature = mac.chain_update(format!("{seconds}.{body}")).finalize().into_bytes();
    format!("t={seconds},v1={}", base16ct::lower::encode_string(&signature))
}
