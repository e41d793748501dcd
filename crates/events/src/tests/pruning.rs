//! What a tick removes, and what it must not.

use super::shop::{NOW, Shop, event, stands};
use crate::tick::{Report, tick};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::json;
use spindle_contracts::Timestamp;

/// How long events are kept, in milliseconds.
const RETENTION: i64 = 604_800_000;

fn told(shop: &Shop) -> i64 {
    let count: (i64,) = block_on(async {
        let db = shop.orders().sql().await.unwrap();
        db.query_one("SELECT count(*) FROM outbox", &[]).await.unwrap()
    });
    count.0
}

fn at(shop: &Shop, millis: i64) {
    shop.platform.set_now(Timestamp::from_millis(millis));
}

#[test]
fn what_was_done_goes_after_its_time_and_what_is_dead_or_waits_stays() {
    let shop =
        Shop::with(&[("broken", "card"), ("event_retry_base_ms", "9000000000"), ("event_retry_cap_ms", "9000000000")]);
    let (_, pushed) = shop.request_payments(&["ok", "never", "never", "card"]);
    shop.push(pushed);
    // So that it waits for longer than anything is kept, whatever the dice say.
    let wait = format!("UPDATE inbox SET next_attempt_at = {} WHERE state = 'pending'", NOW + 2 * RETENTION);
    shop.rows::<(i64,)>(&wait);
    let letters: Vec<(String,)> = shop.rows("SELECT id FROM inbox WHERE state = 'dead' ORDER BY seq");
    let discard = format!("/internal/payments/dead-letters/{}", letters[0].0);
    assert_eq!(shop.ask("gateway", Method::DELETE, &discard, None).0, StatusCode::NO_CONTENT);
    at(&shop, NOW + RETENTION);
    assert_eq!(shop.tick().pruned, 0);
    at(&shop, NOW + RETENTION + 1);
    assert_eq!(shop.tick(), Report { waiting: 1, pruned: 2, ..Report::default() });
    assert_eq!(shop.inbox(), [stands("dead", 1), stands("pending", 1)]);
}

#[test]
fn an_outbox_forgets_in_the_order_in_which_it_was_told() {
    let shop = Shop::new();
    drop(shop.request_payments(&["ok"; 3]));
    shop.advance(RETENTION);
    drop(shop.request_payments(&["ok"]));
    let prune = || block_on(tick(&shop.orders(), None)).unwrap();
    assert_eq!((prune(), told(&shop)), (Report::default(), 4));
    shop.advance(1);
    assert_eq!((prune().pruned, told(&shop)), (3, 1));
    // Numbers are not given twice, so that nobody's cursor is ahead of what comes.
    shop.advance(RETENTION);
    assert_eq!((prune().pruned, told(&shop)), (1, 0));
    let (orders, lost) = shop.request_payments(&["ok"]);
    drop(lost);
    shop.tick();
    assert_eq!(shop.effects(), orders);
}

#[test]
fn more_than_goes_at_once_goes_all_the_same() {
    let shop = Shop::new();
    drop(shop.request_payments(&["ok"; 2_500]));
    shop.advance(RETENTION + 1);
    assert_eq!(block_on(tick(&shop.orders(), None)).unwrap().pruned, 2_500);
}

#[test]
fn a_copy_of_a_dead_letter_does_not_bring_it_back() {
    let shop = Shop::new();
    let copy = event(1, json!({}));
    for _ in 0..2 {
        assert_eq!(shop.send("orders", std::slice::from_ref(&copy)), StatusCode::ACCEPTED);
        assert_eq!(shop.inbox(), [stands("dead", 1)]);
    }
}
