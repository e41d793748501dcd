//! The adapter on the native platform, with a fake adjuster.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::pricing::ADJUST;
use spindle_edge::testing::call_adapter;

const ID: &str = "0190a5c0-0000-7000-8000-00000000000b";

fn cart(postal_code: &str) -> Value {
    json!({
        "order_id": ID, "user_id": ID, "currency": "EUR", "country": "DE", "postal_code": postal_code,
        "lines": [{ "product_id": ID, "sku": "S-1", "quantity": 2, "unit_price": 1299 }],
    })
}

#[test]
fn the_result_of_the_adjuster_is_the_response_errors_included() {
    let error = |kind: &str| json!({ "error": { "kind": kind, "detail": "DE" } });
    for (postal_code, result) in [
        ("10115", json!({ "ok": [{ "kind": "tax", "label": "DE", "amount": 1299 }] })),
        ("refused", error("refused")),
        ("unavailable", error("unavailable")),
        ("other", error("other")),
    ] {
        assert_eq!(call_adapter(&SERVICE, "orders", ADJUST, &cart(postal_code)), (StatusCode::OK, result));
    }
}

#[test]
fn only_orders_may_call_it() {
    assert_eq!(call_adapter(&SERVICE, "payments", ADJUST, &cart("10115")).0, StatusCode::FORBIDDEN);
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
