//! `/v1/orders`.

mod access;
mod addresses;
mod keys;
mod pages;
mod payment;
mod place_order;
mod stock;

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::products::{Product, create_product};
use spindle_tests::target;

/// Creates a product with `on_hand` units.
fn product(on_hand: u32) -> Product {
    create_product(&operator().client, &json!({"stock": {"on_hand": on_hand}}))
}

/// Returns the quantity of `product` that can be sold.
fn available(product: &Product) -> Value {
    target().client().get(&product.path).expect_status(200).json()["stock"]["available"].clone()
}
