//! Webhooks of the payment provider.

use super::{Fixture, SECRET, START};
use crate::provider::ProviderResult;
use crate::signature::sign;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::TestResponse;
use uuid::Uuid;

const PATH: &str = "/v1/webhooks/payments/sandbox";

/// Returns a fixture whose order 5 has a pending payment.
fn pending() -> Fixture {
    let mut fixture = Fixture::with(|call| match call.operation {
        crate::payment::Operation::Authorize => ProviderResult::Pending("ref".to_owned()),
        _ => ProviderResult::Done,
    });
    fixture.publish("PaymentRequested", 5);
    fixture.calls();
    fixture
}

fn webhook(fixture: &Fixture, id: &str, kind: &str) -> Value {
    json!({ "id": id, "type": kind, "payment_id": fixture.payment(5)["id"], "reference": "ref" })
}

fn send_to(fixture: &Fixture, path: &str, signature: &str, body: &str) -> TestResponse {
    let request = fixture.client.post(path).header("content-type", "application/json");
    request.header("spindle-signature", signature).body(Bytes::copy_from_slice(body.as_bytes())).send()
}

/// Sends `webhook` with a valid signature.
fn send(fixture: &Fixture, webhook: &Value) -> TestResponse {
    let text = webhook.to_string();
    send_to(fixture, PATH, &sign(SECRET, fixture.now / 1_000, text.as_bytes()), &text)
}

#[test]
fn a_pending_payment_is_authorised_by_a_webhook_once() {
    let fixture = pending();
    let webhook = webhook(&fixture, "evt_1", "payment.authorized");
    for _ in 0..3 {
        let response = send(&fixture, &webhook);
        assert_eq!((response.status(), response.body().len()), (StatusCode::ACCEPTED, 0));
    }
    assert_eq!((fixture.status(5).as_str(), fixture.published()), ("authorized", vec!["PaymentAuthorized".to_owned()]));
    assert_eq!(fixture.audited()[1], ("payment.authorized".to_owned(), Some("webhook:sandbox".to_owned())));
}

#[test]
fn a_pending_payment_is_declined_by_a_webhook_with_a_reason() {
    for (reason, expected) in [
        (json!("card expired"), "card expired"),
        (Value::Null, "the payment was declined"),
        // The decision counts, so its text is no reason to refuse it.
        (json!("card\u{202e} expired\u{0}"), "card expired"),
        (json!("\u{200b}"), "the payment was declined"),
    ] {
        let fixture = pending();
        let mut webhook = webhook(&fixture, "evt_1", "payment.declined");
        webhook["reason"] = reason;
        assert_eq!(send(&fixture, &webhook).status(), StatusCode::ACCEPTED);
        let payment = fixture.payment(5);
        assert_eq!((&payment["status"], &payment["decline_code"]), (&json!("declined"), &json!("declined")));
        assert_eq!(payment["decline_reason"], expected);
        assert_eq!(fixture.published(), ["PaymentDeclined"]);
    }
}

#[test]
fn a_webhook_after_the_cancellation_changes_nothing() {
    let mut fixture = pending();
    fixture.publish("OrderCancelled", 5);
    assert_eq!(send(&fixture, &webhook(&fixture, "evt_1", "payment.authorized")).status(), StatusCode::ACCEPTED);
    assert_eq!((fixture.status(5).as_str(), fixture.calls()), ("voided", vec![("void", 1)]));
}

#[test]
fn only_a_recent_signature_of_the_body_is_accepted() {
    let fixture = pending();
    let text = webhook(&fixture, "evt_1", "payment.authorized").to_string();
    let now = START / 1_000;
    let other = sign("another secret that is 32 bytes long", now, text.as_bytes());
    for signature in ["", "t=1,v1=00", &sign(SECRET, now - 301, text.as_bytes()), &sign(SECRET, now, b"{}"), &other] {
        let response = send_to(&fixture, PATH, signature, &text);
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{signature}");
        assert_eq!(response.headers()["www-authenticate"], "Spindle-Signature");
    }
    // A caller that cannot sign does not learn which bodies are valid.
    assert_eq!(send_to(&fixture, PATH, "", "no JSON").status(), StatusCode::UNAUTHORIZED);
    assert_eq!(send_to(&fixture, "/v1/webhooks/payments/other", "", &text).status(), StatusCode::NOT_FOUND);
    assert_eq!(fixture.status(5), "requested");
}

#[test]
fn a_signed_body_that_breaks_a_rule_is_refused_with_pointers() {
    let fixture = pending();
    let good = webhook(&fixture, "evt_1", "payment.authorized");
    for (member, value, pointer) in [
        ("id", json!(""), "/id"),
        ("id", json!("a/b"), "/id"),
        ("type", json!("payment.lost"), "/type"),
        ("payment_id", json!("x"), "/payment_id"),
        ("reference", json!(""), "/reference"),
        ("reason", json!("x".repeat(256)), "/reason"),
        ("more", json!(1), "/more"),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        let response = send(&fixture, &bad);
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert_eq!(response.json()["errors"][0]["pointer"], pointer, "{bad}");
    }
    let text = "no JSON";
    let response = send_to(&fixture, PATH, &sign(SECRET, START / 1_000, text.as_bytes()), text);
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[test]
fn a_webhook_for_an_unknown_payment_or_reference_becomes_a_dead_letter() {
    let fixture = pending();
    let mut unknown = webhook(&fixture, "evt_1", "payment.authorized");
    unknown["payment_id"] = json!(Uuid::from_u128(1));
    let mut other = webhook(&fixture, "evt_2", "payment.authorized");
    other["reference"] = json!("other");
    for webhook in [unknown, other] {
        assert_eq!(send(&fixture, &webhook).status(), StatusCode::ACCEPTED);
    }
    let mut errors = fixture.dead_letters();
    errors.sort();
    assert_eq!(errors, ["payment not found", "the webhook's reference is not the payment's reference"]);
    assert_eq!(fixture.status(5), "requested");
}

#[test]
fn a_webhook_that_arrives_before_the_response_is_applied() {
    let mut fixture = Fixture::with(|_| ProviderResult::Retryable("no answer".to_owned()));
    fixture.publish("PaymentRequested", 5);
    send(&fixture, &webhook(&fixture, "evt_1", "payment.authorized"));
    assert_eq!(fixture.status(5), "authorized");
    fixture.tick_after(2);
    assert_eq!((fixture.calls(), fixture.published()), (vec![("authorize", 1)], vec!["PaymentAuthorized".to_owned()]));
}
