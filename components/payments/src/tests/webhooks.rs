//! What a provider tells by itself.

use super::{SECRET, START, Shop, body};
use crate::provider::Answer;
use crate::signature::sign;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_platform::http::Response;
use uuid::Uuid;

const PATH: &str = "/v1/webhooks/payments/sandbox";

/// A shop whose order 5 waits for the provider's word.
fn pending() -> Shop {
    let mut shop = Shop::with(|call| match call.operation {
        crate::payment::Operation::Authorize => Answer::Pending("ref".to_owned()),
        _ => Answer::Done,
    });
    shop.tell("PaymentRequested", 5);
    shop.calls();
    shop
}

fn notice(shop: &Shop, id: &str, kind: &str) -> Value {
    json!({ "id": id, "type": kind, "payment_id": shop.payment(5)["id"], "reference": "ref" })
}

fn send_to(shop: &Shop, path: &str, signature: &str, body: &str) -> Response {
    let headers = [("content-type", "application/json"), ("spindle-signature", signature)];
    shop.send(Method::POST, path, &headers, body.as_bytes())
}

/// Sends `notice` as the provider would.
fn send(shop: &Shop, notice: &Value) -> Response {
    let text = notice.to_string();
    send_to(shop, PATH, &sign(SECRET, shop.now / 1_000, text.as_bytes()), &text)
}

#[test]
fn a_pending_payment_is_authorised_by_a_webhook_once() {
    let shop = pending();
    let notice = notice(&shop, "evt_1", "payment.authorized");
    for _ in 0..3 {
        let response = send(&shop, &notice);
        assert_eq!((response.status(), response.body().len()), (StatusCode::ACCEPTED, 0));
    }
    assert_eq!((shop.status(5).as_str(), shop.told()), ("authorized", vec!["PaymentAuthorized".to_owned()]));
    assert_eq!(shop.audited()[1], ("payment.authorized".to_owned(), Some("webhook:sandbox".to_owned())));
}

#[test]
fn a_pending_payment_is_declined_by_a_webhook_with_a_reason() {
    for (reason, expected) in [(json!("card expired"), "card expired"), (Value::Null, "the payment was declined")] {
        let shop = pending();
        let mut notice = notice(&shop, "evt_1", "payment.declined");
        notice["reason"] = reason;
        assert_eq!(send(&shop, &notice).status(), StatusCode::ACCEPTED);
        let payment = shop.payment(5);
        assert_eq!((&payment["status"], &payment["decline_reason"]), (&json!("declined"), &json!(expected)));
        assert_eq!(shop.told(), ["PaymentDeclined"]);
    }
}

#[test]
fn an_authorisation_that_comes_after_the_cancellation_changes_nothing() {
    let mut shop = pending();
    shop.tell("OrderCancelled", 5);
    assert_eq!(send(&shop, &notice(&shop, "evt_1", "payment.authorized")).status(), StatusCode::ACCEPTED);
    assert_eq!((shop.status(5).as_str(), shop.calls()), ("voided", vec![("void", 1)]));
}

#[test]
fn only_a_fresh_signature_of_the_body_is_taken() {
    let shop = pending();
    let text = notice(&shop, "evt_1", "payment.authorized").to_string();
    let now = START / 1_000;
    let other = sign("another secret that is 32 bytes long", now, text.as_bytes());
    for signature in ["", "t=1,v1=00", &sign(SECRET, now - 301, text.as_bytes()), &sign(SECRET, now, b"{}"), &other] {
        let response = send_to(&shop, PATH, signature, &text);
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{signature}");
        assert_eq!(response.headers()["www-authenticate"], "Spindle-Signature");
    }
    // Which bodies could be read is nobody's business who cannot sign them.
    assert_eq!(send_to(&shop, PATH, "", "no JSON").status(), StatusCode::UNAUTHORIZED);
    assert_eq!(send_to(&shop, "/v1/webhooks/payments/other", "", &text).status(), StatusCode::NOT_FOUND);
    assert_eq!(shop.status(5), "requested");
}

#[test]
fn a_signed_body_that_breaks_a_rule_is_refused_with_pointers() {
    let shop = pending();
    let good = notice(&shop, "evt_1", "payment.authorized");
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
        let response = send(&shop, &bad);
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert_eq!(body(&response)["errors"][0]["pointer"], pointer, "{bad}");
    }
    let text = "no JSON";
    let response = send_to(&shop, PATH, &sign(SECRET, START / 1_000, text.as_bytes()), text);
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[test]
fn news_of_what_we_do_not_know_is_a_dead_letter() {
    let shop = pending();
    let mut unknown = notice(&shop, "evt_1", "payment.authorized");
    unknown["payment_id"] = json!(Uuid::from_u128(1));
    let mut other = notice(&shop, "evt_2", "payment.authorized");
    other["reference"] = json!("other");
    for notice in [unknown, other] {
        assert_eq!(send(&shop, &notice).status(), StatusCode::ACCEPTED);
    }
    let mut errors = shop.dead_letters();
    errors.sort();
    assert_eq!(errors, ["the provider's reference is another one", "there is no such payment"]);
    assert_eq!(shop.status(5), "requested");
}

#[test]
fn a_webhook_that_is_faster_than_the_answer_is_taken() {
    let mut shop = Shop::with(|_| Answer::Retryable("no answer".to_owned()));
    shop.tell("PaymentRequested", 5);
    send(&shop, &notice(&shop, "evt_1", "payment.authorized"));
    assert_eq!(shop.status(5), "authorized");
    shop.tick_after(2);
    assert_eq!((shop.calls(), shop.told()), (vec![("authorize", 1)], vec!["PaymentAuthorized".to_owned()]));
}
