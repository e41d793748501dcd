//! Refunds at an operator's request.

use super::fake_provider::always_succeeds;
use super::{Fixture, event_of};
use crate::payment::Operation;
use crate::provider::ProviderResult;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::{TestRequest, TestResponse, user_id};
use uuid::Uuid;

const OPERATOR: u128 = 8;

/// Returns a fixture whose order 5 has a captured payment.
fn captured() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    fixture.calls();
    fixture.published();
    fixture
}

fn target(payment: &Value) -> String {
    format!("/v1/payments/{}/refund", payment["id"].as_str().unwrap())
}

/// Makes an operator's request to refund the order's payment, without an idempotency key.
fn refund_request(fixture: &Fixture, order: u128) -> TestRequest<'_> {
    fixture.client.post(&target(&fixture.payment(order))).as_user(user_id(OPERATOR), Role::Operator)
}

fn refund(fixture: &Fixture, order: u128, key: &str) -> TestResponse {
    refund_request(fixture, order).header("idempotency-key", key).send()
}

#[test]
fn a_captured_payment_is_refunded_once() {
    let fixture = captured();
    let first = refund(&fixture, 5, "k");
    assert_eq!((first.status(), first.json()["status"].as_str()), (StatusCode::ACCEPTED, Some("captured")));
    let location = first.header("location").unwrap().to_owned();
    assert_eq!(location, target(&fixture.payment(5)).trim_end_matches("/refund"));
    assert_eq!(fixture.status(5), "refunded");
    let again = refund(&fixture, 5, "\"k\"");
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(again.headers()["etag"], first.headers()["etag"]);
    assert_eq!(again.headers()["location"], location);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert!(!first.headers().contains_key("idempotency-replayed"));
    let other = refund(&fixture, 5, "other");
    assert_eq!(
        (other.status(), &other.json()["detail"]),
        (StatusCode::CONFLICT, &"The payment has already been refunded.".into())
    );
    assert_eq!((fixture.calls(), fixture.published()), (vec![("refund", 1)], vec!["PaymentRefunded".to_owned()]));
    let operator = Some(Uuid::from_u128(OPERATOR).to_string());
    let expected = [
        ("payment.refund_requested".to_owned(), operator),
        ("payment.refunded".to_owned(), Some("payments".to_owned())),
    ];
    assert_eq!(fixture.audited()[3..], expected);
}

#[test]
fn a_refund_requires_a_key_and_refuses_an_amount() {
    let fixture = captured();
    let missing = refund_request(&fixture, 5).send();
    assert_eq!(missing.problem(), "400 idempotency-key-missing");
    let with_key = || refund_request(&fixture, 5).header("idempotency-key", "k");
    let partial = with_key().json(&json!({ "amount": 100 })).send();
    assert_eq!(partial.error_pointers(), ["/amount"]);
    assert_eq!((fixture.status(5).as_str(), fixture.calls()), ("captured", vec![]));
    assert_eq!(with_key().json(&json!({})).send().status(), StatusCode::ACCEPTED);
}

#[test]
fn a_key_cannot_be_reused_for_another_payment() {
    let mut fixture = captured();
    fixture.publish("PaymentRequested", 6);
    fixture.publish("OrderPaid", 6);
    assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED);
    let other = refund(&fixture, 6, "k");
    assert_eq!(other.problem(), "422 idempotency-key-reused");
    assert_eq!(fixture.status(6), "captured");
}

#[test]
fn only_a_captured_payment_can_be_refunded_and_a_refused_request_does_not_use_up_its_key() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let early = refund(&fixture, 5, "k");
    assert_eq!(early.status(), StatusCode::CONFLICT);
    assert_eq!(
        early.json()["detail"],
        "The payment has the status authorized. Only a payment with the status captured can be refunded."
    );
    fixture.publish("OrderPaid", 5);
    assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED);
    assert_eq!(fixture.status(5), "refunded");
}

