//! The adapter on the native platform, before a stand-in for the provider.

use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::SEND;
use spindle_edge::testing::{SECRET, service_token};
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::token::service::{Operation, SECRET_VARIABLE};

const TO: Operation<'_> = Operation { service: "notify", method: &Method::POST, path: SEND };

/// What `caller` is answered by an adapter that has nothing but its secret.
fn send(caller: &str, message: &Value) -> Response {
    let platform = Platform::native().with_variable(SECRET_VARIABLE, SECRET).build();
    let token = service_token(&platform, caller, &TO);
    let request = http::Request::post(SEND).header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::from(Bytes::from(message.to_string()))).unwrap();
    block_on(spindle_edge::serve(&SERVICE, platform, Request::new(request)))
}

fn message(template: &str) -> Value {
    json!({
        "idempotency_key": "k-1", "template": template, "locale": "no such address", "attempt": 1,
        "content": { "email": { "to": "a@example.com", "subject": "Paid", "text": "Paid.", "html": "<p>Paid.</p>" } },
    })
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
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
        let response = send("notifications", &message(template));
        assert_eq!((response.status(), body(&response)), (StatusCode::OK, answer));
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
        assert_eq!(send("notifications", &message).status(), status, "{message}");
    }
}

#[test]
fn only_notifications_may_send() {
    assert_eq!(send("orders", &message("order-paid")).status(), StatusCode::FORBIDDEN);
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
