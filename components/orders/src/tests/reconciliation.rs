//! The work of the tick.

use super::{Fixture, LAMP};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{PaymentAuthorized, PaymentVoided};

#[test]
fn an_order_without_a_decision_on_its_payment_is_cancelled_at_the_announced_time() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let awaiting = json!({
        "what": "The payment provider has not authorised the payment yet. Without an authorisation in time, the order is cancelled automatically.",
        "until": "2023-11-14T22:28:20.000Z",
    });
    assert_eq!(fixture.client.get(&format!("{path}/timeline")).send().json()["awaiting"], awaiting);
    fixture.client.platform().set_now(Timestamp::from_millis(super::START + 899_999));
    assert_eq!(fixture.tick()["overdue"], json!(0));
    fixture.set_seconds(900);
    assert_eq!(fixture.tick()["overdue"], json!(1));
    assert_eq!(fixture.tick()["overdue"], json!(0));
    assert_eq!(fixture.kinds(&path)[2..], ["cancelled", "stock_released"]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentVoided>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.awaiting(&path)), ("cancelled".to_owned(), Value::Null));
}

#[test]
fn an_authorised_order_waits_for_its_stock_while_the_catalog_is_down() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().is_down = true;
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(fixture.inbox(), (0, 0), "the event is done");
    assert_eq!(fixture.status(&path), "pending_payment");
    assert_eq!(fixture.awaiting(&path), "The payment is authorised. The catalog has not committed the stock yet.");
    // The payment is authorised, so its time limit does not matter any more.
    fixture.set_seconds(1_000);
    assert_eq!((fixture.tick()["overdue"].clone(), fixture.status(&path)), (json!(0), "pending_payment".to_owned()));
    fixture.catalog.borrow_mut().is_down = false;
    assert_eq!(fixture.tick()["stock_taken"], json!(1));
    assert_eq!((fixture.status(&path), fixture.catalog.borrow().states()), ("paid".to_owned(), vec!["committed"]));
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
    assert_eq!(fixture.tick()["stock_taken"], json!(0));
}

#[test]
fn a_commit_of_stock_with_a_lost_response_is_repeated() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(
        (fixture.status(&path), fixture.catalog.borrow().states()),
        ("pending_payment".to_owned(), vec!["committed"])
    );
    fixture.catalog.borrow_mut().loses_responses = false;
    fixture.tick();
    assert_eq!(fixture.status(&path), "paid");
}

#[test]
fn an_order_that_waits_for_its_stock_can_be_cancelled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.catalog.borrow_mut().loses_responses = false;
    assert_eq!(fixture.client.post(&format!("{path}/cancel")).send().status(), StatusCode::OK);
    fixture.tick();
    assert_eq!((fixture.status(&path), fixture.catalog.borrow().states()), ("cancelled".to_owned(), vec!["released"]));
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn stock_is_released_later_if_the_catalog_was_down() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().is_down = true;
    let cancelled = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((cancelled.status(), &cancelled.json()["status"]), (StatusCode::OK, &json!("cancelled")));
    let waits = "The stock is being released: the catalog has not confirmed it yet.";
    assert_eq!(fixture.awaiting(&path), waits);
    assert_eq!(fixture.tick()["stock_released"], json!(0));
    fixture.catalog.borrow_mut().is_down = false;
    assert_eq!(fixture.tick()["stock_released"], json!(1));
    assert_eq!((fixture.awaiting(&path), fixture.catalog.borrow().available[LAMP]), (Value::Null, 10));
    assert_eq!(fixture.tick()["stock_released"], json!(0));
}

#[test]
fn a_tick_without_due_work_changes_nothing() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let (order, calls) = (fixture.client.get(&path).send().json(), fixture.catalog.borrow().calls);
    let nothing = json!({
        "overdue": 0, "stock_taken": 0, "stock_released": 0, "stock_calls": 0, "abandoned": 0, "keys_pruned": 0, "erased": 0,
    });
    assert_eq!(fixture.tick(), nothing);
    assert_eq!((fixture.client.get(&path).send().json(), fixture.catalog.borrow().calls), (order, calls));
}