#[test]
fn a_refund_with_a_stale_precondition_changes_nothing_and_does_not_use_up_its_key() {
    let fixture = captured();
    let path = target(&fixture.payment(5)).trim_end_matches("/refund").to_owned();
    let read = |fixture: &Fixture| fixture.client.get(&path).as_user(user_id(OPERATOR), Role::Operator).send();
    let (before, audited) = (read(&fixture), fixture.audited());
    let current = before.header("etag").unwrap().to_owned();
    for (name, value) in [("if-match", "\"v0\""), ("if-match", "\"a,*,b\""), ("if-none-match", "*")] {
        let refused = refund_request(&fixture, 5).header("idempotency-key", "k").header(name, value).send();
        assert_eq!(refused.problem(), "412 precondition-failed", "{name}: {value}");
        let unread = fixture.client.get(&path).as_user(user_id(OPERATOR), Role::Operator).header("if-match", "\"v0\"");
        assert_eq!(unread.send().problem(), "412 precondition-failed");
    }
    assert_eq!((read(&fixture).body(), fixture.audited()), (before.body(), audited));
    assert_eq!((fixture.calls(), fixture.published()), (vec![], vec![]));
    let send = || refund_request(&fixture, 5).header("idempotency-key", "k").header("if-match", &current).send();
    let accepted = send().expect(StatusCode::ACCEPTED);
    // The version has changed since, but the request was carried out: a retry gets the stored response.
    let again = send().expect(StatusCode::ACCEPTED);
    assert_eq!((again.body(), again.header("idempotency-replayed")), (accepted.body(), Some("true")));
    assert_eq!(fixture.status(5), "refunded");
}

#[test]
fn a_requested_refund_survives_a_crash() {
    let mut fixture = captured();
    let request = refund_request(&fixture, 5).header("idempotency-key", "k");
    fixture.respond_with(|call| match call.operation {
        Operation::Refund => panic!("killed"),
        _ => always_succeeds(call),
    });
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| request.send()));
    assert!(killed.is_err());
    let second = refund(&fixture, 5, "other");
    assert_eq!(second.json()["detail"], "A refund of the payment is already in progress.");
    fixture.respond_with(always_succeeds);
    fixture.tick_after(21);
    assert_eq!((fixture.status(5).as_str(), fixture.published()), ("refunded", vec!["PaymentRefunded".to_owned()]));
}

#[test]
fn a_refund_that_fails_is_retried() {
    let mut fixture = captured();
    fixture.respond_with(|call| {
        if call.attempt < 2 { ProviderResult::Retryable("busy".to_owned()) } else { ProviderResult::Done }
    });
    assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED);
    assert_eq!(fixture.status(5), "captured");
    fixture.tick_after(2);
    assert_eq!((fixture.status(5).as_str(), fixture.calls()), ("refunded", vec![("refund", 1), ("refund", 2)]));
}

#[test]
fn orders_decides_before_a_refund_is_accepted() {
    let fixture = captured();
    let detail = "The order was shipped.";
    *fixture.refund_response.borrow_mut() = Some((StatusCode::CONFLICT, json!({ "detail": detail })));
    let refused = refund(&fixture, 5, "k");
    assert_eq!((refused.problem().as_str(), &refused.json()["detail"]), ("409 conflict", &json!(detail)));
    *fixture.refund_response.borrow_mut() = Some((StatusCode::SERVICE_UNAVAILABLE, Value::Null));
    let failed = refund(&fixture, 5, "k");
    assert_eq!(
        (failed.problem().as_str(), &failed.headers()["retry-after"]),
        ("503 unavailable", &"1".parse().unwrap())
    );
    assert_eq!((fixture.status(5).as_str(), fixture.calls()), ("captured", vec![]));
    *fixture.refund_response.borrow_mut() = None;
    assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED, "neither used up the key");
    let requests = fixture.refund_requests.borrow();
    let path = format!("/internal/orders/orders/{}/refund", Uuid::from_u128(5));
    let refund_id = &requests[0]["body"]["refund_id"];
    assert!(Uuid::try_parse(refund_id.as_str().unwrap()).is_ok());
    let expected = json!({ "path": path, "body": { "refund_id": refund_id, "shipped": false } });
    assert_eq!(*requests, [expected.clone(), expected.clone(), expected], "the same in each repetition");
}

