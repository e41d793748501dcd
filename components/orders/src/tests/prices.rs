//! Prices that an order expects, and prices with other decimals than two.

use super::{DESK, Fixture, LAMP, euro, request, request_of};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};
use spindle_edge::testing::TestResponse;

/// Returns a request for two lamps and a desk that expects these prices.
fn expecting(lamp: &Value, desk: &Value, total: &Value) -> Value {
    let mut request = request_of(&[(LAMP, 2), (DESK, 1)]);
    request["items"][0]["expected_unit_price"] = lamp.clone();
    request["items"][1]["expected_unit_price"] = desk.clone();
    request["expected_total"] = total.clone();
    request
}

/// Asserts that nothing was ordered and nothing is reserved.
fn assert_nothing_happened(fixture: &Fixture, response: &TestResponse) {
    assert_eq!(response.problem(), "409 price-changed");
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(0,)]);
    let catalog = fixture.catalog.borrow();
    assert_eq!((catalog.available[LAMP], catalog.available[DESK]), (10, 5));
}

#[test]
fn an_order_at_the_expected_prices_is_placed() {
    let fixture = Fixture::new();
    let placed = fixture.place_with("k", &expecting(&euro(1299), &euro(1299), &euro(3897)));
    assert_eq!((placed.status(), &placed.json()["total"]), (StatusCode::CREATED, &euro(3897)));
}

#[test]
fn an_order_at_another_price_is_refused_with_the_prices_of_now() {
    let fixture = Fixture::new();
    let request = expecting(&euro(1000), &euro(1299), &euro(3299));
    let refused = fixture.place_with("k", &request);
    assert_nothing_happened(&fixture, &refused);
    let problem = refused.json();
    assert_eq!(problem["total"], euro(3897));
    assert_eq!(problem["items"], json!([{ "product_id": LAMP, "unit_price": euro(1299) }]));
    let errors = json!([
        { "pointer": "/items/0/expected_unit_price", "detail": "must be the price of now, 1299 EUR in minor units" },
        { "pointer": "/expected_total", "detail": "must be the price of now, 3897 EUR in minor units" },
    ]);
    assert_eq!(problem["errors"], errors);
    let again = fixture.place_with("k", &request);
    assert_eq!((again.status(), again.body()), (refused.status(), refused.body()), "the response is stored");
    let accepted = expecting(&problem["items"][0]["unit_price"], &euro(1299), &problem["total"]);
    assert_eq!(fixture.place_with("k-2", &accepted).status(), StatusCode::CREATED);
}

#[test]
fn an_expected_price_in_another_currency_is_another_price() {
    let fixture = Fixture::new();
    let dollars = json!({ "amount": 1299, "currency": "USD" });
    let refused = fixture.place_with("k", &expecting(&dollars, &euro(1299), &euro(3897)));
    assert_nothing_happened(&fixture, &refused);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/items/0/expected_unit_price");
}

#[test]
fn the_expected_total_includes_discounts_and_taxes() {
    let fixture = Fixture::new();
    let taxed = json!({ "ok": [{ "kind": "tax", "label": "VAT", "amount": 740 }] });
    fixture.adjuster.borrow_mut().response = Some(taxed);
    let refused = fixture.place_with("k", &expecting(&euro(1299), &euro(1299), &euro(3897)));
    assert_nothing_happened(&fixture, &refused);
    assert_eq!((&refused.json()["total"], &refused.json()["items"]), (&euro(4637), &json!([])));
    let placed = fixture.place_with("k-2", &expecting(&euro(1299), &euro(1299), &euro(4637)));
    assert_eq!(placed.status(), StatusCode::CREATED);
}

#[test]
fn a_request_without_expectations_has_the_same_payload_as_before_they_existed() {
    let fixture = Fixture::new();
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    let hash: Vec<(String,)> = fixture.client.rows("SELECT lower(hex(request_hash)) FROM idempotency_keys");
    assert_eq!(hash[0].0, "dcf02f7c583e47f973059288701b5de212a5ccdb4fc99625ab005be17935c42f");
}

#[test]
fn an_order_of_nothing_or_in_a_currency_with_other_decimals_goes_the_whole_way() {
    for (price, currency, total) in [(0, "EUR", 0), (1_500, "JPY", 3_000), (12_345, "KWD", 24_690)] {
        let fixture = Fixture::new();
        fixture.catalog.borrow_mut().price = (price, currency);
        let path = fixture.order();
        let order = fixture.client.get(&path).send().json();
        let sum = |amount: i64| json!({ "amount": amount, "currency": currency });
        let item = &order["items"][0];
        assert_eq!(
            (&item["unit_price"], &item["line_total"], &order["total"]),
            (&sum(price), &sum(total), &sum(total))
        );
        let amount = json!({ "amount": sum(total) });
        fixture.receive::<PaymentAuthorized>(&path, amount.clone());
        fixture.receive::<PaymentCaptured>(&path, amount);
        assert_eq!(fixture.fulfil(&path).json()["status"], "fulfilled");
        let published: Vec<(String,)> = fixture.client.rows("SELECT data FROM outbox WHERE type = 'OrderPaid'");
        let paid: Value = serde_json::from_str(&published[0].0).unwrap();
        assert_eq!(paid["total"], json!({ "amount": total, "currency": currency }));
    }
}
