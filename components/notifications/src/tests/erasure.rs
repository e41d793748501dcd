//! The erasure of a user: no further message is sent, and no personal data stays.

use super::{ADA, EVE, Fixture, failed, pair};
use serde_json::{Value, json};

/// Returns the data and texts of all notifications and calls.
fn stored_texts(fixture: &Fixture) -> Vec<(String, Option<String>)> {
    fixture.client.rows("SELECT data, last_error FROM notifications UNION ALL SELECT '{}', detail FROM provider_calls")
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
    fixture.publish(4, "UserErased", EVE);
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
