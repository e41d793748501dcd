//! The price adjuster: its adjustments, its refusals and its failures.

use super::{DESK, Fixture, LAMP, euro, request, request_of};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, empty, json as json_response};
use std::cell::RefCell;
use std::rc::Rc;

/// A price adjuster whose response a test sets.
pub(super) struct FakeAdjuster {
    /// Its response; without one its adapter fails.
    pub(super) response: Option<Value>,
    /// The carts of its calls.
    pub(super) carts: Vec<Value>,
}

impl FakeAdjuster {
    /// Serves an adjuster without adjustments.
    pub(super) fn serve(platform: &Platform) -> Rc<RefCell<Self>> {
        let adjuster = Self { response: Some(json!({ "ok": [] })), carts: Vec::new() };
        let adjuster = Rc::new(RefCell::new(adjuster));
        let shared = Rc::clone(&adjuster);
        platform.serve("pricing.spin.internal", move |request: Request| {
            let shared = Rc::clone(&shared);
            Box::pin(async move {
                assert_eq!(request.path(), "/internal/pricing/adjust");
                let cart = request.on_route(Params::default(), 1 << 16).internal_json().await.unwrap();
                let mut adjuster = shared.borrow_mut();
                adjuster.carts.push(cart);
                match &adjuster.response {
                    Some(body) => json_response(StatusCode::OK, body),
                    None => empty(StatusCode::INTERNAL_SERVER_ERROR),
                }
            })
        });
        adjuster
    }
}

impl Fixture {
    fn respond_with(&self, response: Value) {
        self.adjuster.borrow_mut().response = Some(response);
    }
}

/// Returns a discount of 10 % on two lamps, and VAT.
fn adjustments() -> Value {
    json!([
        { "kind": "discount", "label": "10 % off", "amount": -259 },
        { "kind": "tax", "label": "VAT 19 %", "amount": 444 },
    ])
}

#[test]
fn adjustments_are_part_of_the_total_in_order_event_and_payment() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "ok": adjustments() }));
    let order = fixture.client.get(&fixture.order()).send().json();
    let discount = json!({ "kind": "discount", "label": "10 % off", "amount": euro(-259) });
    let tax = json!({ "kind": "tax", "label": "VAT 19 %", "amount": euro(444) });
    assert_eq!((&order["adjustments"], &order["total"]), (&json!([discount, tax]), &euro(2783)));
    let published: Vec<(String,)> = fixture.client.rows("SELECT data FROM outbox ORDER BY seq");
    let published: Vec<Value> = published.iter().map(|(data,)| serde_json::from_str(data).unwrap()).collect();
    assert_eq!((&published[0]["adjustments"][0], &published[0]["total"]), (&discount, &euro(2783)));
    assert_eq!(published[1]["amount"], euro(2783), "the payment is of the total");
}

#[test]
fn the_adjuster_gets_the_reserved_lines_and_the_destination() {
    let fixture = Fixture::new();
    let order = fixture.place_with("k", &request_of(&[(LAMP, 2), (DESK, 1)])).json();
    let line = |product_id: &str, sku: &str, quantity: u32| json!({ "product_id": product_id, "sku": sku, "quantity": quantity, "unit_price": 1299 });
    let cart = json!({
        "order_id": order["id"], "user_id": "00000000-0000-0000-0000-000000000001", "currency": "EUR",
        "lines": [line(LAMP, "S-a", 2), line(DESK, "S-b", 1)], "country": "DE", "postal_code": "10115",
    });
    assert_eq!(fixture.adjuster.borrow().carts, [cart]);
}

#[test]
fn a_label_of_the_adjuster_has_printed_characters_only() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "ok": [{ "kind": "discount", "label": "10\u{202e} % off\n", "amount": -1 }] }));
    assert_eq!(fixture.client.get(&fixture.order()).send().json()["adjustments"][0]["label"], "10 % off ");
}

#[test]
fn the_payment_of_an_order_with_a_total_of_zero_is_requested() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "ok": [{ "kind": "discount", "label": "All", "amount": -2598 }] }));
    assert_eq!(fixture.client.get(&fixture.order()).send().json()["total"], euro(0));
    assert_eq!(fixture.pushed(), ["PaymentRequested"]);
}

#[test]
fn a_refusal_of_the_adjuster_is_the_response_and_releases_the_stock() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "error": { "kind": "refused", "detail": "We do not sell there." } }));
    let refused = fixture.place_with("k", &request());
    assert_eq!(refused.problem(), "422 validation-failed");
    assert_eq!(refused.json()["detail"], "We do not sell there.");
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    fixture.respond_with(json!({ "ok": [] }));
    let again = fixture.place_with("k", &request());
    assert_eq!(
        (again.status(), again.body()),
        (refused.status(), refused.body()),
        "the response is stored for this key"
    );
    assert_eq!(fixture.place_with("k-2", &request()).status(), StatusCode::CREATED);
}

#[test]
fn an_attempt_that_lost_its_claim_releases_no_stock_after_a_refusal() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "error": { "kind": "refused", "detail": "No." } }));
    // Another attempt takes over the claim before the response is stored.
    fixture.client.get("/v1/orders").send();
    fixture.client.rows::<(i64,)>(
        "CREATE TRIGGER overtaken BEFORE UPDATE ON idempotency_keys WHEN NEW.status IS NOT NULL BEGIN SELECT RAISE(IGNORE); END",
    );
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CONFLICT);
    assert_eq!(fixture.catalog.borrow().states(), ["held"]);
}

