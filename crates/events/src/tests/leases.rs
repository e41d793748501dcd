//! Leases: an event belongs to one attempt at a time, also if its handler never ends.

use super::fixture::{CONSUMER, Fixture, LEASE, LEASE_TIME, state};
use crate::delivery::lease_due;
use crate::worker::{LEASED_TOGETHER, handle_due};
use crate::{Event, accept, accept_new};
use futures::executor::block_on;
use spindle_contracts::event::{CloudEvent, PaymentRequested};
use spindle_platform::Context;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Leases every due event, as an instance does that is killed right after.
fn lease_and_die(fixture: &Fixture) -> usize {
    block_on(async { lease_due(&fixture.db().await, 100, LEASE_TIME).await.unwrap().len() })
}

/// Ticks until no event waits. A handler that crashes ends its tick as well.
fn tick_until_empty(fixture: &Fixture) -> u32 {
    for ticks in 0..100 {
        if fixture.inbox().iter().all(|(state, _)| state != "pending") {
            return ticks;
        }
        fixture.advance(LEASE);
        catch_unwind(AssertUnwindSafe(|| fixture.tick())).ok();
    }
    panic!("events are still waiting: {:?}", fixture.inbox());
}

#[test]
fn a_leased_event_is_not_leased_again_before_its_lease_expires() {
    let fixture = Fixture::new();
    let (orders, pending) = fixture.request_payments(&["ok"]);
    drop(pending);
    fixture.platform.set_variable("event_lease_seconds", "0");
    fixture.tick();
    fixture.platform.set_variable("event_lease_seconds", "20");
    assert_eq!(fixture.inbox(), [state("pending", 0)], "it was pulled, and its lease returned since no time was left");
    assert_eq!(lease_and_die(&fixture), 1);
    fixture.advance(LEASE - 1);
    assert_eq!((lease_and_die(&fixture), fixture.tick().handled, fixture.effects()), (0, 0, vec![]));
    fixture.advance(1);
    assert_eq!((fixture.tick().handled, fixture.effects()), (1, orders));
    assert_eq!(fixture.inbox(), [state("done", 2)]);
}

#[test]
fn several_pushed_events_are_leased_by_the_statement_that_stores_them() {
    let fixture = Fixture::new();
    let (orders, pending) = fixture.request_payments(&["ok"; LEASED_TOGETHER]);
    fixture.push(pending);
    assert_eq!(fixture.effects(), orders);
    let statements = fixture.platform.statements("payments");
    assert!(!statements.iter().any(|sql| sql.contains("SET attempts = attempts + 1")), "{statements:?}");
}

#[test]
fn an_instance_that_dies_after_it_stored_an_event_leaves_it_to_a_tick_after_the_lease() {
    let fixture = Fixture::new();
    let data = fixture.payment_request("ok");
    let event = Event::new(data.order_id, &data).published_by(&fixture.orders(), "orders", "e-1");
    let accepted =
        block_on(async { accept(&fixture.payments(), &fixture.db().await, &[event], &CONSUMER).await.unwrap() });
    drop(accepted);
    fixture.run();
    fixture.advance(LEASE - 1);
    assert_eq!((fixture.tick().handled, fixture.inbox()), (0, vec![state("pending", 1)]));
    fixture.advance(1);
    assert_eq!((fixture.tick().handled, fixture.effects()), (1, vec![data.order_id]));
    assert_eq!(fixture.inbox(), [state("done", 2)]);
}

#[test]
fn an_instance_whose_clock_is_ahead_leases_no_event_of_another_one() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["ok"]);
    fixture.platform.set_variable("event_lease_seconds", "0");
    fixture.push(pending);
    assert_eq!(lease_and_die(&fixture), 1);
    let lease_on = |replica: Context| {
        block_on(async { lease_due(&replica.sql().await.unwrap(), 100, LEASE_TIME).await.unwrap().len() })
    };
    assert_eq!(lease_on(fixture.replica(2 * LEASE)), 0);
    fixture.advance(LEASE);
    assert_eq!(lease_on(fixture.replica(-2 * LEASE)), 1, "nor does one wait whose clock is behind");
}

