//! `/v1/orders`.

mod access;
mod keys;
mod pages;
mod paying;
mod placing;

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::products::{Product, create_product};
use spindle_tests::target;

/// A product of which there is enough, or `quantity`.
fn product(quantity: u32) -> Product {
    create_product(&operator().client, &json!({"stock": {"quantity": quantity}}))
}

/// How much of `product` can be sold.
fn available(product: &Product) -> Value {
    target().client().get(&product.path).expect_status(200).json()["stock"]["available"].clone()
}
