//! Messages that the provider does not send at the first attempt.

use super::wait_for;
use serde_json::{Value, json};
use spindle_tests::accounts::{admin, operator};
use spindle_tests::dead_letters::dead_letters;
use spindle_tests::notifications::{create_user_at, has_status};

#[test]
fn a_rejected_message_is_a_dead_letter_at_once_and_can_be_replayed() {
    let user = create_user_at(&admin().client, "bounce.test", &json!({}));
    let dead = wait_for(&user.id, has_status("welcome", "dead"));
    assert_eq!(dead["attempts"], 1);
    let error = dead["last_error"].as_str().expect("an operator sees the error");
    assert!(error.starts_with("rejected: "), "{error}");
    let letters = dead_letters(&operator().client, "notifications");
    let letter = letters.iter().find(|letter| letter["id"] == dead["id"]).expect("a letter with its id");
    assert_eq!(
        (&letter["type"], &letter["last_error"]),
        (&json!("NotificationQueued"), &json!("the provider rejected the message"))
    );
    assert!(!letter.to_string().contains("bounce.test"), "a dead letter does not hold the recipient: {letter}");

    let path = format!("/v1/admin/dead-letters/notifications/{}/replay", letter["id"].as_str().expect("an id"));
    admin().client.post(&path, &json!({})).expect_status(202);
    let again = wait_for(&user.id, |item| item["attempts"] == 2 && has_status("welcome", "dead")(item));
    assert_eq!(again["id"], dead["id"]);
}

#[test]
fn a_retryable_failure_is_retried_until_the_message_is_sent() {
    let user = create_user_at(&admin().client, "flaky.test", &json!({}));
    let sent = wait_for(&user.id, has_status("welcome", "sent"));
    assert_eq!((&sent["attempts"], &sent["last_error"]), (&json!(3), &Value::Null));
    let path = format!("/v1/notifications/{}", sent["id"].as_str().expect("an id"));
    let calls = operator().client.get(&path).expect_status(200).json()["calls"].clone();
    let outcomes: Vec<&Value> = calls.as_array().into_iter().flatten().map(|call| &call["outcome"]).collect();
    assert_eq!(outcomes, ["retryable", "retryable", "sent"]);
}
