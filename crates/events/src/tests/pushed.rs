//! A single pushed event: the first transaction of its handler stores it. So it costs one commit, or two if its handler calls out in between, and
//! every interleaving with a pull, another push and a crash has one effect.

use super::fixture::{CONSUMER, Fixture, LEASE, NOW, event, state};
use crate::policy::DeliveryPolicy;
use crate::tick::EventCounts;
use crate::{ingestion, publication, tick};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use spindle_platform::Context;
use std::cell::Cell;
use std::future::pending as never;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Counts the calls of users, and does `work` during the first one.
fn during_the_first_call(fixture: &Fixture, work: impl AsyncFn() + 'static) -> Rc<Cell<u32>> {
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    fixture.on_call(async move |number| {
        count.set(number);
        if number == 1 {
            work().await;
        }
    });
    calls
}

/// Pulls the events of orders, and handles none.
async fn pull(context: &Context) -> usize {
    let db = context.sql().await.unwrap();
    ingestion::pull(context, &db, Instant::now() + Duration::from_secs(3)).await
}

/// Returns the statements of a push of one event with `token`, by their first words and without those that open the database.
fn statements_of(token: &str) -> Vec<String> {
    let fixture = Fixture::with(&[("broken", "card")]);
    block_on(async { fixture.db().await.open().await.unwrap() });
    let before = fixture.platform.statements("payments").len();
    let (_, pending) = fixture.request_payments(&[token]);
    fixture.push(pending);
    let statements = fixture.platform.statements("payments").split_off(before);
    let words = |sql: &String| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    statements.iter().map(words).filter(|sql| sql != "SELECT m.fingerprint AS").collect()
}

/// Returns the events that were logged as not handled, or as dead letters.
fn failures_logged(fixture: &Fixture) -> usize {
    let is_failure = |line: &&String| line.contains("event not handled") || line.contains("event is a dead letter");
    fixture.platform.logged().iter().filter(is_failure).count()
}

#[test]
fn a_local_handler_costs_one_commit() {
    let expected = ["BEGIN IMMEDIATE", "INSERT INTO effects", "INSERT INTO audit_append", "COMMIT"];
    assert_eq!(statements_of("ok"), expected);
}

#[test]
fn a_handler_that_calls_out_in_between_costs_two_commits() {
    let expected = [
        "BEGIN IMMEDIATE",
        "INSERT INTO audit_append",
        "COMMIT",
        "BEGIN IMMEDIATE",
        "INSERT INTO effects",
        "INSERT INTO audit_append",
        "COMMIT",
    ];
    assert_eq!(statements_of("calls"), expected);
}

#[test]
fn an_event_without_an_effect_and_one_that_fails_cost_one_statement() {
    for token in ["idle", "card", "never"] {
        assert_eq!(statements_of(token), ["INSERT INTO inbox"], "{token}");
    }
    let rolled_back = ["BEGIN IMMEDIATE", "INSERT INTO effects", "ROLLBACK", "INSERT INTO inbox"];
    assert_eq!(statements_of("rolls back"), rolled_back);
}

#[test]
fn an_event_that_a_handler_publishes_is_written_by_the_statement_that_stores_its_own() {
    let expected = ["BEGIN IMMEDIATE", "INSERT INTO effects", "INSERT INTO audit_append", "COMMIT"];
    assert_eq!(statements_of("publishes"), expected);
}

#[test]
fn an_event_that_is_done_at_once_leaves_nothing_of_what_it_carried() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["ok"]);
    fixture.push(pending);
    let rows: Vec<(String, String, String, i64, i64)> =
        fixture.rows("SELECT state, data, failures, received_at, settled_at FROM inbox");
    assert_eq!(rows, [("done".to_owned(), "{}".to_owned(), "[]".to_owned(), NOW, NOW)]);
}

#[test]
fn the_response_follows_the_commit_that_stores_the_event_and_the_rest_of_the_handler_follows_it() {
    let fixture = Fixture::new();
    let calls = during_the_first_call(&fixture, never);
    let (orders, pending) = fixture.request_payments(&["calls"]);
    // The push has its 202, or it would be logged as failed; the call of users is still in progress.
    fixture.push_and_die(pending);
    let logged = fixture.platform.logged();
    assert!(!logged.iter().any(|line| line.contains("events not pushed")), "{logged:?}");
    assert_eq!((calls.get(), fixture.inbox(), fixture.effects()), (1, vec![state("pending", 1)], vec![]));
    // The instance has died during the call. The event is leased for a whole lease from when it was stored.
    fixture.advance(LEASE - 1);
    assert_eq!((fixture.tick().handled, calls.get()), (0, 1));
    fixture.advance(1);
    assert_eq!((fixture.tick().handled, fixture.effects(), calls.get()), (1, orders, 2));
    assert_eq!((fixture.inbox(), failures_logged(&fixture)), (vec![state("done", 2)], 0));
}

