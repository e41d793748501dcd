//! The adapter on the native platform, before a stand-in for the provider.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::payments::AUTHORIZE;
use spindle_edge::testing::call_adapter;

const ID: &str = "0190a5c0-0000-7000-8000-00000000000b";

fn ask(operation: &str, question: &Value) -> Value {
    let path = format!("/internal/payment-provider/{operation}");
    let (status, answer) = call_adapter(&SERVICE, "payments", &path, question);
    assert_eq!(status, StatusCode::OK, "{operation} {question}: {answer}");
    answer
}

fn authorization(token: &str) -> Value {
    json!({
        "idempotency_key": "p-1:authorize", "payment_id": ID, "order_id": ID, "token": token, "attempt": 1,
        "amount": { "amount": 1299, "currency": "EUR" },
    })
}

fn settlement(reference: &str) -> Value {
    json!({
        "idempotency_key": "p-1:void", "payment_id": ID, "reference": reference, "attempt": 2,
        "amount": { "amount": 1299, "currency": "EUR" },
    })
}

#[test]
fn what_the_provider_answers_to_an_authorisation_is_the_answer() {
    for status in ["authorized", "pending"] {
        let answer = json!({ "ok": { "status": status, "reference": "p-1:authorize" } });
        assert_eq!(ask("authorize", &authorization(status)), answer);
    }
    for kind in ["declined", "retryable", "permanent", "other"] {
        let answer = json!({ "error": { "kind": kind, "detail": "p-1:authorize" } });
        assert_eq!(ask("authorize", &authorization(kind)), answer);
    }
}

#[test]
fn each_operation_is_the_providers_own() {
    for (operation, reference) in [("capture", "captured"), ("void", "voided"), ("refund", "refunded")] {
        assert_eq!(ask(operation, &settlement(reference)), json!({ "ok": null }));
        let answer = json!({ "error": { "kind": "permanent", "detail": "unknown" } });
        assert_eq!(ask(operation, &settlement("unknown")), answer);
    }
}

#[test]
fn only_payments_may_have_money_moved() {
    let (status, _) = call_adapter(&SERVICE, "orders", AUTHORIZE, &authorization("ok"));
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
