//! Tests of the adapter on the native platform, with a fake provider.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::notify::SEND;
use spindle_edge::testing::{call_adapter, call_adapter_on, with_edge_variables};
use spindle_platform::Platform;

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
fn the_result_of_the_provider_is_the_response_errors_included() {
    let error = |kind: &str| json!({ "error": { "kind": kind, "detail": "no such address" } });
    for (template, response) in [
        ("order-paid", json!({ "ok": "k-1" })),
        ("rejected", error("rejected")),
        ("retryable", error("retryable")),
        ("other", error("other")),
    ] {
        assert_eq!(send("notifications", &message(template)), (StatusCode::OK, response));
    }
}

#[test]
fn only_the_known_kinds_of_content_are_accepted() {
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

/// Returns the lines that the adapter `log_name` logs for `message`.
fn log_lines(log_name: &str, message: &Value) -> Vec<Value> {
    let platform = with_edge_variables(Platform::native()).with_variable("log_name", log_name).build();
    call_adapter_on(&platform, &SERVICE, "notifications", SEND, message);
    platform.logged().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_sent_message_is_logged_with_the_fields_of_every_line_and_the_name_of_the_component() {
    for (name, content) in [
        ("email", json!({ "to": "ada@example.com", "subject": "Paid", "text": "Paid.", "html": "<p>Paid.</p>" })),
        ("sms", json!({ "to": "+4930123456", "text": "Paid." })),
        ("push", json!({ "to": "u-1", "title": "Paid", "text": "Paid." })),
    ] {
        let mut message = message("order-paid");
        message["content"] = json!({ name: content });
        let component = format!("notify-{name}");
        let lines = log_lines(&component, &message);
        let [sent, request] = lines.as_slice() else { panic!("two lines: {lines:?}") };
        assert_eq!(
            *sent,
            json!({
                "ts": sent["ts"], "level": "info", "service": component, "message": "notification sent",
                "request_id": request["request_id"], "trace_id": request["trace_id"],
                "channel": name, "template": "order-paid", "key": "k-1",
            })
        );
        assert!(sent["ts"].is_string() && sent["request_id"].is_string(), "{sent}");
        assert_eq!((&request["service"], &request["message"]), (&json!(component), &json!("request")));
    }
}

#[test]
fn a_line_holds_neither_the_recipient_nor_the_text() {
    let mut message = message("order-paid");
    message["content"]["email"] =
        json!({ "to": "recipient@example.com", "subject": "Secret", "text": "Secret", "html": "Secret" });
    let lines = log_lines("notify-email", &message);
    assert!(!lines.is_empty());
    for line in lines.iter().map(Value::to_string) {
        assert!(!line.contains("recipient") && !line.contains("example.com") && !line.contains("Secret"), "{line}");
    }
}

#[test]
fn a_message_that_was_not_sent_leaves_only_the_line_of_the_request() {
    let lines = log_lines("notify-email", &message("rejected"));
    assert_eq!(lines.iter().map(|line| &line["message"]).collect::<Vec<_>>(), ["request"]);
}

#[test]
fn each_component_of_this_adapter_has_its_own_name_in_spin_toml() {
    let manifest = include_str!("../../../../spin.toml");
    for component in ["notify-email", "notify-push", "notify-sms"] {
        let (_, variables) = manifest.split_once(&format!("[component.{component}.variables]\n")).unwrap();
        let (variables, _) = variables.split_once("\n[").unwrap();
        let expected = format!("log_name = \"{component}\"");
        assert!(variables.lines().any(|line| line == expected), "{component}: {variables}");
    }
}

#[test]
fn only_notifications_may_send() {
    assert_eq!(send("orders", &message("order-paid")).0, StatusCode::FORBIDDEN);
}

#[test]
fn the_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
