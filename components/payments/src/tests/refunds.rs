//! Refunds at an operator's request.

use super::Fixture;
use super::fake_provider::always_succeeds;
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
    assert_eq!(fixture.status(5), "refunded");
    let again = refund(&fixture, 5, "\"k\"");
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(again.headers()["etag"], first.headers()["etag"]);
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
    assert_eq!(partial.status(), StatusCode::UNPROCESSABLE_ENTITY);
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
