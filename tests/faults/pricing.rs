//! The price of an order with another price adjuster than the default, and the response if the adjuster fails.

use serde_json::{Value, json};
use spindle_tests::instance::guest;
use spindle_tests::orders::{Order, order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Instance, payments};

/// Creates a product: ten lamps at 12.99 EUR.
fn lamps(instance: &Instance) -> Product {
    create_product(&instance.admin().client, &json!({"stock": {"on_hand": 10}}))
}

/// Returns the body of an order of two of `lamps` to `country`.
fn two(lamps: &Product, country: &str) -> Value {
    let mut body = order_body(&[(&lamps.id, 2)], "pm_ok");
    body["shipping_address"]["country"] = json!(country);
    body
}

#[test]
fn the_composed_adjuster_decides_the_price_of_an_order() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_providers(state.path(), &[], &[("pricing", &guest("adjuster"))]);
    let (lamps, client) = (lamps(&instance), instance.accounts().customer("pricing").client);
    let available = || instance.client().get(&lamps.path).expect_status(200).json()["stock"]["available"].clone();

    let order = Order::from_response(&try_place_order(&client, &unique_key(), &two(&lamps, "DE")).expect_status(201));
    let adjustments = json!([
        {"kind": "discount", "label": "10 % off", "amount": {"amount": -259, "currency": "EUR"}},
        {"kind": "tax", "label": "VAT 19 %", "amount": {"amount": 444, "currency": "EUR"}},
    ]);
    let total = json!({"amount": 2783, "currency": "EUR"});
    assert_eq!((&order.body["adjustments"], &order.body["total"]), (&adjustments, &total));
    assert_eq!(client.get(&order.path).expect_status(200).json()["adjustments"], adjustments);
    let captured = |payment: &Value| payment["status"] == "captured";
    let payment = payments::wait_until(&client, &order, captured, || drop(instance.tick()));
    assert_eq!(payment["amount"], total);

    let refused = try_place_order(&client, &unique_key(), &two(&lamps, "IS"));
    assert_eq!(expect_problem(&refused, 422, "validation-failed")["detail"], "We do not sell there.");
    assert_eq!(available(), json!(8), "nothing stays held");

    // The adjuster traps for BR, and returns invalid adjustments for IN.
    for country in ["BR", "IN"] {
        let failed = try_place_order(&client, &unique_key(), &two(&lamps, country));
        expect_problem(&failed, 503, "unavailable");
        assert_eq!(failed.header("retry-after"), Some("1"), "{country}");
    }
    let listed = client.get("/v1/orders").expect_status(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    instance.client().get("/readyz").expect_status(200);
    try_place_order(&client, &unique_key(), &two(&lamps, "DE")).expect_status(201);
}
