//! What the price adjuster changes, and what comes of one that fails.

use super::{DESK, LAMP, Shop, body, draft, draft_of};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, empty, json as answer};
use std::cell::RefCell;
use std::rc::Rc;

/// A price adjuster that answers as a test says.
pub(super) struct Adjuster {
    /// What it answers; without it its adapter fails.
    pub(super) answer: Option<Value>,
    /// What it was asked.
    pub(super) carts: Vec<Value>,
}

impl Adjuster {
    /// One that changes nothing.
    pub(super) fn serve(platform: &Platform) -> Rc<RefCell<Self>> {
        let adjuster = Self { answer: Some(json!({ "ok": [] })), carts: Vec::new() };
        let adjuster = Rc::new(RefCell::new(adjuster));
        let own = Rc::clone(&adjuster);
        platform.serve("pricing.spin.internal", move |request: Request| {
            let own = Rc::clone(&own);
            Box::pin(async move {
                assert_eq!(request.path(), "/internal/pricing/adjust");
                let cart = request.on_route(Params::default(), 1 << 16).json().await.unwrap();
                let mut adjuster = own.borrow_mut();
                adjuster.carts.push(cart);
                match &adjuster.answer {
                    Some(body) => answer(StatusCode::OK, body),
                    None => empty(StatusCode::INTERNAL_SERVER_ERROR),
                }
            })
        });
        adjuster
    }
}

impl Shop {
    fn adjust(&self, answer: Value) {
        self.adjuster.borrow_mut().answer = Some(answer);
    }
}

/// 10 % off two lamps, and VAT.
fn adjustments() -> Value {
    json!([
        { "kind": "discount", "label": "10 % off", "amount": -259 },
        { "kind": "tax", "label": "VAT 19 %", "amount": 444 },
    ])
}

#[test]
fn an_order_costs_its_lines_and_its_adjustments_everywhere() {
    let shop = Shop::open();
    shop.adjust(json!({ "ok": adjustments() }));
    let order = body(&shop.get(&shop.order()));
    assert_eq!((&order["adjustments"], &order["total"]), (&adjustments(), &json!(2783)));
    let told: Vec<(String,)> = shop.rows("SELECT data FROM outbox ORDER BY seq");
    let told: Vec<Value> = told.iter().map(|(data,)| serde_json::from_str(data).unwrap()).collect();
    let total = json!({ "amount": 2783, "currency": "EUR" });
    let discount = json!({ "kind": "discount", "label": "10 % off", "amount": { "amount": -259, "currency": "EUR" } });
    assert_eq!((&told[0]["adjustments"][0], &told[0]["total"]), (&discount, &total));
    assert_eq!(told[1]["amount"], total, "what is asked for is what it costs");
}

#[test]
fn the_adjuster_is_asked_with_what_the_catalog_holds_and_where_it_goes() {
    let shop = Shop::open();
    let order = body(&shop.place_with("k", &draft_of(&[(LAMP, 2), (DESK, 1)])));
    let line = |product_id: &str, sku: &str, quantity: u32| json!({ "product_id": product_id, "sku": sku, "quantity": quantity, "unit_price": 1299 });
    let cart = json!({
        "order_id": order["id"], "user_id": "00000000-0000-0000-0000-000000000001", "currency": "EUR",
        "lines": [line(LAMP, "S-a", 2), line(DESK, "S-b", 1)], "country": "DE", "postal_code": "10115",
    });
    assert_eq!(shop.adjuster.borrow().carts, [cart]);
}

#[test]
fn an_order_for_nothing_is_paid_for_as_any_other() {
    let shop = Shop::open();
    shop.adjust(json!({ "ok": [{ "kind": "discount", "label": "All", "amount": -2598 }] }));
    assert_eq!(body(&shop.get(&shop.order()))["total"], 0);
    assert_eq!(shop.pushed(), ["PaymentRequested"]);
}

#[test]
fn what_is_not_sold_is_refused_with_the_reason_and_nothing_stays_held() {
    let shop = Shop::open();
    shop.adjust(json!({ "error": { "kind": "refused", "detail": "We do not sell there." } }));
    let refused = shop.place_with("k", &draft());
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = body(&refused);
    let kind = problem["type"].as_str().unwrap().rsplit('/').next();
    assert_eq!((kind, &problem["detail"]), (Some("validation-failed"), &json!("We do not sell there.")));
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    shop.adjust(json!({ "ok": [] }));
    let again = shop.place_with("k", &draft());
    assert_eq!((again.status(), again.body()), (refused.status(), refused.body()), "that is the answer to this key");
    assert_eq!(shop.place_with("k-2", &draft()).status(), StatusCode::CREATED);
}

#[test]
fn who_was_overtaken_gives_nothing_back_that_is_refused() {
    let shop = Shop::open();
    shop.adjust(json!({ "error": { "kind": "refused", "detail": "No." } }));
    // The claim is another's by the time the answer is to be stored.
    shop.get("/v1/orders");
    shop.rows::<(i64,)>(
        "CREATE TRIGGER overtaken BEFORE UPDATE ON idempotency_keys WHEN NEW.status IS NOT NULL BEGIN SELECT RAISE(IGNORE); END",
    );
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CONFLICT);
    assert_eq!(shop.catalog.borrow().states(), ["held"]);
}

#[test]
fn an_adjuster_that_gives_no_answer_of_use_has_the_request_sent_again_and_stock_held_once() {
    let bad = |adjustment: Value| Some(json!({ "ok": [adjustment] }));
    for (answer, cause) in [
        (None, "its adapter answered 500"),
        (Some(json!({ "error": { "kind": "unavailable", "detail": "no rates today" } })), "no rates today"),
        (Some(json!({ "error": { "kind": "other", "detail": "what?" } })), "what?"),
        (Some(json!({ "ok": "no" })), "its adapter answered something else"),
        (bad(json!({ "kind": "tax", "label": "VAT", "amount": -1 })), "does not come on top"),
        (bad(json!({ "kind": "discount", "label": "All", "amount": -2599 })), "less than nothing to pay"),
        (bad(json!({ "kind": "fee", "label": "Fee", "amount": 1 })), "its adapter answered something else"),
    ] {
        let shop = Shop::open();
        shop.adjuster.borrow_mut().answer = answer;
        let failed = shop.place_with("k", &draft());
        assert_eq!(
            (failed.status(), &failed.headers()["retry-after"]),
            (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap()),
            "{cause}"
        );
        assert!(!String::from_utf8_lossy(failed.body()).contains(cause), "{cause}");
        assert!(shop.platform.logged().iter().any(|line| line.contains(cause)), "{cause}");
        assert_eq!(shop.rows::<(i64,)>("SELECT count(*) FROM orders"), [(0,)]);
        shop.adjust(json!({ "ok": adjustments() }));
        let placed = shop.place_with("k", &draft());
        assert_eq!((placed.status(), &body(&placed)["total"]), (StatusCode::CREATED, &json!(2783)));
        assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["held"], 8));
        let carts = &shop.adjuster.borrow().carts;
        assert!(carts.len() == 2 && carts[0] == carts[1], "the same question about the same order");
    }
}