#[test]
fn orders_is_not_asked_about_a_replay_or_a_payment_without_money() {
    let mut fixture = captured();
    fixture.publish("PaymentRequested", 6);
    assert_eq!(refund(&fixture, 6, "k").status(), StatusCode::CONFLICT);
    assert_eq!(fixture.refund_requests.borrow().len(), 0);
    refund(&fixture, 5, "k");
    *fixture.refund_response.borrow_mut() = Some((StatusCode::SERVICE_UNAVAILABLE, Value::Null));
    assert_eq!(refund(&fixture, 5, "k").headers()["idempotency-replayed"], "true");
    assert_eq!(fixture.refund_requests.borrow().len(), 1);
}

#[test]
fn an_operator_says_that_the_order_was_shipped() {
    let fixture = captured();
    *fixture.refund_response.borrow_mut() = Some((StatusCode::OK, json!({ "refund_id": null })));
    let request = || refund_request(&fixture, 5).header("idempotency-key", "k");
    assert_eq!(request().json(&json!({ "shipped": true })).send().status(), StatusCode::ACCEPTED);
    assert_eq!(fixture.refund_requests.borrow()[0]["body"]["shipped"], true);
    assert_eq!(fixture.status(5), "refunded");
    assert_eq!(request().send().problem(), "422 idempotency-key-reused");
}

#[test]
fn a_refund_is_accepted_although_the_cancellation_that_it_caused_was_faster() {
    for crashed in [false, true] {
        let mut fixture = captured();
        if crashed {
            // Orders has accepted the first attempt, whose instance was killed before it recorded the refund.
            fixture.publish("OrderCancelled", 5);
            assert_eq!(fixture.status(5), "refunded");
        } else {
            fixture.respond_with(|_| ProviderResult::Retryable("busy".to_owned()));
            fixture.publish("OrderCancelled", 5);
            assert_eq!(fixture.status(5), "captured");
            fixture.respond_with(always_succeeds);
        }
        let accepted = refund(&fixture, 5, "k");
        assert_eq!(accepted.status(), StatusCode::ACCEPTED, "{:?}", accepted.body());
        fixture.tick_after(2);
        assert_eq!((fixture.status(5).as_str(), fixture.published()), ("refunded", vec!["PaymentRefunded".to_owned()]));
        // Another refund, of which orders says that it did not cancel the order.
        *fixture.refund_response.borrow_mut() = Some((StatusCode::OK, json!({ "refund_id": Uuid::from_u128(1) })));
        assert_eq!(refund(&fixture, 5, "other").json()["detail"], "The payment has already been refunded.");
    }
}

#[test]
fn one_of_two_refunds_at_the_same_time_is_refused() {
    let fixture = captured();
    // Orders has cancelled the order for the other request, which is not recorded here yet.
    *fixture.refund_response.borrow_mut() = Some((StatusCode::OK, json!({ "refund_id": Uuid::from_u128(1) })));
    let refused = refund(&fixture, 5, "k");
    assert_eq!(refused.problem(), "409 conflict");
    assert_eq!(refused.json()["detail"], "A refund of the payment is already in progress.");
    assert_eq!(fixture.status(5), "captured");
}

#[test]
fn the_payment_of_an_order_that_orders_has_lost_can_be_refunded() {
    let fixture = captured();
    *fixture.refund_response.borrow_mut() = Some((StatusCode::NOT_FOUND, json!({ "detail": "Order not found." })));
    assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED);
    assert_eq!(fixture.status(5), "refunded");
}

#[test]
fn a_payment_of_nothing_or_in_a_currency_with_other_decimals_is_captured_and_refunded() {
    for (amount, currency) in [(0, "EUR"), (3_000, "JPY"), (24_690, "KWD")] {
        let fixture = Fixture::new();
        let money = json!({ "amount": amount, "currency": currency });
        for (id, kind) in [(1, "PaymentRequested"), (2, "OrderPaid")] {
            let request = fixture.client.post("/internal/payments/events").as_service("orders");
            request.json(&json!([event_of(id, kind, 5, &money)])).send().expect(StatusCode::ACCEPTED);
        }
        let payment = fixture.payment(5);
        assert_eq!((&payment["amount"], payment["status"].as_str()), (&money, Some("captured")));
        assert_eq!(refund(&fixture, 5, "k").status(), StatusCode::ACCEPTED);
        assert_eq!(fixture.status(5), "refunded");
        assert_eq!(fixture.published(), ["PaymentAuthorized", "PaymentCaptured", "PaymentRefunded"]);
    }
}
