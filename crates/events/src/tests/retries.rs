//! Retries: the waits between the attempts of an event, and its end as a dead letter.

use super::fixture::{CONSUMER, Fixture, NOW, event, state};
use crate::policy::DeliveryPolicy;
use serde_json::json;
use spindle_contracts::Timestamp;

fn millis(time: &serde_json::Value) -> i64 {
    serde_json::from_value::<Timestamp>(time.clone()).unwrap().as_millis()
}

#[test]
fn a_failing_event_is_retried_within_the_ceiling_until_it_is_a_dead_letter() {
    let fixture = Fixture::with(&[("broken", "card")]);
    let policy = DeliveryPolicy::of(&fixture.payments(), &CONSUMER).unwrap();
    let (_, pending) = fixture.request_payments(&["card"]);
    fixture.push(pending);
    for attempt in 1..5 {
        assert_eq!(fixture.inbox(), [state("pending", attempt)]);
        let failure = &fixture.failures()[attempt as usize - 1];
        let (at, next) = (millis(&failure["at"]), millis(&failure["next_attempt_at"]));
        assert_eq!(at, fixture.now());
        let delay = u64::try_from(next - at).unwrap();
        assert!(delay <= policy.ceiling(attempt), "{failure}");
        // Not a millisecond earlier, and then at once.
        if delay > 0 {
            fixture.advance(next - at - 1);
            assert_eq!((fixture.tick().handled, fixture.tick().waiting), (0, 1));
            fixture.advance(1);
        }
        assert_eq!(fixture.tick().handled, 1);
    }
    assert_eq!(fixture.inbox(), [state("dead", 5)]);
    let failures = fixture.failures();
    let failures = failures.as_array().unwrap();
    assert_eq!(failures.len(), 5);
    for (failure, attempt) in failures.iter().zip(1..) {
        assert_eq!((&failure["attempt"], &failure["error"]), (&json!(attempt), &json!("the provider is down")));
        assert_eq!(failure["next_attempt_at"].is_null(), attempt == 5);
    }
    fixture.advance(1_000_000);
    assert_eq!(fixture.tick().handled, 0);
    assert_eq!(fixture.effects(), []);
    assert!(fixture.platform.logged().iter().any(|line| line.contains("event is a dead letter")));
}

#[test]
fn an_event_that_is_not_old_enough_is_retried_although_its_attempts_are_used_up() {
    let fixture = Fixture::with(&[("broken", "card"), ("event_retry_seconds", "900"), ("event_retry_base_ms", "0")]);
    let (orders, pending) = fixture.request_payments(&["card"]);
    fixture.push(pending);
    fixture.advance(899_000);
    fixture.tick();
    let tried = fixture.failures().as_array().unwrap().len();
    assert!(tried > 5, "{tried}");
    assert_eq!(fixture.inbox(), [state("pending", u32::try_from(tried).unwrap())]);
    fixture.advance(1_000);
    fixture.tick();
    assert_eq!(fixture.inbox(), [state("dead", u32::try_from(tried).unwrap() + 1)]);
    // A replay counts attempts and age from zero.
    fixture.client.post("/internal/payments/dead-letters/replay").as_service("gateway").json(&json!({})).send();
    fixture.tick();
    assert_eq!(fixture.inbox()[0].0, "pending");
    fixture.platform.set_variable("broken", "");
    fixture.tick();
    assert_eq!((fixture.effects(), fixture.inbox()[0].0.as_str()), (orders, "done"));
}

#[test]
fn an_event_that_succeeds_on_retry_has_its_effect_once() {
    let fixture = Fixture::with(&[("broken", "card"), ("event_retry_base_ms", "0")]);
    let (orders, pending) = fixture.request_payments(&["card"]);
    fixture.push(pending);
    fixture.platform.set_variable("broken", "");
    fixture.tick();
    assert_eq!((fixture.effects(), fixture.inbox()), (orders, vec![state("done", 2)]));
}

