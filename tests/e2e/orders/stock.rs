//! The stock of a product while orders of it are placed, paid, counted, shipped and cancelled.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{cancel, fulfil, place_order, wait_until};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::Product;
use spindle_tests::{Response, target};

use super::{available, product};

fn tick() {
    target().tick();
}

fn stock(product: &Product) -> Value {
    operator().client.get(&format!("{}/stock", product.path)).expect_status(200).json()
}

fn count(product: &Product, on_hand: u32) -> Response {
    let body = json!({"on_hand": on_hand}).to_string();
    let headers = [("content-type", "application/json")];
    operator().client.send("PUT", &format!("{}/stock", product.path), &headers, Some(body.as_bytes()))
}

/// Ticks until the stock of `product` is `expected`.
#[track_caller]
fn wait_for_stock(product: &Product, expected: &Value) {
    let start = Instant::now();
    while stock(product) != *expected {
        assert!(start.elapsed() < Duration::from_secs(20), "{} instead of {expected}", stock(product));
        tick();
    }
}

#[test]
fn a_count_of_the_shelf_before_and_after_the_shipment_sells_no_piece_twice() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 2, "pm_ok");
    wait_until(&owner, &order.path, "payment_captured", tick);
    let sold = json!({"on_hand": 10, "reserved": 0, "allocated": 2, "available": 8});
    assert_eq!(stock(&product), sold);
    // All ten are on the shelf.
    count(&product, 10).expect_status(200);
    assert_eq!((stock(&product), available(&product)), (sold, json!(8)));
    expect_problem(&count(&product, 1), 409, "conflict");

    fulfil(&operator().client, &order.path).expect_status(200);
    let shipped = json!({"on_hand": 8, "reserved": 0, "allocated": 0, "available": 8});
    wait_for_stock(&product, &shipped);
    count(&product, 8).expect_status(200);
    assert_eq!((stock(&product), available(&product)), (shipped, json!(8)));
}

#[test]
fn the_pieces_of_a_paid_order_that_is_cancelled_are_for_sale_again() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 2, "pm_ok");
    wait_until(&owner, &order.path, "payment_captured", tick);
    cancel(&owner, &order.path).expect_status(200);
    wait_for_stock(&product, &json!({"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}));
}

#[test]
fn an_edit_of_a_product_that_was_sold_meanwhile_succeeds() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 2, "pm_ok");
    wait_until(&owner, &order.path, "payment_captured", tick);
    let client = &operator().client;
    let read = client.get(&product.path).expect_status(200);
    assert_ne!(read.etag(), product.etag, "a cache has to fetch the new number of available pieces");
    let edited = client.patch(&product.path, &product.etag, &json!({"name": "Lantern"})).expect_status(200);
    assert_eq!(edited.json()["stock"], json!({"available": 8}));
    expect_problem(&client.patch(&product.path, &read.etag(), &json!({"name": "Lost"})), 412, "precondition-failed");
}
