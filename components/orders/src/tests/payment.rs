//! The events of payments, and their effect on an order.

use super::{Fixture, LAMP};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};

#[test]
fn an_order_is_paid_captured_and_shipped() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.catalog.borrow().states()), ("paid".to_owned(), vec!["committed"]));
    assert_eq!(fixture.awaiting(&path), "The payment is being captured.");
    let early = fixture.fulfil(&path);
    assert_eq!(
        (early.status(), &early.json()["detail"]),
        (StatusCode::CONFLICT, &json!("The payment is not captured yet."))
    );
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    assert_eq!(fixture.awaiting(&path), "Ready to ship.");
    let shipped = fixture.fulfil(&path);
    assert_eq!((shipped.status(), &shipped.json()["status"]), (StatusCode::OK, &json!("fulfilled")));
    assert_eq!(fixture.fulfil(&path).body(), shipped.body(), "a repeated request changes nothing");
    let late = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((late.status(), fixture.awaiting(&path)), (StatusCode::CONFLICT, Value::Null));
    let kinds = ["placed", "payment_requested", "payment_authorized", "paid", "payment_captured", "fulfilled"];
    assert_eq!(fixture.kinds(&path), kinds);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
    let audited: Vec<(String, String)> = fixture.client.rows("SELECT actor, action FROM audit_log ORDER BY seq");
    let (customer, operator) = (uuid::Uuid::from_u128(1).to_string(), uuid::Uuid::from_u128(9).to_string());
    let expected = [(customer, "order.placed"), ("payments".to_owned(), "order.paid"), (operator, "order.fulfilled")];
    assert_eq!(audited, expected.map(|(actor, action)| (actor, action.to_owned())));
}

#[test]
fn a_duplicate_event_is_ignored() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let authorized = fixture.receive::<PaymentAuthorized>(&path, json!({}));
    let (order, kinds) = (fixture.client.get(&path).send().json(), fixture.kinds(&path));
    fixture.deliver(&authorized);
    // A second event with the same fact is a duplicate as well.
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((fixture.client.get(&path).send().json(), fixture.kinds(&path)), (order, kinds));
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
    assert_eq!(fixture.inbox(), (0, 0));
}

#[test]
fn a_declined_payment_cancels_the_order_and_releases_the_stock() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "insufficient funds" }));
    let timeline = fixture.client.get(&format!("{path}/timeline")).send().json();
    let entry = |kind: &str, detail: &str| json!({ "at": "2023-11-14T22:13:20.000Z", "kind": kind, "detail": detail });
    let expected = json!({
        "order_id": path.rsplit('/').next(),
        "status": "cancelled",
        "awaiting": null,
        "items": [
            entry("placed", "The order was placed, and its stock is reserved."),
            entry("payment_requested", "The payment was requested."),
            entry("payment_declined", "The payment was declined: insufficient funds."),
            entry("cancelled", "The order was cancelled, because its payment was declined or voided."),
            entry("stock_released", "The stock was released."),
        ],
    });
    assert_eq!(timeline, expected);
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
}

#[test]
fn a_declined_capture_cancels_a_paid_order() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!((fixture.status(&path), fixture.awaiting(&path)), ("cancelled".to_owned(), Value::Null));
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_cancelled_order_stays_cancelled_when_a_late_authorisation_arrives() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let cancelled = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((cancelled.status(), &cancelled.json()["status"]), (StatusCode::OK, &json!("cancelled")));
    assert_eq!(fixture.catalog.borrow().states(), ["released"]);
    assert_eq!(fixture.awaiting(&path), Value::Null);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(
        (fixture.status(&path), fixture.awaiting(&path)),
        (
            "cancelled".to_owned(),
            json!("The payment is being voided or refunded: the payment provider has not confirmed it yet.")
        )
    );
    fixture.receive::<PaymentVoided>(&path, json!({}));
    assert_eq!(fixture.awaiting(&path), Value::Null);
    let again = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((again.status(), &again.json()["status"]), (StatusCode::OK, &json!("cancelled")));
    let kinds = ["placed", "payment_requested", "cancelled", "stock_released", "payment_authorized", "payment_voided"];
    assert_eq!(fixture.kinds(&path), kinds);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(fixture.fulfil(&path).status(), StatusCode::CONFLICT);
}

#[test]
fn a_cancelled_paid_order_is_refunded_and_its_committed_stock_released() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!(fixture.kinds(&path)[4..], ["payment_captured", "cancelled", "stock_released", "payment_refunded"]);
    assert_eq!(fixture.awaiting(&path), Value::Null);
}

#[test]
fn a_cancelled_order_awaits_nothing_after_a_declined_capture() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.client.post(&format!("{path}/cancel")).send();
    assert!(fixture.awaiting(&path).is_string());
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!(
        (fixture.kinds(&path).pop().as_deref(), fixture.awaiting(&path)),
        (Some("payment_declined"), Value::Null)
    );
}

#[test]
fn an_order_refunded_before_shipping_is_cancelled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.fulfil(&path).status()), ("cancelled".to_owned(), StatusCode::CONFLICT));
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn an_order_refunded_after_shipping_stays_fulfilled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.fulfil(&path);
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!(fixture.status(&path), "fulfilled");
    assert_eq!(fixture.kinds(&path).last().map(String::as_str), Some("payment_refunded"));
}

#[test]
fn an_order_whose_stock_is_gone_at_its_payment_is_cancelled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().expire();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(fixture.status(&path), "cancelled");
    assert_eq!(fixture.kinds(&path)[2..], ["payment_authorized", "cancelled", "stock_released"]);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_payment_of_another_amount_or_of_an_unknown_order_is_a_dead_letter() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({ "amount": { "amount": 1, "currency": "EUR" } }));
    assert_eq!((fixture.status(&path), fixture.inbox()), ("pending_payment".to_owned(), (0, 1)));
    fixture.receive::<PaymentCaptured>("/v1/orders/018bcfe5-6800-7000-8000-ffffffffffff", json!({}));
    fixture.tick();
    assert_eq!(fixture.inbox(), (0, 2));
    // A payment cannot be captured before it is authorised.
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.tick();
    assert_eq!((fixture.status(&path), fixture.inbox()), ("pending_payment".to_owned(), (0, 3)));
}
