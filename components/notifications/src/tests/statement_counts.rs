//! The statements of an event and its delivery.

use super::{EVE, Fixture, users};
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn an_event_with_one_notification_executes_these_statements() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let before = fixture.client.platform().statements("notifications").len();
    fixture.publish(2, "OrderPaid", EVE);
    let statements = fixture.client.platform().statements("notifications").split_off(before);
    let words: Vec<String> =
        statements.iter().map(|sql| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect();
    // Event and call are stored with the notification, and nothing is read again.
    let expected = [
        // The notification is enqueued, its delivery leased, its call begun, and the event done.
        "BEGIN IMMEDIATE",
        "SELECT m.fingerprint AS",
        "INSERT INTO notifications",
        "INSERT INTO audit_append",
        "COMMIT",
        // The provider has responded.
        "BEGIN IMMEDIATE",
        "UPDATE notifications SET",
        "INSERT INTO audit_append",
        "COMMIT",
    ];
    assert_eq!(words, expected);
}

#[test]
fn an_event_with_one_notification_reads_the_address_once() {
    let fixture = Fixture::new();
    let (reads, contacts) = (Rc::new(Cell::new(0)), Rc::clone(&fixture.contacts));
    let count = Rc::clone(&reads);
    fixture.client.platform().serve("users.spin.internal", move |request| {
        count.set(count.get() + 1);
        let response = users(&request, &contacts.borrow());
        Box::pin(async { response })
    });
    fixture.publish(1, "OrderPaid", EVE);
    assert_eq!((reads.get(), fixture.calls().len()), (1, 1));
}