#[test]
fn a_superseded_attempt_changes_nothing() {
    for broken in ["", "superseded"] {
        let fixture = Fixture::with(&[("broken", broken)]);
        let (orders, pending) = fixture.request_payments(&["superseded"]);
        // Its attempt has a lease that another one can take over: a pushed event is stored by its first attempt only.
        drop(pending);
        fixture.tick();
        // Neither its effect nor its failure counts: the event belongs to the other attempt.
        assert_eq!((fixture.effects(), fixture.inbox()), (vec![], vec![state("pending", 2)]));
        assert_eq!(fixture.failures(), serde_json::json!([]));
        fixture.platform.set_variable("broken", "");
        fixture.advance(2 * LEASE);
        fixture.tick();
        assert_eq!((fixture.effects(), fixture.inbox()), (orders, vec![state("done", 3)]));
    }
}

#[test]
fn an_event_whose_handler_never_ends_becomes_a_dead_letter() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["ok"]);
    fixture.platform.set_variable("event_lease_seconds", "0");
    fixture.push(pending);
    fixture.platform.set_variable("event_lease_seconds", "20");
    for _ in 0..5 {
        assert_eq!(lease_and_die(&fixture), 1);
        fixture.advance(LEASE);
    }
    assert_eq!(fixture.tick().handled, 1);
    assert_eq!((fixture.effects(), fixture.inbox()), (vec![], vec![state("dead", 6)]));
    assert_eq!(fixture.failures()[0]["error"], "no attempt came to an end");
}

#[test]
fn an_event_that_crashes_its_handler_does_not_affect_the_others() {
    let fixture = Fixture::new();
    let mut tokens = ["ok"; LEASED_TOGETHER * 2];
    (tokens[1], tokens[20]) = ("crash", "crash");
    let (orders, pending) = fixture.request_payments(&tokens);
    catch_unwind(AssertUnwindSafe(|| fixture.push(pending))).unwrap_err();
    assert_eq!(fixture.effects(), orders[..1]);
    tick_until_empty(&fixture);
    let mut effects = fixture.effects();
    effects.sort_unstable();
    let mut expected: Vec<_> =
        orders.iter().zip(tokens).filter(|(_, tokens)| *tokens == "ok").map(|(id, _)| *id).collect();
    expected.sort_unstable();
    assert_eq!(effects, expected, "each event had its effect once");
    let dead: Vec<usize> =
        fixture.inbox().iter().enumerate().filter(|(_, (state, _))| state == "dead").map(|(index, _)| index).collect();
    assert_eq!(dead, [1, 20]);
}

#[test]
fn no_event_is_leased_after_the_time_is_over() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["ok"; 40]);
    fixture.platform.set_variable("event_lease_seconds", "0");
    fixture.push(pending);
    fixture.platform.set_variable("event_lease_seconds", "20");
    let handle_until = |until| block_on(async { handle_due(&fixture.payments(), &CONSUMER, until).await.unwrap() });
    assert_eq!((handle_until(Instant::now()), fixture.effects().len()), (0, 0));
    let lease = "UPDATE inbox SET attempts = attempts + 1";
    let count = || fixture.platform.statements("payments").iter().filter(|sql| sql.contains(lease)).count();
    let before = count();
    assert_eq!(fixture.tick().handled, 40);
    // 16, 16, 8, and nothing.
    assert_eq!((fixture.effects().len(), count() - before), (40, 4));
}

#[test]
fn events_that_a_transaction_accepts_are_leased_when_it_is_committed() {
    let fixture = Fixture::new();
    let (context, data) = (fixture.payments(), [fixture.payment_request("ok"), fixture.payment_request("ok")]);
    let events = |ids: [&str; 2]| -> Vec<CloudEvent> {
        let event = |(data, id): (&PaymentRequested, &str)| {
            Event::new(data.order_id, data).published_by(&fixture.orders(), "orders", id)
        };
        data.iter().zip(ids).map(event).collect()
    };
    let db = block_on(fixture.db());
    let accept = |ids| {
        let transaction = block_on(db.transaction()).unwrap();
        let accepted = accept_new(&context, &transaction, events(ids), &CONSUMER);
        (transaction, accepted)
    };
    drop(accept(["e-0", "e-1"]));
    assert_eq!(fixture.inbox(), []);

    let (transaction, accepted) = accept(["e-1", "e-2"]);
    block_on(transaction.commit()).unwrap();
    assert_eq!(fixture.inbox(), [state("pending", 1), state("pending", 1)]);
    accepted.handle(&context);

    // An id that is in use fails its transaction.
    let (transaction, _) = accept(["e-2", "e-3"]);
    assert!(crate::inbox::is_superseded(&block_on(transaction.commit()).unwrap_err()));
    fixture.run();
    assert_eq!(fixture.effects(), data.each_ref().map(|data| data.order_id));
    assert_eq!(fixture.inbox(), [state("done", 1), state("done", 1)]);
}
