//! Orders to a saved address of the customer.

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, customer};
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::{expect_invalid, expect_problem};

use super::product;

/// Saves an address with the name `recipient` for `buyer`, and returns it as it is read.
fn save_address(buyer: &Account, recipient: &str) -> Value {
    let address = json!({
        "label": "Home", "name": recipient, "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
    });
    let saved = buyer.client.patch("/v1/users/me", "*", &json!({"addresses": [address]})).expect_status(200).json();
    saved["addresses"][0].clone()
}

#[test]
fn a_saved_address_is_ordered_to_as_it_is_read_or_by_its_id() {
    let buyer = customer("buyer");
    let lamp = product(10);
    let saved = save_address(&buyer, "Ada Lovelace");
    let body = order_body(&[(&lamp.id, 1)], "pm_timeout");

    let mut as_read = body.clone();
    as_read["shipping_address"] = saved.clone();
    let placed = try_place_order(&buyer.client, &unique_key(), &as_read).expect_status(201).json();
    assert_eq!(placed["shipping_address"], body["shipping_address"]);

    let mut by_id = body.clone();
    by_id.as_object_mut().expect("a body").remove("shipping_address");
    by_id["shipping_address_id"] = saved["id"].clone();
    let key = unique_key();
    let placed = try_place_order(&buyer.client, &key, &by_id).expect_status(201);
    assert_eq!(placed.json()["shipping_address"], body["shipping_address"]);

    // An order keeps its address, and so does the response to its key.
    save_address(&buyer, "Grace Hopper");
    let again = try_place_order(&buyer.client, &key, &by_id);
    assert_eq!((again.status, again.text()), (201, placed.text()));

    let mut both = by_id.clone();
    both["shipping_address"] = body["shipping_address"].clone();
    expect_invalid(&try_place_order(&buyer.client, &unique_key(), &both), &["/shipping_address_id"]);
    let stranger = customer("stranger").client;
    expect_invalid(&try_place_order(&stranger, &unique_key(), &by_id), &["/shipping_address_id"]);
    expect_problem(&try_place_order(&stranger, &key, &by_id), 422, "validation-failed");
}