#[test]
fn an_instance_that_dies_before_its_first_commit_leaves_the_event_to_the_next_pull() {
    let fixture = Fixture::new();
    let calls = during_the_first_call(&fixture, never);
    let (orders, pending) = fixture.request_payments(&["asks"]);
    fixture.push_and_die(pending);
    assert_eq!((calls.get(), fixture.inbox()), (1, vec![]));
    // At once, and not after a lease.
    assert_eq!(fixture.tick(), EventCounts { pulled: 1, handled: 1, ..EventCounts::default() });
    assert_eq!((fixture.effects(), fixture.inbox()), (orders, vec![state("done", 1)]));
}

#[test]
fn an_event_that_crashes_its_handler_is_a_dead_letter_after_its_pulled_attempts() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["crash"]);
    catch_unwind(AssertUnwindSafe(|| fixture.push(pending))).unwrap_err();
    assert_eq!(fixture.inbox(), []);
    for attempt in 1..=5 {
        catch_unwind(AssertUnwindSafe(|| fixture.tick())).unwrap_err();
        assert_eq!(fixture.inbox(), [state("pending", attempt)]);
        fixture.advance(LEASE);
    }
    assert_eq!((fixture.tick().handled, fixture.inbox()), (1, vec![state("dead", 6)]));
    assert_eq!(fixture.failures()[0]["error"], "no attempt came to an end");
}

#[test]
fn a_pull_that_is_faster_than_the_first_commit_takes_the_event() {
    let fixture = Fixture::new();
    let context = fixture.payments();
    let calls = during_the_first_call(&fixture, async move || {
        let report = tick(&context, Some(&CONSUMER)).await.unwrap();
        assert_eq!((report.pulled, report.handled), (1, 1));
    });
    let (orders, pending) = fixture.request_payments(&["asks"]);
    fixture.push(pending);
    // Both attempts have called users, and one has had its effect.
    assert_eq!((calls.get(), fixture.effects(), fixture.inbox()), (2, orders, vec![state("done", 1)]));
    assert_eq!(failures_logged(&fixture), 0);
}

#[test]
fn a_pull_after_the_first_commit_leaves_the_event_to_the_attempt_that_has_it() {
    let fixture = Fixture::new();
    let context = fixture.payments();
    let calls = during_the_first_call(&fixture, async move || {
        let report = tick(&context, Some(&CONSUMER)).await.unwrap();
        assert_eq!((report.pulled, report.handled, report.waiting), (0, 0, 1));
    });
    let (orders, pending) = fixture.request_payments(&["calls"]);
    fixture.push(pending);
    assert_eq!((calls.get(), fixture.effects(), fixture.inbox()), (1, orders, vec![state("done", 1)]));
}

#[test]
fn a_failure_of_an_event_that_was_pulled_meanwhile_does_not_count() {
    for (token, broken) in [("asks", "asks"), ("asks", "")] {
        let fixture = Fixture::with(&[("broken", broken)]);
        let context = fixture.payments();
        during_the_first_call(&fixture, async move || assert_eq!(pull(&context).await, 1));
        let (orders, pending) = fixture.request_payments(&[token]);
        fixture.push(pending);
        // It waits for the tick, as it was pulled: neither a failure nor an effect of the push is there.
        assert_eq!((fixture.inbox(), fixture.failures()), (vec![state("pending", 0)], json!([])));
        assert_eq!((fixture.effects(), failures_logged(&fixture)), (vec![], 0));
        fixture.platform.set_variable("broken", "");
        assert_eq!((fixture.tick().handled, fixture.effects()), (1, orders));
    }
}

#[test]
fn of_two_pushes_of_an_event_one_has_its_effect_and_only_the_owner_calls_out() {
    for (token, expected_calls) in [("asks", 2), ("calls", 1)] {
        let fixture = Fixture::new();
        let copy = event(1, json!(fixture.payment_request(token)));
        let (again, context) = (copy.clone(), fixture.orders());
        let calls = during_the_first_call(&fixture, async move || {
            publication::push(&context, vec![again.clone()]).await;
        });
        block_on(publication::push(&fixture.orders(), vec![copy]));
        fixture.run();
        assert_eq!((fixture.effects().len(), fixture.inbox()), (1, vec![state("done", 1)]), "{token}");
        assert_eq!((calls.get(), failures_logged(&fixture)), (expected_calls, 0), "{token}");
    }
}

#[test]
fn a_duplicate_of_an_event_that_has_failed_or_is_over_changes_nothing() {
    for (token, expected) in [("card", state("pending", 1)), ("never", state("dead", 1)), ("calls", state("done", 1))] {
        let fixture = Fixture::with(&[("broken", "card")]);
        let copy = event(1, json!(fixture.payment_request(token)));
        let rows = || fixture.rows::<(String, i64, String)>("SELECT failures, next_attempt_at, data FROM inbox");
        assert_eq!(fixture.send("orders", std::slice::from_ref(&copy)), StatusCode::ACCEPTED);
        let (before, logged) = (rows(), failures_logged(&fixture));
        fixture.advance(1);
        assert_eq!(fixture.send("orders", &[copy]), StatusCode::ACCEPTED);
        assert_eq!((rows(), failures_logged(&fixture)), (before, logged), "{token}");
        assert_eq!(fixture.inbox(), [expected]);
    }
}

