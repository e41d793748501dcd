//! What a delivery costs: statements, counted.

use super::{Desk, EVE};

#[test]
fn an_event_that_one_is_told_of_on_one_channel_takes_these_statements() {
    let desk = Desk::new();
    desk.tell(1, "OrderPaid", EVE);
    let before = desk.platform.statements("notifications").len();
    desk.tell(2, "OrderPaid", EVE);
    let statements = desk.platform.statements("notifications").split_off(before);
    let words: Vec<String> =
        statements.iter().map(|sql| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        // It is told, and kept.
        "SELECT fingerprint FROM",
        "INSERT INTO inbox",
        // It is queued.
        "SELECT fingerprint FROM",
        "UPDATE inbox SET",
        "BEGIN IMMEDIATE",
        "INSERT INTO notifications",
        "INSERT INTO outbox",
        "INSERT INTO inbox",
        "UPDATE inbox SET",
        "COMMIT",
        // It is sent. The first two are for up to 16 at once.
        "SELECT fingerprint FROM",
        "UPDATE inbox SET",
        "SELECT failures, open_until,",
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
