//! Refunds at an operator's wish.

use super::provider::obliging;
use super::{Shop, body};
use crate::payment::Operation;
use crate::provider::Answer;
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_contracts::Role;
use spindle_platform::http::Response;
use uuid::Uuid;

const OPERATOR: u128 = 8;

/// A shop whose order 5 is paid for.
fn paid() -> Shop {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderPaid", 5);
    shop.calls();
    shop.told();
    shop
}

fn target(payment: &Value) -> String {
    format!("/v1/payments/{}/refund", payment["id"].as_str().unwrap())
}

/// Asks for a refund of the order's payment, under `key` if there is one, with `body`.
fn refund_with(shop: &Shop, order: u128, key: Option<&str>, body: &str) -> Response {
    let token = shop.token(OPERATOR, Role::Operator);
    let mut headers = vec![("authorization", token.as_str()), ("content-type", "application/json")];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    shop.send(Method::POST, &target(&shop.payment(order)), &headers, body.as_bytes())
}

fn refund(shop: &Shop, order: u128, key: &str) -> Response {
    refund_with(shop, order, Some(key), "")
}

#[test]
fn what_was_captured_is_refunded_once_however_often_it_is_asked_for() {
    let shop = paid();
    let first = refund(&shop, 5, "k");
    assert_eq!((first.status(), body(&first)["status"].as_str()), (StatusCode::ACCEPTED, Some("captured")));
    assert_eq!(shop.status(5), "refunded");
    let again = refund(&shop, 5, "\"k\"");
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(again.headers()["etag"], first.headers()["etag"]);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert!(!first.headers().contains_key("idempotency-replayed"));
    let other = refund(&shop, 5, "other");
    assert_eq!(
        (other.status(), &body(&other)["detail"]),
        (StatusCode::CONFLICT, &"The payment is refunded already.".into())
    );
    assert_eq!((shop.calls(), shop.told()), (vec![("refund", 1)], vec!["PaymentRefunded".to_owned()]));
    let operator = Some(Uuid::from_u128(OPERATOR).to_string());
    let expected = [
        ("payment.refund_requested".to_owned(), operator),
        ("payment.refunded".to_owned(), Some("payments".to_owned())),
    ];
    assert_eq!(shop.audited()[3..], expected);
}

#[test]
fn a_refund_takes_a_key_and_no_body() {
    let shop = paid();
    let missing = refund_with(&shop, 5, None, "");
    assert_eq!(missing.status(), StatusCode::BAD_REQUEST);
    assert_eq!(body(&missing)["type"], "https://spindle.dev/problems/idempotency-key-missing");
    let partial = refund_with(&shop, 5, Some("k"), "{\"amount\": 100}");
    assert_eq!(partial.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((shop.status(5).as_str(), shop.calls()), ("captured", vec![]));
    assert_eq!(refund_with(&shop, 5, Some("k"), "{}").status(), StatusCode::ACCEPTED);
}

#[test]
fn a_key_is_for_one_payment() {
    let mut shop = paid();
    shop.tell("PaymentRequested", 6);
    shop.tell("OrderPaid", 6);
    assert_eq!(refund(&shop, 5, "k").status(), StatusCode::ACCEPTED);
    let other = refund(&shop, 6, "k");
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body(&other)["type"], "https://spindle.dev/problems/idempotency-key-reused");
    assert_eq!(shop.status(6), "captured");
}

#[test]
fn only_what_was_captured_can_be_refunded_and_a_refusal_is_not_kept() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let early = refund(&shop, 5, "k");
    assert_eq!(early.status(), StatusCode::CONFLICT);
    assert_eq!(body(&early)["detail"], "The payment is authorized: only what was captured can be refunded.");
    shop.tell("OrderPaid", 5);
    assert_eq!(refund(&shop, 5, "k").status(), StatusCode::ACCEPTED);
    assert_eq!(shop.status(5), "refunded");
}

#[test]
fn a_wish_outlives_the_instance_that_took_it() {
    let mut shop = paid();
    let token = shop.token(OPERATOR, Role::Operator);
    let headers = [("authorization", token.as_str()), ("idempotency-key", "k")];
    let target = target(&shop.payment(5));
    shop.answer_with(|call| match call.operation {
        Operation::Refund => panic!("killed"),
        _ => obliging(call),
    });
    let killed =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shop.send(Method::POST, &target, &headers, b"")));
    assert!(killed.is_err());
    let under_way = refund(&shop, 5, "other");
    assert_eq!(body(&under_way)["detail"], "The payment is being refunded already.");
    shop.answer_with(obliging);
    shop.tick_after(21);
    assert_eq!((shop.status(5).as_str(), shop.told()), ("refunded", vec!["PaymentRefunded".to_owned()]));
}

#[test]
fn a_refund_that_the_provider_puts_off_is_tried_again() {
    let mut shop = paid();
    shop.answer_with(|call| if call.attempt < 2 { Answer::Retryable("busy".to_owned()) } else { Answer::Done });
    assert_eq!(refund(&shop, 5, "k").status(), StatusCode::ACCEPTED);
    assert_eq!(shop.status(5), "captured");
    shop.tick_after(2);
    assert_eq!((shop.status(5).as_str(), shop.calls()), ("refunded", vec![("refund", 1), ("refund", 2)]));
}
