//! Tests of the adapter on the native platform, with a fake provider.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::payments::AUTHORIZE;
use spindle_edge::testing::call_adapter;

const ID: &str = "0190a5c0-0000-7000-8000-00000000000b";

fn call(operation: &str, body: &Value) -> Value {
    let path = format!("/internal/payment-provider/{operation}");
    let (status, response) = call_adapter(&SERVICE, "payments", &path, body);
    assert_eq!(status, StatusCode::OK, "{operation} {body}: {response}");
    response
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
fn the_result_of_an_authorisation_is_the_response() {
    for status in ["authorized", "pending"] {
        let response = json!({ "ok": { "status": status, "reference": "p-1:authorize" } });
        assert_eq!(call("authorize", &authorization(status)), response);
    }
    for kind in ["declined", "retryable", "permanent", "other"] {
        let response = json!({ "error": { "kind": kind, "detail": "p-1:authorize" } });
        assert_eq!(call("authorize", &authorization(kind)), response);
    }
}

#[test]
fn each_operation_calls_the_function_of_the_provider() {
    for (operation, reference) in [("capture", "captured"), ("void", "voided"), ("refund", "refunded")] {
        assert_eq!(call(operation, &settlement(reference)), json!({ "ok": null }));
        let response = json!({ "error": { "kind": "permanent", "detail": "unknown" } });
        assert_eq!(call(operation, &settlement("unknown")), response);
    }
}

#[test]
fn only_payments_may_call_the_provider() {
    let (status, _) = call_adapter(&SERVICE, "orders", AUTHORIZE, &authorization("ok"));
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn the_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