#[test]
fn a_first_attempt_that_fails_is_recorded_once_with_its_backoff() {
    for token in ["card", "rolls back"] {
        let fixture = Fixture::with(&[("broken", "card")]);
        let policy = DeliveryPolicy::of(&fixture.payments(), &CONSUMER).unwrap();
        let (_, pending) = fixture.request_payments(&[token]);
        fixture.push(pending);
        let rows: Vec<(String, u32, i64, i64, String)> =
            fixture.rows("SELECT state, attempts, received_at, next_attempt_at, data ->> 'payment_token' FROM inbox");
        let [(state, attempts, received_at, due, kept)] = rows.as_slice() else { panic!("one event: {rows:?}") };
        assert_eq!((state.as_str(), *attempts, *received_at, kept.as_str()), ("pending", 1, NOW, token));
        let failures = fixture.failures();
        assert_eq!((failures.as_array().unwrap().len(), &failures[0]["attempt"]), (1, &json!(1)));
        assert_eq!(failures[0]["at"], json!(Timestamp::from_millis(NOW)));
        assert_eq!(failures[0]["next_attempt_at"], json!(Timestamp::from_millis(*due)));
        assert!((0..=i64::try_from(policy.ceiling(1)).unwrap()).contains(&(due - NOW)), "{due}");
        assert_eq!((fixture.effects(), failures_logged(&fixture)), (vec![], 1));
    }
}

#[test]
fn a_push_that_cannot_be_stored_fails_and_its_event_is_pulled() {
    for token in ["ok", "never"] {
        let fixture = Fixture::new();
        fixture.rows::<(i64,)>("SELECT count(*) FROM inbox");
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
        fixture.rows::<(i64,)>(refuse);
        let (_, pending) = fixture.request_payments(&[token]);
        fixture.push(pending);
        let logged = fixture.platform.logged();
        assert!(logged.iter().any(|line| line.contains("events not pushed")), "{logged:?}");
        assert_eq!((fixture.effects(), fixture.inbox()), (vec![], vec![]));
        fixture.rows::<(i64,)>("DROP TRIGGER refuse");
        assert_eq!(fixture.tick().pulled, 1);
        assert_eq!(fixture.inbox(), [state(if token == "ok" { "done" } else { "dead" }, 1)]);
    }
}

#[test]
fn an_error_after_the_event_is_stored_leaves_it_to_the_end_of_its_lease() {
    let fixture = Fixture::new();
    fixture.rows::<(i64,)>("SELECT count(*) FROM inbox");
    fixture.rows::<(i64,)>(
        "CREATE TRIGGER refuse BEFORE UPDATE ON inbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    let (orders, pending) = fixture.request_payments(&["calls"]);
    fixture.push(pending);
    let logged = fixture.platform.logged();
    assert!(logged.iter().any(|line| line.contains("events left for the next tick")), "{logged:?}");
    assert!(!logged.iter().any(|line| line.contains("events not pushed")), "it is stored: {logged:?}");
    assert_eq!((fixture.effects(), fixture.inbox()), (vec![], vec![state("pending", 1)]));
    fixture.rows::<(i64,)>("DROP TRIGGER refuse");
    fixture.advance(LEASE);
    assert_eq!((fixture.tick().handled, fixture.effects(), fixture.inbox()), (1, orders, vec![state("done", 2)]));
}

#[test]
fn an_event_that_cannot_be_handled_yet_is_stored_without_an_attempt() {
    for token in ["busy", "closed"] {
        let fixture = Fixture::with(&[("broken", "busy")]);
        let (_, pending) = fixture.request_payments(&[token]);
        fixture.push(pending);
        assert_eq!((fixture.inbox(), fixture.failures()), (vec![state("pending", 0)], json!([])), "{token}");
    }
}

#[test]
fn several_events_are_stored_before_the_response_and_handled_after_it() {
    let fixture = Fixture::new();
    let events: Vec<CloudEvent> =
        (1..=2).map(|number| event(number, json!(fixture.payment_request("calls")))).collect();
    let request = fixture.client.post("/internal/payments/events").as_service("orders");
    let request = request.header("content-type", CloudEvent::BATCH).json(&events);
    request.send_without_deferred_work().expect(StatusCode::ACCEPTED);
    assert_eq!((fixture.inbox(), fixture.effects()), (vec![state("pending", 1); 2], vec![]));
    fixture.run();
    assert_eq!((fixture.inbox(), fixture.effects().len()), (vec![state("done", 1); 2], 2));
}

#[test]
fn a_handler_that_no_lease_suffices_for_is_not_called_and_its_event_is_stored() {
    let fixture = Fixture::with(&[("event_lease_seconds", "0")]);
    let (_, pending) = fixture.request_payments(&["crash"]);
    fixture.push(pending);
    assert_eq!((fixture.inbox(), fixture.failures()), (vec![state("pending", 0)], json!([])));
}
