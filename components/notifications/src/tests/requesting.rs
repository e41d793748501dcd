//! What operators want somebody to be told.

use super::{ADA, Desk, EVE, NOBODY, body, stands};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_contracts::provider::notify::Content;
use spindle_platform::http::Response;
use uuid::Uuid;

fn message(user: u128) -> Value {
    json!({ "user_id": Uuid::from_u128(user), "template": "message", "data": { "subject": "Hello", "text": "A & B" } })
}

fn pointers(response: &Response) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{response:?}");
    let errors = body(response)["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn somebody_is_told_on_each_channel_that_they_want_or_on_one() {
    let desk = Desk::new();
    let response = desk.wish(&message(ADA));
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let items = body(&response)["items"].as_array().unwrap().clone();
    let shown: Vec<(&str, &str)> =
        items.iter().map(|item| (item["channel"].as_str().unwrap(), item["status"].as_str().unwrap())).collect();
    assert_eq!(shown, [("email", "queued"), ("sms", "queued"), ("push", "queued")]);
    assert!(items.iter().all(|item| item["event"].is_null() && item["attempts"] == 0), "{items:?}");
    assert_eq!(desk.stand(), ["email", "sms", "push"].map(|channel| stands(channel, "sent")));
    let messages = desk.messages();
    let Content::Email(email) = &messages[0].content else { panic!("{messages:?}") };
    assert_eq!((email.subject.as_str(), email.html.contains("A &amp; B")), ("Hello", true));

    let mut only = message(ADA);
    only["channel"] = json!("sms");
    assert_eq!(body(&desk.wish(&only))["items"].as_array().unwrap().len(), 1);
    let detail: Vec<(String, String)> = desk.rows("SELECT action, detail FROM audit_log ORDER BY seq DESC LIMIT 1");
    let expected = ("notification.requested".to_owned(), r#"{"channels":["sms"],"template":"message"}"#.to_owned());
    assert_eq!(detail, [expected]);
}

#[test]
fn whoever_wants_to_hear_nothing_is_told_nothing() {
    let desk = Desk::new();
    let mut push = message(EVE);
    push["channel"] = json!("push");
    let response = desk.wish(&push);
    assert_eq!((response.status(), body(&response)), (StatusCode::ACCEPTED, json!({ "items": [] })));
    assert_eq!(desk.asked(), []);
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let desk = Desk::new();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut wish = message(ADA);
        change(&mut wish);
        pointers(&desk.wish(&wish))
    };
    assert_eq!(refused(&|wish| wish["template"] = json!("greeting")), ["/template"]);
    assert_eq!(refused(&|wish| wish["channel"] = json!("fax")), ["/channel"]);
    assert_eq!(refused(&|wish| wish["data"] = json!({ "subject": "s", "html": "h" })), ["/data/text", "/data/html"]);
    assert_eq!(refused(&|wish| wish["user_id"] = json!(Uuid::from_u128(NOBODY))), ["/user_id"]);
    assert_eq!(refused(&|wish| wish["to"] = json!("eve@example.com")), ["/to"]);
    assert_eq!(refused(&|wish| wish["data"]["text"] = json!("x".repeat(1_001))), ["/data"]);
    let welcome = |wish: &mut Value| {
        *wish = json!({ "user_id": Uuid::from_u128(ADA), "template": "welcome", "channel": "sms" });
    };
    assert_eq!(refused(&welcome), ["/channel"]);
    assert_eq!((desk.stand(), desk.asked()), (vec![], vec![]));
    let customer = desk.as_user(ADA, Role::Customer, Method::POST, "/v1/notifications", &message(ADA));
    assert_eq!(customer.status(), StatusCode::FORBIDDEN);
}

#[test]
fn under_an_idempotency_key_it_is_told_once() {
    let desk = Desk::new();
    let send = |key: &str, wish: &Value| {
        let headers = [("idempotency-key", key)];
        desk.as_user_with(9, Role::Operator, Method::POST, "/v1/notifications", &headers, wish)
    };
    let (first, second) = (send("k-1", &message(EVE)), send("k-1", &message(EVE)));
    assert_eq!((first.status(), body(&first)), (second.status(), body(&second)));
    assert_eq!(second.headers()["idempotency-replayed"], "true");
    assert_eq!(send("k-1", &message(ADA)).status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("", &message(EVE)).status(), StatusCode::BAD_REQUEST);
    assert_eq!(desk.asked().len(), 1);
    desk.wish(&message(EVE));
    assert_eq!(desk.asked().len(), 1);
}

#[test]
fn while_users_does_not_answer_nothing_is_taken() {
    let desk = Desk::new();
    desk.platform.set_variable("users_url", "http://nowhere.spin.internal");
    let response = desk.wish(&message(EVE));
    assert_eq!(
        (response.status(), &response.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
}