#[test]
fn an_event_whose_data_is_not_json_becomes_a_dead_letter_and_holds_up_no_other() {
    let fixture = Fixture::with(&[("broken", "card"), ("event_retry_base_ms", "0")]);
    let (orders, pending) = fixture.request_payments(&["card", "card"]);
    fixture.push(pending);
    let damaged: Vec<(i64,)> = fixture.rows("UPDATE inbox SET data = '{' WHERE seq = 1 RETURNING seq");
    assert_eq!(damaged, [(1,)]);
    fixture.platform.set_variable("broken", "");
    assert_eq!(fixture.tick().handled, 2);
    assert_eq!((fixture.effects(), fixture.inbox()), (vec![orders[1]], vec![state("dead", 2), state("done", 2)]));
}

#[test]
fn a_busy_event_waits_and_that_is_not_an_attempt() {
    let fixture = Fixture::with(&[("broken", "busy")]);
    let (orders, pending) = fixture.request_payments(&["busy"]);
    fixture.push(pending);
    for _ in 0..10 {
        assert_eq!((fixture.inbox(), fixture.failures()), (vec![state("pending", 0)], json!([])));
        fixture.advance(i64::try_from(DeliveryPolicy::of(&fixture.payments(), &CONSUMER).unwrap().base_ms).unwrap());
        assert!(fixture.tick().handled > 0);
    }
    fixture.platform.set_variable("broken", "");
    fixture.advance(1_000);
    fixture.tick();
    assert_eq!((fixture.effects(), fixture.inbox()), (orders, vec![state("done", 1)]));
}

#[test]
fn an_event_that_is_not_due_before_some_time_waits_and_that_is_not_an_attempt() {
    let fixture = Fixture::new();
    let (mut orders, pending) = fixture.request_payments(&["closed"; 200]);
    fixture.push(pending);
    let opens = NOW + 60_000;
    let due = || fixture.rows::<(i64,)>("SELECT next_attempt_at FROM inbox").into_iter().map(|(at,)| at - opens);
    // Each after a delay of its own, as after a first failure.
    let base = i64::try_from(DeliveryPolicy::of(&fixture.payments(), &CONSUMER).unwrap().base_ms).unwrap();
    assert!(due().all(|delay| (0..=base).contains(&delay)), "{:?}", due().collect::<Vec<_>>());
    assert!(
        due().filter(|delay| *delay > base / 2).count() > 50 && due().filter(|delay| *delay < base / 2).count() > 50
    );
    assert_eq!((fixture.inbox(), fixture.effects()), (vec![state("pending", 0); 200], vec![]));
    fixture.advance(60_000 - 1);
    assert_eq!(fixture.tick().handled, 0);
    fixture.advance(base + 1);
    assert_eq!(fixture.tick().handled, 200);
    let mut effects = fixture.effects();
    effects.sort_unstable();
    orders.sort_unstable();
    assert_eq!((effects, fixture.inbox()), (orders, vec![state("done", 1); 200]));
}

#[test]
fn a_permanent_failure_makes_a_dead_letter_at_once() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["never"]);
    fixture.push(pending);
    assert_eq!(fixture.inbox(), [state("dead", 1)]);
    let at = Timestamp::from_millis(NOW);
    let failure = json!({ "attempt": 1, "at": at, "error": "there is no such card", "next_attempt_at": null });
    assert_eq!(fixture.failures(), json!([failure]));
}

#[test]
fn an_event_with_invalid_data_is_a_dead_letter_at_once() {
    let fixture = Fixture::new();
    fixture.send("orders", &[event(1, json!({ "order_id": 7 }))]);
    assert_eq!(fixture.inbox(), [state("dead", 1)]);
    let failures = fixture.failures();
    let error = failures[0]["error"].as_str().unwrap();
    assert!(error.starts_with("invalid PaymentRequested: "), "{error}");
}

#[test]
fn a_failing_event_does_not_delay_the_others() {
    let fixture = Fixture::with(&[("broken", "card")]);
    let tokens: Vec<&str> = (0..40).map(|number| if number % 4 == 0 { "card" } else { "ok" }).collect();
    let (_, pending) = fixture.request_payments(&tokens);
    fixture.push(pending);
    assert_eq!(fixture.effects().len(), 30);
    let (failed, done): (Vec<_>, Vec<_>) = fixture.inbox().into_iter().partition(|(state, _)| state == "pending");
    assert_eq!((failed, done), (vec![state("pending", 1); 10], vec![state("done", 1); 30]));
}
