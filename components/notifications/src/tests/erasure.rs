//! The erasure of a user: no further message is sent, and no personal data stays.

use super::{ADA, EVE, Fixture, failed, pair, sent};
use crate::provider::ProviderResult;
use crate::store::{calls, notifications};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{NotificationId, Role, UserId};
use spindle_edge::testing::user_id;
use uuid::Uuid;

/// Returns the data and texts of all notifications and calls.
fn stored_texts(fixture: &Fixture) -> Vec<(String, Option<String>)> {
    fixture.client.rows(
        "SELECT data, coalesce(last_error, provider_reference) FROM notifications UNION ALL SELECT '{}', detail FROM provider_calls",
    )
}

/// Returns the progress of the erasure of `user`.
fn progress(fixture: &Fixture, user: u128) -> Value {
    let target = format!("/internal/notifications/erasures/{}", Uuid::from_u128(user));
    fixture.client.get(&target).as_service("users").send().expect(StatusCode::OK).json()
}

#[test]
fn queued_and_dead_notifications_are_cancelled_and_all_data_is_erased() {
    let mut fixture = Fixture::new();
    fixture.publish(1, "PaymentRefunded", EVE);
    fixture.respond_with(|_| failed("retryable"));
    fixture.publish(2, "PaymentRefunded", EVE);
    fixture.respond_with(|_| failed("rejected"));
    fixture.publish(3, "PaymentRefunded", EVE);
    fixture.remove_contact(EVE);
    assert_eq!(
        progress(&fixture, EVE),
        json!({ "state": "pending", "remaining": { "events": 1, "notifications": 3 } })
    );
    fixture.publish(4, "UserErased", EVE);
    assert_eq!(progress(&fixture, EVE), json!({ "state": "done" }));
    let failures: Vec<(String,)> = fixture.client.rows("SELECT failures FROM inbox WHERE failures <> '[]'");
    assert_eq!(failures, []);
    assert_eq!(fixture.statuses(), [pair("email", "sent"), pair("email", "cancelled"), pair("email", "cancelled")]);
    assert!(
        stored_texts(&fixture).iter().all(|(data, text)| data == "{}" && text.is_none()),
        "{:?}",
        stored_texts(&fixture)
    );
    fixture.calls();
    fixture.tick_after(60_000);
    // The replay of a dead letter does not send it either.
    let path = "/internal/notifications/dead-letters/replay";
    let replay = fixture.client.post(path).as_service("gateway").json(&json!({}));
    assert_eq!(replay.send().json()["replayed"], 1);
    fixture.tick_after(60_000);
    assert_eq!((fixture.calls(), fixture.dead_letters()), (vec![], vec![]));
}

#[test]
fn a_notification_that_was_queued_before_the_erasure_event_is_not_sent() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| failed("retryable"));
    fixture.publish(1, "OrderPaid", ADA);
    fixture.calls();
    fixture.remove_contact(ADA);
    fixture.tick_after(1_000);
    assert_eq!(
        (fixture.calls(), fixture.statuses()),
        (vec![], vec![pair("email", "cancelled"), pair("push", "cancelled")])
    );
    assert!(stored_texts(&fixture).iter().all(|(data, _)| data == "{}"));
    fixture.publish(2, "OrderFulfilled", ADA);
    assert_eq!(fixture.statuses().len(), 2);
}

#[test]
fn nothing_is_stored_of_a_user_who_is_erased_during_a_call_or_a_request() {
    let fixture = Fixture::new();
    fixture.respond_with(|_| sent("m-1"));
    fixture.publish(1, "OrderPaid", EVE);
    let id: NotificationId = fixture.only_notification()["id"].as_str().unwrap().parse().unwrap();
    block_on(async {
        let context = fixture.client.context();
        let (db, now) = (context.sql().await.unwrap(), context.now());
        let number = calls::begin(&db, id).await.unwrap();
        let transaction = db.transaction().await.unwrap();
        notifications::erase_user(&transaction, UserId(Uuid::from_u128(EVE)), now).await.unwrap();
        transaction.commit().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let rejected = ProviderResult::Rejected("eve@example.com: no".to_owned());
        notifications::end_call(&transaction, id, number, &rejected, now).await.unwrap();
        let sent = ProviderResult::Sent(Some("to-eve@example.com".to_owned()));
        notifications::end_call(&transaction, id, number, &sent, now).await.unwrap();
        transaction.commit().await.unwrap();
    });
    // users still knows the contact: the event came between.
    let body =
        json!({ "user_id": Uuid::from_u128(EVE), "template": "message", "data": { "subject": "S", "text": "T" } });
    assert_eq!(fixture.request(&body).expect(StatusCode::ACCEPTED).json()["items"], json!([]));
    fixture.publish(2, "PaymentRefunded", EVE);
    assert_eq!(fixture.statuses().len(), 1);
    assert!(
        stored_texts(&fixture).iter().all(|(data, text)| data == "{}" && text.is_none()),
        "{:?}",
        stored_texts(&fixture)
    );
}

#[test]
fn the_idempotency_keys_of_an_erased_operator_are_deleted() {
    let fixture = Fixture::new();
    let body =
        json!({ "user_id": Uuid::from_u128(ADA), "template": "message", "data": { "subject": "S", "text": "T" } });
    for operator in [9, EVE] {
        let request = fixture.client.post("/v1/notifications").as_user(user_id(operator), Role::Operator);
        request.header("idempotency-key", "k-1").json(&body).send().expect(StatusCode::ACCEPTED);
    }
    fixture.publish(1, "UserErased", EVE);
    let users: Vec<(String,)> = fixture.client.rows("SELECT user_id FROM idempotency_keys");
    assert_eq!(users, [(user_id(9).to_string(),)]);
}

#[test]
fn the_notifications_of_other_users_stay() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", ADA);
    fixture.remove_contact(EVE);
    fixture.publish(2, "UserErased", EVE);
    assert_eq!(fixture.statuses(), [pair("email", "sent"), pair("push", "sent")]);
    assert!(fixture.list("").iter().all(|item| item["provider_reference"] != Value::Null));
}

#[test]
fn old_notifications_are_removed() {
    let mut fixture = Fixture::with(&[("notification_retention_seconds", "86400")]);
    fixture.publish(1, "OrderPaid", EVE);
    assert_eq!(fixture.tick_after(86_400_000)["pruned"], 3, "its events are older");
    assert_eq!(fixture.statuses().len(), 1);
    assert_eq!((fixture.tick_after(1)["pruned"].clone(), fixture.statuses()), (json!(1), vec![]));
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM provider_calls"), [(0,)]);
}
