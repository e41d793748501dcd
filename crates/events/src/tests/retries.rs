//! What becomes of an event that fails: when it is tried again, and when it is given up.

use super::shop::{NOW, Shop, event, stands};
use crate::retry::Policy;
use serde_json::json;
use spindle_contracts::Timestamp;

fn millis(time: &serde_json::Value) -> i64 {
    serde_json::from_value::<Timestamp>(time.clone()).unwrap().as_millis()
}

#[test]
fn it_is_tried_again_within_the_ceiling_until_it_is_dead_with_all_its_failures() {
    let shop = Shop::with(&[("broken", "card")]);
    let policy = Policy::of(&shop.payments()).unwrap();
    let (_, told) = shop.request_payments(&["card"]);
    shop.push(told);
    for attempt in 1..5 {
        assert_eq!(shop.inbox(), [stands("pending", attempt)]);
        let failure = &shop.failures()[attempt as usize - 1];
        let (at, next) = (millis(&failure["at"]), millis(&failure["next_attempt_at"]));
        assert_eq!(at, shop.now());
        let delay = u64::try_from(next - at).unwrap();
        assert!(delay <= policy.ceiling(attempt), "{failure}");
        // Not a moment before, and then at once.
        if delay > 0 {
            shop.advance(next - at - 1);
            assert_eq!((shop.tick().handled, shop.tick().waiting), (0, 1));
            shop.advance(1);
        }
        assert_eq!(shop.tick().handled, 1);
    }
    assert_eq!(shop.inbox(), [stands("dead", 5)]);
    let failures = shop.failures();
    let failures = failures.as_array().unwrap();
    assert_eq!(failures.len(), 5);
    for (failure, attempt) in failures.iter().zip(1..) {
        assert_eq!((&failure["attempt"], &failure["error"]), (&json!(attempt), &json!("the provider is away")));
        assert_eq!(failure["next_attempt_at"].is_null(), attempt == 5);
    }
    shop.advance(1_000_000);
    assert_eq!(shop.tick().handled, 0);
    assert_eq!(shop.effects(), []);
    assert!(shop.platform.logged().iter().any(|line| line.contains("event is a dead letter")));
}

#[test]
fn one_that_works_in_the_end_has_its_effect_once() {
    let shop = Shop::with(&[("broken", "card"), ("event_retry_base_ms", "0")]);
    let (orders, told) = shop.request_payments(&["card"]);
    shop.push(told);
    shop.platform.set_variable("broken", "");
    shop.tick();
    assert_eq!((shop.effects(), shop.inbox()), (orders, vec![stands("done", 2)]));
}

#[test]
fn one_that_somebody_else_is_at_waits_and_that_is_no_attempt() {
    let shop = Shop::with(&[("broken", "busy")]);
    let (orders, told) = shop.request_payments(&["busy"]);
    shop.push(told);
    for _ in 0..10 {
        assert_eq!((shop.inbox(), shop.failures()), (vec![stands("pending", 0)], json!([])));
        shop.advance(i64::try_from(Policy::of(&shop.payments()).unwrap().base_ms).unwrap());
        assert!(shop.tick().handled > 0);
    }
    shop.platform.set_variable("broken", "");
    shop.advance(1_000);
    shop.tick();
    assert_eq!((shop.effects(), shop.inbox()), (orders, vec![stands("done", 1)]));
}

#[test]
fn one_that_cannot_work_before_some_time_waits_for_it_and_that_is_no_attempt() {
    let shop = Shop::new();
    let (mut orders, told) = shop.request_payments(&["closed"; 200]);
    shop.push(told);
    let opens = NOW + 60_000;
    let due = || shop.rows::<(i64,)>("SELECT next_attempt_at FROM inbox").into_iter().map(|(at,)| at - opens);
    // Each at a time of its own, as after a first failure.
    let base = i64::try_from(Policy::of(&shop.payments()).unwrap().base_ms).unwrap();
    assert!(due().all(|delay| (0..=base).contains(&delay)), "{:?}", due().collect::<Vec<_>>());
    assert!(
        due().filter(|delay| *delay > base / 2).count() > 50 && due().filter(|delay| *delay < base / 2).count() > 50
    );
    assert_eq!((shop.inbox(), shop.effects()), (vec![stands("pending", 0); 200], vec![]));
    shop.advance(60_000 - 1);
    assert_eq!(shop.tick().handled, 0);
    shop.advance(base + 1);
    assert_eq!(shop.tick().handled, 200);
    let mut effects = shop.effects();
    effects.sort_unstable();
    orders.sort_unstable();
    assert_eq!((effects, shop.inbox()), (orders, vec![stands("done", 1); 200]));
}

#[test]
fn one_that_never_will_work_dies_at_once() {
    let shop = Shop::new();
    let (_, told) = shop.request_payments(&["never"]);
    shop.push(told);
    assert_eq!(shop.inbox(), [stands("dead", 1)]);
    let at = Timestamp::from_millis(NOW);
    let failure = json!({ "attempt": 1, "at": at, "error": "there is no such card", "next_attempt_at": null });
    assert_eq!(shop.failures(), json!([failure]));
}

#[test]
fn one_that_is_not_what_it_says_dies_at_once() {
    let shop = Shop::new();
    shop.send("orders", &[event(1, json!({ "order_id": 7 }))]);
    assert_eq!(shop.inbox(), [stands("dead", 1)]);
    let failures = shop.failures();
    let error = failures[0]["error"].as_str().unwrap();
    assert!(error.starts_with("no PaymentRequested: "), "{error}");
}

#[test]
fn one_that_fails_keeps_no_other_waiting() {
    let shop = Shop::with(&[("broken", "card")]);
    let means: Vec<&str> = (0..40).map(|number| if number % 4 == 0 { "card" } else { "ok" }).collect();
    let (_, told) = shop.request_payments(&means);
    shop.push(told);
    assert_eq!(shop.effects().len(), 30);
    let (failed, done): (Vec<_>, Vec<_>) = shop.inbox().into_iter().partition(|(state, _)| state == "pending");
    assert_eq!((failed, done), (vec![stands("pending", 1); 10], vec![stands("done", 1); 30]));
}
