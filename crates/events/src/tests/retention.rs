//! Retention: a tick removes old events, and keeps dead letters and waiting events.

use super::fixture::{Fixture, NOW, event, state};
use crate::tick::{EventCounts, tick};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Timestamp;

/// The time for which events are kept, in milliseconds.
const RETENTION: i64 = 604_800_000;

fn outbox_length(fixture: &Fixture) -> i64 {
    let count: (i64,) = block_on(async {
        let db = fixture.orders().sql().await.unwrap();
        db.query_one("SELECT count(*) FROM outbox", &[]).await.unwrap()
    });
    count.0
}

fn at(fixture: &Fixture, millis: i64) {
    fixture.platform.set_now(Timestamp::from_millis(millis));
}

#[test]
fn done_events_are_removed_after_the_retention_and_dead_or_waiting_ones_stay() {
    let fixture = Fixture::with(&[
        ("broken", "card"),
        ("event_retry_base_ms", "9000000000"),
        ("event_retry_cap_ms", "9000000000"),
    ]);
    let (_, pushed) = fixture.request_payments(&["ok", "never", "never", "card"]);
    fixture.push(pushed);
    // It waits for longer than the retention, whatever the random delay is.
    let wait = format!("UPDATE inbox SET next_attempt_at = {} WHERE state = 'pending'", NOW + 2 * RETENTION);
    fixture.rows::<(i64,)>(&wait);
    let letters: Vec<(String,)> = fixture.rows("SELECT id FROM inbox WHERE state = 'dead' ORDER BY seq");
    let discard = format!("/internal/payments/dead-letters/{}", letters[0].0);
    assert_eq!(fixture.client.delete(&discard).as_service("gateway").send().status(), StatusCode::NO_CONTENT);
    at(&fixture, NOW + RETENTION);
    assert_eq!(fixture.tick().pruned, 0);
    at(&fixture, NOW + RETENTION + 1);
    assert_eq!(fixture.tick(), EventCounts { waiting: 1, pruned: 2, ..EventCounts::default() });
    assert_eq!(fixture.inbox(), [state("dead", 1), state("pending", 1)]);
}

#[test]
fn the_oldest_events_of_an_outbox_are_removed_first() {
    let fixture = Fixture::new();
    drop(fixture.request_payments(&["ok"; 3]));
    fixture.advance(RETENTION);
    drop(fixture.request_payments(&["ok"]));
    let prune = || block_on(tick(&fixture.orders(), None)).unwrap();
    assert_eq!((prune(), outbox_length(&fixture)), (EventCounts::default(), 4));
    fixture.advance(1);
    assert_eq!((prune().pruned, outbox_length(&fixture)), (3, 1));
    // Numbers are not used twice, so that no cursor is ahead of later events.
    fixture.advance(RETENTION);
    assert_eq!((prune().pruned, outbox_length(&fixture)), (1, 0));
    let (orders, lost) = fixture.request_payments(&["ok"]);
    drop(lost);
    fixture.tick();
    assert_eq!(fixture.effects(), orders);
}

#[test]
fn more_events_than_one_transaction_removes_are_removed_by_one_tick() {
    let fixture = Fixture::new();
    drop(fixture.request_payments(&["ok"; 2_500]));
    fixture.advance(RETENTION + 1);
    assert_eq!(block_on(tick(&fixture.orders(), None)).unwrap().pruned, 2_500);
}

#[test]
fn a_duplicate_of_a_dead_letter_is_ignored() {
    let fixture = Fixture::new();
    let copy = event(1, json!({}));
    for _ in 0..2 {
        assert_eq!(fixture.send("orders", std::slice::from_ref(&copy)), StatusCode::ACCEPTED);
        assert_eq!(fixture.inbox(), [state("dead", 1)]);
    }
}