#[test]
fn after_a_failure_of_the_adjuster_a_repeated_request_reserves_the_stock_once() {
    let bad = |adjustment: Value| Some(json!({ "ok": [adjustment] }));
    for (response, cause) in [
        (None, "its adapter answered 500"),
        (Some(json!({ "error": { "kind": "unavailable", "detail": "no rates today" } })), "no rates today"),
        (Some(json!({ "error": { "kind": "other", "detail": "what?" } })), "what?"),
        (Some(json!({ "ok": "no" })), "its adapter answered something else"),
        (bad(json!({ "kind": "tax", "label": "VAT", "amount": -1 })), "a tax that is not above zero"),
        (bad(json!({ "kind": "discount", "label": "All", "amount": -2599 })), "a total below zero"),
        (bad(json!({ "kind": "fee", "label": "Fee", "amount": 1 })), "its adapter answered something else"),
    ] {
        let fixture = Fixture::new();
        fixture.adjuster.borrow_mut().response = response;
        let failed = fixture.place_with("k", &request());
        assert_eq!(
            (failed.status(), &failed.headers()["retry-after"]),
            (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap()),
            "{cause}"
        );
        assert!(!String::from_utf8_lossy(failed.body()).contains(cause), "{cause}");
        assert!(fixture.client.platform().logged().iter().any(|line| line.contains(cause)), "{cause}");
        assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(0,)]);
        fixture.respond_with(json!({ "ok": adjustments() }));
        let placed = fixture.place_with("k", &request());
        assert_eq!((placed.status(), &placed.json()["total"]), (StatusCode::CREATED, &euro(2783)));
        assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["held"], 8));
        let carts = &fixture.adjuster.borrow().carts;
        assert!(carts.len() == 2 && carts[0] == carts[1], "both calls have the same cart");
    }
}

impl Fixture {
    /// Makes the adjuster fail until its circuit breaker is open.
    fn open_breaker(&self) {
        self.adjuster.borrow_mut().response = None;
        for _ in 0..20 {
            assert_eq!(self.place_with("failed", &request()).problem(), "503 unavailable");
        }
        assert_eq!(self.adjuster.borrow().carts.len(), 20);
    }

    fn logged(&self, message: &str) -> usize {
        self.client.platform().logged().iter().filter(|line| line.contains(message)).count()
    }
}

#[test]
fn while_the_circuit_breaker_is_open_nothing_is_reserved_and_the_adjuster_is_not_called() {
    let fixture = Fixture::new();
    fixture.open_breaker();
    let reserved = fixture.catalog.borrow().states().len();
    fixture.set_seconds(10);
    let refused = fixture.place_with("k", &request());
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("503 unavailable", Some("20")));
    assert_eq!(
        refused.json()["detail"],
        "The total cannot be calculated at the moment, and nothing is reserved. Send the same request again."
    );
    assert_eq!((fixture.catalog.borrow().states().len(), fixture.adjuster.borrow().carts.len()), (reserved, 20));
    assert_eq!(fixture.logged("circuit breaker opened"), 1);
    let claims: Vec<(i64,)> = fixture.client.rows("SELECT count(*) FROM idempotency_keys WHERE key = 'k'");
    assert_eq!(claims, [(0,)], "the key is free");
    // A request that has reserved before keeps its claim, and its stock.
    assert_eq!(fixture.place_with("failed", &request()).problem(), "503 unavailable");
    let claims: Vec<(i64,)> = fixture.client.rows("SELECT count(*) FROM idempotency_keys WHERE key = 'failed'");
    assert_eq!((claims, fixture.catalog.borrow().states().len()), (vec![(1,)], reserved));
}

#[test]
fn an_order_that_probes_the_adjuster_closes_the_circuit_breaker() {
    let fixture = Fixture::new();
    fixture.open_breaker();
    fixture.respond_with(json!({ "ok": [] }));
    fixture.set_seconds(31);
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!(fixture.client.rows::<(String,)>("SELECT channel FROM breakers"), []);
    assert_eq!(fixture.logged("circuit breaker closed"), 1);
    assert_eq!(fixture.place_with("k-2", &request()).status(), StatusCode::CREATED);
}

#[test]
fn an_order_without_stock_leaves_the_probe_to_the_next_one() {
    let fixture = Fixture::new();
    fixture.open_breaker();
    fixture.respond_with(json!({ "ok": [] }));
    fixture.set_seconds(31);
    assert_eq!(fixture.place_with("k", &request_of(&[(LAMP, 9_999)])).status(), StatusCode::CONFLICT);
    assert_eq!(fixture.place_with("k-2", &request()).status(), StatusCode::CREATED);
}

#[test]
fn a_refusal_of_the_adjuster_is_no_failure_of_it() {
    let fixture = Fixture::new();
    fixture.respond_with(json!({ "error": { "kind": "refused", "detail": "No." } }));
    for number in 0..21 {
        assert_eq!(fixture.place_with(&format!("k-{number}"), &request()).problem(), "422 validation-failed");
    }
    assert_eq!(fixture.client.rows::<(String,)>("SELECT channel FROM breakers"), []);
}

#[test]
fn an_order_is_refused_while_as_many_as_are_allowed_are_being_placed() {
    let fixture = Fixture::new();
    fixture.client.platform().set_variable("pricing_concurrency", "2");
    fixture.order();
    fixture.client.rows::<(i64,)>(
        "WITH RECURSIVE n (i) AS (VALUES (1), (2)) INSERT INTO idempotency_keys
            (user_id, operation, key, request_hash, resource_id, created_at, attempt, lease_until)
        SELECT 'u', 'order.place', 'other-' || i, x'00', 'r', 0, 1, 1700000030000 FROM n RETURNING attempt",
    );
    let refused = fixture.place_with("k", &request());
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("503 unavailable", Some("1")));
    assert_eq!(fixture.catalog.borrow().states(), ["held"], "nothing more is reserved");
    fixture.set_seconds(31);
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
}
