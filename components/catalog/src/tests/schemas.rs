//! The schemas of requests: each says what its type reads.

use super::product_input;
use crate::fields::StockLevel;
use crate::product::{NewProduct, ProductLine, ProductPatch};
use serde_json::{Value, json};
use spindle_platform::testing::{assert_schema_and_type_agree, merged};

/// Returns a change of every field, and one that clears what can be cleared.
fn changes() -> [Value; 2] {
    let attributes = json!({ "colour": "red", "watts": 1.5, "dimmable": null });
    let every = merged(&product_input("A"), &json!({ "attributes": attributes, "status": "archived" }));
    [every, json!({ "sku": "A", "description": null, "price": { "amount": 0 }, "attributes": null })]
}

#[test]
fn the_schema_of_a_new_product_says_what_is_read() {
    let least = json!({ "sku": "A", "name": "A", "price": { "amount": 0, "currency": "EUR" }, "category": "a-1" });
    let most = merged(&product_input("10/20_x.y"), &json!({ "status": "active" }));
    assert_schema_and_type_agree::<NewProduct>(&[least, most], &[]);
}

#[test]
fn the_schema_of_a_change_says_what_is_read() {
    let [every, cleared] = changes();
    assert_schema_and_type_agree::<ProductPatch>(&[json!({}), every, cleared], &[]);
}

#[test]
fn the_schema_of_a_line_says_what_is_read() {
    let [every, cleared] = changes();
    assert_schema_and_type_agree::<ProductLine>(&[json!({ "sku": "A" }), every, cleared], &[]);
}

#[test]
fn the_schema_of_a_count_says_what_is_read() {
    assert_schema_and_type_agree::<StockLevel>(&[json!({ "on_hand": 7 })], &[]);
}
