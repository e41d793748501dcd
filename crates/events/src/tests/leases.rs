//! Whose an event is while it is handled, and what becomes of it if its handler never ends.

use super::shop::{CONSUMER, LEASE, Shop, stands};
use crate::inbox::{self, Which};
use crate::worker::{TAKEN_AT_ONCE, handle_due};
use futures::executor::block_on;
use spindle_contracts::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Takes every due event, as an instance does that is killed right after.
fn take_and_die(shop: &Shop) -> usize {
    block_on(async {
        let (now, end) = (shop.platform.now(), Timestamp::from_millis(shop.now() + LEASE));
        inbox::take(&shop.db().await, Which::Due(100), now, end).await.unwrap().len()
    })
}

/// Ticks until nothing waits. A handler that crashes takes its tick with it.
fn tick_until_settled(shop: &Shop) -> u32 {
    for ticks in 0..100 {
        if shop.inbox().iter().all(|(state, _)| state != "pending") {
            return ticks;
        }
        shop.advance(LEASE);
        catch_unwind(AssertUnwindSafe(|| shop.tick())).ok();
    }
    panic!("something waits still: {:?}", shop.inbox());
}

#[test]
fn what_was_taken_is_nobody_elses_until_its_lease_is_over() {
    let shop = Shop::new();
    let (orders, told) = shop.request_payments(&["ok"]);
    drop(told);
    shop.platform.set_variable("event_lease_seconds", "0");
    shop.tick();
    shop.platform.set_variable("event_lease_seconds", "20");
    assert_eq!(shop.inbox(), [stands("pending", 0)], "it was pulled and given back, since no time was left for it");
    assert_eq!(take_and_die(&shop), 1);
    shop.advance(LEASE - 1);
    assert_eq!((take_and_die(&shop), shop.tick().handled, shop.effects()), (0, 0, vec![]));
    shop.advance(1);
    assert_eq!((shop.tick().handled, shop.effects()), (1, orders));
    assert_eq!(shop.inbox(), [stands("done", 2)]);
}

#[test]
fn an_attempt_that_was_overtaken_settles_nothing() {
    for broken in ["", "overtaken"] {
        let shop = Shop::with(&[("broken", broken)]);
        let (orders, told) = shop.request_payments(&["overtaken"]);
        shop.push(told);
        // Neither its effect nor its failure counts: the event is the other's.
        assert_eq!((shop.effects(), shop.inbox()), (vec![], vec![stands("pending", 2)]));
        assert_eq!(shop.failures(), serde_json::json!([]));
        shop.platform.set_variable("broken", "");
        shop.advance(2 * LEASE);
        shop.tick();
        assert_eq!((shop.effects(), shop.inbox()), (orders, vec![stands("done", 3)]));
    }
}

#[test]
fn one_whose_handler_never_ends_is_given_up() {
    let shop = Shop::new();
    let (_, told) = shop.request_payments(&["ok"]);
    shop.platform.set_variable("event_lease_seconds", "0");
    shop.push(told);
    shop.platform.set_variable("event_lease_seconds", "20");
    for _ in 0..5 {
        assert_eq!(take_and_die(&shop), 1);
        shop.advance(LEASE);
    }
    assert_eq!(shop.tick().handled, 1);
    assert_eq!((shop.effects(), shop.inbox()), (vec![], vec![stands("dead", 6)]));
    assert_eq!(shop.failures()[0]["error"], "no attempt came to an end");
}

#[test]
fn one_that_crashes_its_handler_takes_no_other_with_it() {
    let shop = Shop::new();
    let mut means = ["ok"; TAKEN_AT_ONCE * 2];
    (means[1], means[20]) = ("crash", "crash");
    let (orders, told) = shop.request_payments(&means);
    catch_unwind(AssertUnwindSafe(|| shop.push(told))).unwrap_err();
    assert_eq!(shop.effects(), orders[..1]);
    tick_until_settled(&shop);
    let mut effects = shop.effects();
    effects.sort_unstable();
    let mut expected: Vec<_> =
        orders.iter().zip(means).filter(|(_, means)| *means == "ok").map(|(id, _)| *id).collect();
    expected.sort_unstable();
    assert_eq!(effects, expected, "each had its effect, once");
    let dead: Vec<usize> =
        shop.inbox().iter().enumerate().filter(|(_, (state, _))| state == "dead").map(|(index, _)| index).collect();
    assert_eq!(dead, [1, 20]);
}

#[test]
fn nothing_more_is_taken_once_the_time_is_over() {
    let shop = Shop::new();
    let (_, told) = shop.request_payments(&["ok"; 40]);
    shop.platform.set_variable("event_lease_seconds", "0");
    shop.push(told);
    shop.platform.set_variable("event_lease_seconds", "20");
    let handle_until = |until| block_on(async { handle_due(&shop.payments(), &CONSUMER, until).await.unwrap() });
    assert_eq!((handle_until(Instant::now()), shop.effects().len()), (0, 0));
    let taken = "UPDATE inbox SET attempts = attempts + 1";
    let count = || shop.platform.statements("payments").iter().filter(|sql| sql.contains(taken)).count();
    let before = count();
    assert_eq!(shop.tick().handled, 40);
    // 16, 16, 8, and nothing.
    assert_eq!((shop.effects().len(), count() - before), (40, 4));
}
