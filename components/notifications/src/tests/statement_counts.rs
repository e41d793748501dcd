//! The statements of an event and its delivery.

use super::{EVE, Fixture};

#[test]
fn an_event_with_one_notification_executes_these_statements() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let before = fixture.client.platform().statements("notifications").len();
    fixture.publish(2, "OrderPaid", EVE);
    let statements = fixture.client.platform().statements("notifications").split_off(before);
    let words: Vec<String> =
        statements.iter().map(|sql| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        // The event is stored, leased to this instance.
        "SELECT fingerprint FROM",
        "INSERT INTO inbox",
        // The notification is enqueued, and its delivery leased.
        "SELECT fingerprint FROM",
        "BEGIN IMMEDIATE",
        "INSERT INTO notifications",
        "INSERT INTO outbox",
        "INSERT INTO inbox",
        "UPDATE inbox SET",
        "COMMIT",
        // The notification is delivered. The first statement serves up to 16 deliveries.
        "SELECT fingerprint FROM",
        "SELECT count(*) AS",
        "SELECT id, event_id,",
        "INSERT INTO provider_calls",
        "BEGIN IMMEDIATE",
        "UPDATE provider_calls SET",
        "UPDATE notifications SET",
        "UPDATE inbox SET",
        "COMMIT",
    ];
    assert_eq!(words, expected);
}
