//! `/v1/payments` and the provider's webhooks.

mod access;
mod refunds;
mod webhooks;

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::orders::{Order, place_order};
use spindle_tests::payments::wait_until;
use spindle_tests::products::create_product;
use spindle_tests::{Client, target};

/// Places an order that is to be paid with `token`.
fn order(client: &Client, token: &str) -> Order {
    place_order(client, &create_product(&operator().client, &json!({"stock": {"on_hand": 10}})), 1, token)
}

/// Returns the payment of `order` once it has the `status`.
fn with_status(client: &Client, order: &Order, status: &str) -> Value {
    wait_until(client, order, |payment| payment["status"] == status, || target().tick())
}

/// Returns the payment of `order` once it has a reference of the provider.
fn with_reference(client: &Client, order: &Order) -> Value {
    wait_until(client, order, |payment| payment["provider_reference"].is_string(), || target().tick())
}
