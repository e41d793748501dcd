//! Dead letters: shown, replayed, discarded, and each of that recorded.

use super::shop::{NOW, Shop, event, stands};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use uuid::Uuid;

const LETTERS: &str = "/internal/payments/dead-letters";

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn get(shop: &Shop, target: &str) -> (StatusCode, Value) {
    shop.ask("gateway", Method::GET, target, None)
}

fn post(shop: &Shop, target: &str, body: Option<Value>) -> (StatusCode, Value) {
    shop.ask("gateway", Method::POST, target, body.as_ref().map(|body| ("application/json", body)))
}

/// The ids of the letters at `target`.
fn listed(shop: &Shop, target: &str) -> Vec<String> {
    let (status, body) = get(shop, target);
    assert_eq!(status, StatusCode::OK, "{body}");
    body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// What the audit log says: action, actor, subject and detail.
fn audited(shop: &Shop) -> Vec<(String, String, Option<String>, Value)> {
    let rows: Vec<(String, String, Option<String>, String)> =
        shop.rows("SELECT action, actor, subject, detail FROM audit_log ORDER BY seq");
    let row = |(action, actor, subject, detail): (_, _, _, String)| {
        (action, actor, subject, serde_json::from_str(&detail).unwrap())
    };
    rows.into_iter().map(row).collect()
}

/// A shop with letters 1 to `count`, which died one second after the other.
fn with_letters(count: u128) -> Shop {
    let shop = Shop::new();
    for number in 1..=count {
        shop.advance(1_000);
        shop.send("orders", &[event(number, json!(shop.request("never")))]);
    }
    shop
}

#[test]
fn a_letter_is_shown_with_its_event_and_what_went_wrong() {
    let shop = Shop::new();
    let event = event(7, json!(shop.request("never")));
    shop.send("orders", std::slice::from_ref(&event));
    let at = Timestamp::from_millis(NOW);
    let failure = json!({ "attempt": 1, "at": at, "error": "there is no such card", "next_attempt_at": null });
    let expected = json!({
        "service": "payments", "id": id(7), "source": "orders", "type": "PaymentRequested", "subject": "o-1", "time": at, "died_at": at,
        "attempts": 1, "error": "there is no such card", "failures": [failure], "request_id": "r-7", "traceparent": event.traceparent,
        "data": event.data,
    });
    assert_eq!(get(&shop, &format!("{LETTERS}/{}", id(7))), (StatusCode::OK, expected.clone()));
    assert_eq!(get(&shop, LETTERS), (StatusCode::OK, json!({ "items": [expected] })));
    assert_eq!(get(&shop, &format!("{LETTERS}/{}", id(8))).0, StatusCode::NOT_FOUND);
}

#[test]
fn letters_are_listed_latest_first_from_any_position() {
    let shop = with_letters(4);
    // At the same moment the greater id comes first.
    shop.send("orders", &[event(5, json!({}))]);
    assert_eq!(listed(&shop, LETTERS), [5, 4, 3, 2, 1].map(id));
    assert_eq!(listed(&shop, &format!("{LETTERS}?limit=2")), [5, 4].map(id));
    let from = |number: u128, at: i64| format!("{LETTERS}?limit=2&before={}&before_id={}", NOW + at, id(number));
    assert_eq!(listed(&shop, &from(5, 4_000)), [4, 3].map(id));
    assert_eq!(listed(&shop, &from(3, 3_000)), [2, 1].map(id));
    assert_eq!(listed(&shop, &from(1, 1_000)), [""; 0]);
    for query in ["limit=x", "before=yesterday", "limit=-1", "after=3"] {
        assert_eq!(get(&shop, &format!("{LETTERS}?{query}")).0, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn one_that_is_replayed_is_handled_at_the_next_tick_and_keeps_its_history() {
    let shop = Shop::with(&[("broken", "card"), ("event_max_attempts", "1")]);
    shop.send("orders", &[event(1, json!(shop.request("card")))]);
    let replay = format!("{LETTERS}/{}/replay", id(1));
    assert_eq!(post(&shop, &replay, None), (StatusCode::ACCEPTED, json!({ "replayed": 1 })));
    assert_eq!((shop.inbox(), listed(&shop, LETTERS)), (vec![stands("pending", 0)], vec![]));
    assert_eq!(post(&shop, &replay, None).0, StatusCode::NOT_FOUND);
    // It fails once more, and is dead again with both failures.
    shop.tick();
    let letter = get(&shop, &format!("{LETTERS}/{}", id(1))).1;
    assert_eq!((&letter["attempts"], letter["failures"].as_array().unwrap().len()), (&json!(1), 2));
    shop.platform.set_variable("broken", "");
    post(&shop, &replay, None);
    shop.tick();
    assert_eq!((shop.inbox(), shop.effects().len()), (vec![stands("done", 1)], 1));
    let row =
        ("dead_letter.replayed".to_owned(), "gateway".to_owned(), Some(id(1)), json!({ "type": "PaymentRequested" }));
    assert_eq!(audited(&shop), [row.clone(), row]);
}

#[test]
fn those_of_a_type_are_replayed_together() {
    let shop = with_letters(2);
    let paid = CloudEvent { kind: "OrderPaid".to_owned(), ..event(3, json!({})) };
    shop.send("orders", &[paid]);
    let replay = format!("{LETTERS}/replay");
    let some = json!({ "type": "PaymentRequested" });
    assert_eq!(post(&shop, &replay, Some(some.clone())), (StatusCode::ACCEPTED, json!({ "replayed": 2 })));
    assert_eq!(listed(&shop, LETTERS), [id(3)]);
    assert_eq!(post(&shop, &replay, Some(some)), (StatusCode::ACCEPTED, json!({ "replayed": 0 })));
    assert_eq!(post(&shop, &replay, Some(json!({}))), (StatusCode::ACCEPTED, json!({ "replayed": 1 })));
    assert_eq!(shop.inbox(), vec![stands("pending", 0); 3]);
    let row = |detail| ("dead_letters.replayed".to_owned(), "gateway".to_owned(), None, detail);
    let first = row(json!({ "type": "PaymentRequested", "events": [id(1), id(2)] }));
    assert_eq!(audited(&shop), [first, row(json!({ "type": null, "events": [id(3)] }))]);
    assert_eq!(post(&shop, &replay, Some(json!({ "kind": "OrderPaid" }))).0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn one_that_is_discarded_is_never_tried_again() {
    let shop = with_letters(2);
    let letter = format!("{LETTERS}/{}", id(1));
    assert_eq!(shop.ask("gateway", Method::DELETE, &letter, None), (StatusCode::NO_CONTENT, Value::Null));
    assert_eq!(shop.ask("gateway", Method::DELETE, &letter, None).0, StatusCode::NOT_FOUND);
    assert_eq!(post(&shop, &format!("{letter}/replay"), None).0, StatusCode::NOT_FOUND);
    assert_eq!(get(&shop, &letter).0, StatusCode::NOT_FOUND);
    assert_eq!(listed(&shop, LETTERS), [id(2)]);
    shop.send("orders", &[event(1, json!(shop.request("ok")))]);
    shop.tick();
    assert_eq!((shop.inbox(), shop.effects()), (vec![stands("discarded", 1), stands("dead", 1)], vec![]));
    let row =
        ("dead_letter.discarded".to_owned(), "gateway".to_owned(), Some(id(1)), json!({ "type": "PaymentRequested" }));
    assert_eq!(audited(&shop), [row]);
}

#[test]
fn only_the_gateway_asks() {
    let shop = with_letters(1);
    let letter = format!("{LETTERS}/{}", id(1));
    let replay = format!("{LETTERS}/replay");
    let of_one = format!("{letter}/replay");
    let all = [
        (Method::GET, LETTERS),
        (Method::GET, letter.as_str()),
        (Method::DELETE, letter.as_str()),
        (Method::POST, of_one.as_str()),
        (Method::POST, replay.as_str()),
    ];
    for (method, target) in all {
        assert_eq!(shop.ask("orders", method, target, None).0, StatusCode::FORBIDDEN, "{target}");
    }
    assert_eq!(shop.inbox(), [stands("dead", 1)]);
}
