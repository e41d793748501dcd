//! Notifications at an operator's request.

use super::{ADA, EVE, Fixture, UNKNOWN_USER, pair};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_contracts::provider::notify::Content;
use spindle_edge::testing::user_id;
use uuid::Uuid;

fn message(user: u128) -> Value {
    json!({ "user_id": Uuid::from_u128(user), "template": "message", "data": { "subject": "Hello", "text": "A & B" } })
}

#[test]
fn a_message_is_sent_on_each_channel_of_the_user_or_on_the_requested_one() {
    let fixture = Fixture::new();
    let response = fixture.request(&message(ADA));
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let items = response.json()["items"].as_array().unwrap().clone();
    let location = response.header("location").unwrap();
    let listed = fixture.client.get(location).send().expect(StatusCode::OK).json();
    let ids = |items: &[Value]| items.iter().rev().map(|item| item["id"].clone()).collect::<Vec<_>>();
    let mut latest_first = listed["items"].as_array().unwrap().clone();
    latest_first.reverse();
    assert_eq!(ids(&latest_first), ids(&items));
    let queued: Vec<(&str, &str)> =
        items.iter().map(|item| (item["channel"].as_str().unwrap(), item["status"].as_str().unwrap())).collect();
    assert_eq!(queued, [("email", "queued"), ("sms", "queued"), ("push", "queued")]);
    assert!(items.iter().all(|item| item["event"].is_null() && item["attempts"] == 0), "{items:?}");
    assert_eq!(fixture.statuses(), ["email", "sms", "push"].map(|channel| pair(channel, "sent")));
    let messages = fixture.messages();
    let Content::Email(email) = &messages[0].content else { panic!("{messages:?}") };
    assert_eq!((email.subject.as_str(), email.html.contains("A &amp; B")), ("Hello", true));

    let mut only = message(ADA);
    only["channel"] = json!("sms");
    assert_eq!(fixture.request(&only).json()["items"].as_array().unwrap().len(), 1);
    let detail: Vec<(String, String)> =
        fixture.client.rows("SELECT action, detail FROM audit_log ORDER BY seq DESC LIMIT 1");
    let expected = ("notification.requested".to_owned(), r#"{"channels":["sms"],"template":"message"}"#.to_owned());
    assert_eq!(detail, [expected]);
}

#[test]
fn a_channel_that_the_user_has_turned_off_is_not_used() {
    let fixture = Fixture::new();
    let mut push = message(EVE);
    push["channel"] = json!("push");
    let response = fixture.request(&push);
    assert_eq!((response.status(), response.json()), (StatusCode::ACCEPTED, json!({ "items": [] })));
    assert_eq!(fixture.calls(), []);
}

#[test]
fn each_invalid_field_has_an_error_with_its_pointer() {
    let fixture = Fixture::new();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut body = message(ADA);
        change(&mut body);
        fixture.request(&body).error_pointers()
    };
    assert_eq!(refused(&|body| body["template"] = json!("greeting")), ["/template"]);
    assert_eq!(refused(&|body| body["channel"] = json!("fax")), ["/channel"]);
    assert_eq!(refused(&|body| body["data"] = json!({ "subject": "s", "html": "h" })), ["/data/text", "/data/html"]);
    assert_eq!(refused(&|body| body["data"]["subject"] = json!("Hello \u{202e}dlrow")), ["/data/subject"]);
    assert_eq!(refused(&|body| body["data"]["subject"] = json!("Hello\nworld")), ["/data/subject"]);
    assert_eq!(refused(&|body| body["data"]["text"] = json!("A\u{2067}B")), ["/data/text"]);
    assert_eq!(refused(&|body| body["user_id"] = json!(Uuid::from_u128(UNKNOWN_USER))), ["/user_id"]);
    assert_eq!(refused(&|body| body["to"] = json!("eve@example.com")), ["/to"]);
    assert_eq!(refused(&|body| body["data"]["text"] = json!("x".repeat(1_001))), ["/data"]);
    let welcome = |body: &mut Value| {
        *body = json!({ "user_id": Uuid::from_u128(ADA), "template": "welcome", "channel": "sms" });
    };
    assert_eq!(refused(&welcome), ["/channel"]);
    assert_eq!((fixture.statuses(), fixture.calls()), (vec![], vec![]));
    let customer =
        fixture.client.post("/v1/notifications").as_user(user_id(ADA), Role::Customer).json(&message(ADA)).send();
    assert_eq!(customer.status(), StatusCode::FORBIDDEN);
}

#[test]
fn an_amount_may_be_written_as_json_writes_integers() {
    let fixture = Fixture::new();
    let body = |amount: &str| {
        let body = json!({ "user_id": Uuid::from_u128(EVE), "template": "payment-refunded", "data": { "amount": { "amount": 0, "currency": "EUR" } } });
        serde_json::value::RawValue::from_string(body.to_string().replace(":0,", &format!(":{amount},"))).unwrap()
    };
    let send = |amount: &str| fixture.client.post("/v1/notifications").json(&body(amount)).send();
    for amount in ["1299", "1299.0", "1.299e3"] {
        assert_eq!(send(amount).status(), StatusCode::ACCEPTED, "{amount}");
        let messages = fixture.messages();
        let Content::Email(email) = &messages[0].content else { panic!("one e-mail") };
        assert!(email.text.contains("12,99"), "{amount}: {}", email.text);
    }
    assert_eq!(send("12.5").error_pointers(), ["/data/amount"]);
}

#[test]
fn every_field_that_is_wrong_is_named_at_once() {
    let fixture = Fixture::new();
    let body =
        json!({ "user_id": "ada", "template": "greeting", "channel": "fax", "data": [], "to": "eve@example.com" });
    let mut pointers = fixture.request(&body).error_pointers();
    pointers.sort();
    assert_eq!(pointers, ["/channel", "/data", "/template", "/to", "/user_id"]);
}

#[test]
fn a_number_that_loses_digits_is_refused_with_its_pointer() {
    let fixture = Fixture::new();
    let body = message(ADA).to_string().replace(r#""A & B""#, "12345678901234567890123");
    let body = serde_json::value::RawValue::from_string(body).unwrap();
    let response = fixture.client.post("/v1/notifications").json(&body).send();
    assert_eq!(response.error_pointers(), ["/data/text"]);
}

#[test]
fn a_request_with_the_same_idempotency_key_sends_once() {
    let fixture = Fixture::new();
    let send = |key: &str, body: &Value| {
        fixture.client.post("/v1/notifications").header("idempotency-key", key).json(body).send()
    };
    let (first, second) = (send("k-1", &message(EVE)), send("k-1", &message(EVE)));
    assert_eq!((first.status(), first.json()), (second.status(), second.json()));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(second.headers()["idempotency-replayed"], "true");
    assert_eq!(send("k-1", &message(ADA)).status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("", &message(EVE)).status(), StatusCode::BAD_REQUEST);
    assert_eq!(fixture.calls().len(), 1);
    fixture.request(&message(EVE));
    assert_eq!(fixture.calls().len(), 1);
}

#[test]
fn a_request_is_refused_while_users_does_not_respond() {
    let fixture = Fixture::new();
    fixture.client.platform().set_variable("users_url", "http://nowhere.spin.internal");
    let response = fixture.request(&message(EVE));
    assert_eq!(
        (response.status(), &response.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
}
