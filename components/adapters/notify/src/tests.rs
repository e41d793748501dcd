//! The adapter on the native platform, before a stand-in for the provider.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::notify::SEND;
use spindle_edge::testing::call_adapter;

fn send(caller: &str, message: &Value) -> (StatusCode, Value) {
    call_adapter(&SERVICE, caller, SEND, message)
}

fn message(template: &str) -> Value {
    json!({
        "idempotency_key": "k-1", "template": template, "locale": "no such address", "attempt": 1,
        "content": { "email": { "to": "a@example.com", "subject": "Paid", "text": "Paid.", "html": "<p>Paid.</p>" } },
    })
}

#[test]
fn what_the_provider_answers_is_the_answer_errors_included() {
    let error = |kind: &str| json!({ "error": { "kind": kind, "detail": "no such address" } });
    for (template, answer) in [
        ("order-paid", json!({ "ok": "k-1" })),
        ("rejected", error("rejected")),
        ("retryable", error("retryable")),
        ("other", error("other")),
    ] {
        assert_eq!(send("notifications", &message(template)), (StatusCode::OK, answer));
    }
}

#[test]
fn every_kind_of_content_is_taken_and_nothing_else() {
    for (content, status) in [
        (json!({ "sms": { "to": "+4930123456", "text": "Paid." } }), StatusCode::OK),
        (json!({ "push": { "to": "u-1", "title": "Paid", "text": "Paid." } }), StatusCode::OK),
        (json!({ "fax": { "to": "+4930123456" } }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut message = message("order-paid");
        message["content"] = content;
        assert_eq!(send("notifications", &message).0, status, "{message}");
    }
}

#[test]
fn only_notifications_may_send() {
    assert_eq!(send("orders", &message("order-paid")).0, StatusCode::FORBIDDEN);
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
