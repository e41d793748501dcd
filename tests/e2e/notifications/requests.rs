//! Notifications at an operator's request.

use super::wait_for;
use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::notifications::{create_user_at, has_status, list, request};
use spindle_tests::orders::unique_key;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::User;

fn message(user: &User) -> Value {
    json!({"user_id": user.id, "template": "message", "data": {"subject": "Hello", "text": "A & B"}})
}

fn recipient() -> User {
    create_user_at(&admin().client, "example.com", &json!({"phone": "+4930123456"}))
}

#[test]
fn an_operator_sends_a_message_to_a_user() {
    let user = recipient();
    let accepted = request(&operator().client, &message(&user)).expect_status(202);
    let items = accepted.json()["items"].clone();
    let listed = operator().client.get(accepted.header("location").expect("an address")).expect_status(200).json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][1]), (&items[0]["id"], &Value::Null));
    assert_eq!(
        (&items[0]["status"], &items[0]["channel"], &items[1]),
        (&json!("queued"), &json!("email"), &Value::Null)
    );
    let sent = wait_for(&user.id, has_status("message", "sent"));
    assert_eq!((&sent["id"], &sent["event"]), (&items[0]["id"], &Value::Null));
    // A channel that the user has turned off is not used.
    let mut sms = message(&user);
    sms["channel"] = json!("sms");
    assert_eq!(request(&operator().client, &sms).expect_status(202).json(), json!({"items": []}));
}

#[test]
fn an_invalid_request_is_refused() {
    let user = recipient();
    let pointer = |change: &dyn Fn(&mut Value)| {
        let mut body = message(&user);
        change(&mut body);
        let response = request(&operator().client, &body);
        expect_problem(&response, 422, "validation-failed")["errors"][0]["pointer"].clone()
    };
    assert_eq!(pointer(&|body| body["template"] = json!("greeting")), "/template");
    assert_eq!(pointer(&|body| body["user_id"] = json!("0190a5c0-0000-7000-8000-000000000000")), "/user_id");
    assert_eq!(pointer(&|body| body["data"] = json!({"subject": "s"})), "/data/text");
    assert_eq!(pointer(&|body| body["channel"] = json!("fax")), "/channel");
    request(&customer("requester").client, &message(&user)).expect_status(403);
    wait_for(&user.id, has_status("welcome", "sent"));
    assert_eq!(list(&operator().client, &user.id).len(), 1);
}

#[test]
fn a_request_with_the_same_idempotency_key_sends_once() {
    let (user, key) = (recipient(), unique_key());
    let send = || {
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let client = operator().client;
        client
            .send("POST", "/v1/notifications", &headers, Some(message(&user).to_string().as_bytes()))
            .expect_status(202)
    };
    assert_eq!(send().json(), send().json());
    wait_for(&user.id, has_status("message", "sent"));
    let messages = list(&operator().client, &user.id).into_iter().filter(|item| item["template"] == "message");
    assert_eq!(messages.count(), 1);
}
