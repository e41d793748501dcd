//! Orders: placed, changed and read by the tests.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::products::{Product, unique_word};
use crate::{Client, Response};

/// The time limit for an order to reach the state that a test expects.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An order as it was placed.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// Its path.
    pub path: String,
    /// Its representation.
    pub body: Value,
    /// The entity tag of that representation.
    pub etag: String,
}

impl Order {
    /// Returns the order in a 201 or 200.
    ///
    /// # Panics
    ///
    /// If the response has no id or entity tag.
    #[track_caller]
    pub fn from_response(response: &Response) -> Self {
        let body = response.json();
        let id = body["id"].as_str().unwrap_or_else(|| panic!("an order has an id: {body}")).to_owned();
        Self { path: format!("/v1/orders/{id}"), id, etag: response.etag(), body }
    }
}

/// Returns a key that no other request has used.
pub fn unique_key() -> String {
    unique_word("key")
}

/// Returns the body of a request that orders `items` (product ids and quantities) and pays with `token`.
pub fn order_body(items: &[(&str, u32)], token: &str) -> Value {
    let item = |(product_id, quantity): &(&str, u32)| json!({"product_id": product_id, "quantity": quantity});
    json!({
        "items": items.iter().map(item).collect::<Vec<_>>(),
        "shipping_address": {
            "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
        },
        "payment_method": {"token": token},
    })
}

/// Sends the order `body` with `key`, and returns the response, also if it is an error.
pub fn try_place_order(client: &Client, key: &str, body: &Value) -> Response {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.send("POST", "/v1/orders", &headers, Some(body.to_string().as_bytes()))
}

/// Places an order of `quantity` of `product`, to be paid with `token`.
///
/// # Panics
///
/// If it is not placed.
#[track_caller]
pub fn place_order(client: &Client, product: &Product, quantity: u32, token: &str) -> Order {
    let placed = try_place_order(client, &unique_key(), &order_body(&[(&product.id, quantity)], token));
    Order::from_response(&placed.expect_status(201))
}

/// Cancels the order at `path`.
pub fn cancel(client: &Client, path: &str) -> Response {
    client.send("POST", &format!("{path}/cancel"), &[], None)
}

/// Marks the order at `path` as fulfilled.
pub fn fulfil(client: &Client, path: &str) -> Response {
    client.send("POST", &format!("{path}/fulfil"), &[], None)
}

/// Returns the timeline of the order at `path`.
///
/// # Panics
///
/// If there is none.
#[track_caller]
pub fn timeline(client: &Client, path: &str) -> Value {
    client.get(&format!("{path}/timeline")).expect_status(200).json()
}

/// Returns the kinds of the entries in the timeline of the order at `path`.
///
/// # Panics
///
/// If there is none.
#[track_caller]
pub fn kinds(client: &Client, path: &str) -> Vec<String> {
    let timeline = timeline(client, path);
    let items = timeline["items"].as_array().unwrap_or_else(|| panic!("items are a list: {timeline}"));
    items.iter().map(|entry| entry["kind"].as_str().expect("an entry has a kind").to_owned()).collect()
}

/// Ticks with `tick` until the timeline of the order at `path` has an entry of the `kind`, and returns the order.
///
/// # Panics
///
/// If it takes too long.
#[track_caller]
pub fn wait_until(client: &Client, path: &str, kind: &str, tick: impl Fn()) -> Value {
    let start = Instant::now();
    while !kinds(client, path).iter().any(|entry| entry == kind) {
        assert!(start.elapsed() < TIMEOUT, "no {kind} in {}", timeline(client, path));
        tick();
    }
    client.get(path).expect_status(200).json()
}
