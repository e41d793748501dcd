//! The timeline of an order whose events are dead letters, in payments or in orders itself.

use super::Fixture;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};

impl Fixture {
    fn set_dead_in_payments(&self, types: &[&'static str]) {
        *self.dead_in_payments.borrow_mut() = Some(types.to_vec());
    }

    /// Returns `awaiting` of the order's timeline.
    fn awaiting_in_full(&self, path: &str) -> Value {
        self.client.get(&format!("{path}/timeline")).send().json()["awaiting"].clone()
    }
}

#[test]
fn a_payment_request_that_was_given_up_needs_a_replay() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.set_dead_in_payments(&["PaymentRequested"]);
    let expected = json!({
        "what": "The payment request was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once. \
                 Without success in time, the order is cancelled automatically.",
        "until": "2023-11-14T22:28:20.000Z",
    });
    assert_eq!(fixture.awaiting_in_full(&path), expected);
    // After the replay the order continues.
    fixture.set_dead_in_payments(&[]);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(fixture.awaiting(&path), "The payment is being captured.");
}

#[test]
fn a_capture_or_a_refund_that_was_given_up_needs_a_replay() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.set_dead_in_payments(&["OrderPaid"]);
    let what = "The capture of the payment was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once.";
    assert_eq!(fixture.awaiting_in_full(&path), json!({ "what": what, "until": null }));
    fixture.client.post(&format!("{path}/cancel")).send();
    // The capture is not awaited any more.
    let returned = "The payment is being voided or refunded: the payment provider has not confirmed it yet.";
    assert_eq!(fixture.awaiting(&path), returned);
    fixture.set_dead_in_payments(&["OrderPaid", "OrderCancelled"]);
    let what = "The void or refund of the payment was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once.";
    assert_eq!(fixture.awaiting_in_full(&path), json!({ "what": what, "until": null }));
}

#[test]
fn a_payment_request_that_was_given_up_before_a_cancellation_needs_a_replay() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.set_dead_in_payments(&["PaymentRequested"]);
    fixture.client.post(&format!("{path}/cancel")).send();
    let what = "The payment request was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once.";
    assert_eq!(fixture.awaiting(&path), what);
}

#[test]
fn an_event_of_payments_that_orders_gave_up_needs_a_replay() {
    let fixture = Fixture::new();
    let (path, other) = (fixture.order(), fixture.order());
    fixture.receive::<PaymentAuthorized>(&path, json!({ "amount": { "amount": 1, "currency": "EUR" } }));
    assert_eq!(fixture.inbox(), (0, 1));
    let what = "The event that the payment was authorised was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once. \
                Without success in time, the order is cancelled automatically.";
    assert_eq!(fixture.awaiting(&path), what);
    let undecided = fixture.awaiting(&other);
    assert!(undecided.as_str().unwrap().starts_with("The payment provider has not authorised"), "{undecided}");
}

#[test]
fn without_a_response_of_payments_the_timeline_is_as_without_dead_letters() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let timeline = fixture.client.get(&format!("{path}/timeline")).send().json();
    *fixture.dead_in_payments.borrow_mut() = None;
    let response = fixture.client.get(&format!("{path}/timeline")).send();
    assert_eq!((response.status(), response.json()), (StatusCode::OK, timeline));
}

#[test]
fn payments_is_not_called_for_an_order_that_does_not_wait_for_it() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.set_dead_in_payments(&["PaymentRequested", "OrderPaid", "OrderCancelled"]);
    assert_eq!(fixture.awaiting(&path), "Ready to ship.");
}

#[test]
fn an_event_of_payments_that_orders_gave_up_is_taken_up_again() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    let refusal = "CREATE TRIGGER refusal BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'no'); END";
    fixture.client.rows::<(i64,)>(refusal);
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.tick();
    assert_eq!(fixture.inbox(), (0, 1));
    fixture.client.rows::<(i64,)>("DROP TRIGGER refusal");
    fixture.set_seconds(14 * 60);
    fixture.tick();
    assert_eq!(fixture.inbox(), (0, 1));
    fixture.set_seconds(15 * 60);
    fixture.tick();
    assert_eq!((fixture.inbox(), fixture.awaiting(&path)), ((0, 0), json!("Ready to ship.")));
}
