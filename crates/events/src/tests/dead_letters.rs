//! Dead letters: they are listed, replayed and discarded, and the audit log records replaying and discarding.

use super::fixture::{Fixture, NOW, event, state};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use uuid::Uuid;

const LETTERS: &str = "/internal/payments/dead-letters";

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// Returns the ids of the letters at `target`.
fn listed(fixture: &Fixture, target: &str) -> Vec<String> {
    let (status, body) = fixture.client.get(target).as_service("gateway").send().status_and_json();
    assert_eq!(status, StatusCode::OK, "{body}");
    body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the rows of the audit log: action, actor, subject and detail.
fn audited(fixture: &Fixture) -> Vec<(String, String, Option<String>, Value)> {
    let rows: Vec<(String, String, Option<String>, String)> =
        fixture.rows("SELECT action, actor, subject, detail FROM audit_log ORDER BY seq");
    let row = |(action, actor, subject, detail): (_, _, _, String)| {
        (action, actor, subject, serde_json::from_str(&detail).unwrap())
    };
    rows.into_iter().map(row).collect()
}

/// Makes a fixture with letters 1 to `count`, which died one second after the other.
fn with_letters(count: u128) -> Fixture {
    let fixture = Fixture::new();
    for number in 1..=count {
        fixture.advance(1_000);
        fixture.send("orders", &[event(number, json!(fixture.payment_request("never")))]);
    }
    fixture
}

#[test]
fn a_letter_has_its_event_and_its_failures() {
    let fixture = Fixture::new();
    let event = event(7, json!(fixture.payment_request("never")));
    fixture.send("orders", std::slice::from_ref(&event));
    let at = Timestamp::from_millis(NOW);
    // An operator does not see the means of payment.
    let mut data: Value = serde_json::from_str(event.data.get()).unwrap();
    data["payment_token"] = json!("[redacted]");
    let failure = json!({ "attempt": 1, "failed_at": at, "error": "there is no such card", "next_attempt_at": null });
    let expected = json!({
        "service": "payments", "id": id(7), "source": "orders", "type": "PaymentRequested", "subject": "o-1", "occurred_at": at, "died_at": at,
        "attempts": 1, "last_error": "there is no such card", "failures": [failure], "request_id": "r-7", "traceparent": event.traceparent,
        "data": data,
    });
    let read = |target: &str| fixture.client.get(target).as_service("gateway").send();
    assert_eq!(read(&format!("{LETTERS}/{}", id(7))).status_and_json(), (StatusCode::OK, expected.clone()));
    assert_eq!(read(LETTERS).status_and_json(), (StatusCode::OK, json!({ "items": [expected] })));
    assert_eq!(read(&format!("{LETTERS}/{}", id(8))).status(), StatusCode::NOT_FOUND);
}

#[test]
fn an_event_that_is_over_leaves_nothing_of_what_it_carried() {
    let fixture = Fixture::with(&[("broken", "card")]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("card")))]);
    fixture.platform.set_variable("broken", "");
    fixture.advance(60_000);
    fixture.tick();
    fixture.send("orders", &[event(2, json!(fixture.payment_request("never")))]);
    fixture.client.delete(&format!("{LETTERS}/{}", id(2))).as_service("gateway").send();
    let rows: Vec<(String, String, String)> = fixture.rows("SELECT state, data, failures FROM inbox ORDER BY seq");
    let nothing = |state: &str| (state.to_owned(), "{}".to_owned(), "[]".to_owned());
    assert_eq!(rows, [nothing("done"), nothing("discarded")]);
    // A duplicate is recognised all the same.
    fixture.send("orders", &[event(1, json!(fixture.payment_request("card")))]);
    assert_eq!(fixture.effects().len(), 1);
}

#[test]
fn the_token_is_in_no_error_and_in_no_log_line() {
    let fixture = Fixture::with(&[("broken", "repeated"), ("event_max_attempts", "1")]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("repeated")))]);
    let letter = fixture.client.get(&format!("{LETTERS}/{}", id(1))).as_service("gateway").send().json();
    assert_eq!(letter["last_error"], "the provider of [redacted] is down");
    assert!(!letter.to_string().contains("repeated"), "{letter}");
    let lines = fixture.platform.logged();
    assert!(lines.iter().any(|line| line.contains("event is a dead letter")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("repeated")), "{lines:?}");
    // Replayed, it is handled with its token.
    fixture.platform.set_variable("broken", "");
    fixture.client.post(&format!("{LETTERS}/{}/replay", id(1))).as_service("gateway").send();
    fixture.tick();
    assert_eq!((fixture.inbox(), fixture.effects().len()), (vec![state("done", 1)], 1));
}

#[test]
fn letters_are_listed_latest_first_from_any_position() {
    let fixture = with_letters(4);
    // At the same moment the greater id comes first.
    fixture.send("orders", &[event(5, json!({}))]);
    assert_eq!(listed(&fixture, LETTERS), [5, 4, 3, 2, 1].map(id));
    assert_eq!(listed(&fixture, &format!("{LETTERS}?limit=2")), [5, 4].map(id));
    let from = |number: u128, at: i64| format!("{LETTERS}?limit=2&before={}&before_id={}", NOW + at, id(number));
    assert_eq!(listed(&fixture, &from(5, 4_000)), [4, 3].map(id));
    assert_eq!(listed(&fixture, &from(3, 3_000)), [2, 1].map(id));
    assert_eq!(listed(&fixture, &from(1, 1_000)), [""; 0]);
    for query in ["limit=x", "before=yesterday", "limit=-1", "after=3"] {
        let response = fixture.client.get(&format!("{LETTERS}?{query}")).as_service("gateway").send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn a_replayed_letter_is_handled_at_the_next_tick_and_keeps_its_failures() {
    let fixture = Fixture::with(&[("broken", "card"), ("event_max_attempts", "1")]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("card")))]);
    let path = format!("{LETTERS}/{}", id(1));
    let replay = || fixture.client.post(&format!("{path}/replay")).as_service("gateway").send();
    assert_eq!(replay().status_and_json(), (StatusCode::ACCEPTED, json!({ "replayed": 1 })));
    assert_eq!((fixture.inbox(), listed(&fixture, LETTERS)), (vec![state("pending", 0)], vec![]));
    assert_eq!(replay().status(), StatusCode::NOT_FOUND);
    // It fails once more, and is dead again with both failures.
    fixture.tick();
    let letter = fixture.client.get(&path).as_service("gateway").send().json();
    assert_eq!((&letter["attempts"], letter["failures"].as_array().unwrap().len()), (&json!(1), 2));
    fixture.platform.set_variable("broken", "");
    replay();
    fixture.tick();
    assert_eq!((fixture.inbox(), fixture.effects().len()), (vec![state("done", 1)], 1));
    let row =
        ("dead_letter.replayed".to_owned(), "gateway".to_owned(), Some(id(1)), json!({ "type": "PaymentRequested" }));
    assert_eq!(audited(&fixture), [row.clone(), row]);
}

#[test]
fn the_letters_of_a_type_are_replayed_together() {
    let fixture = with_letters(2);
    let paid = CloudEvent { kind: "OrderPaid".to_owned(), ..event(3, json!({})) };
    fixture.send("orders", &[paid]);
    let path = format!("{LETTERS}/replay");
    let replay = |body: &Value| fixture.client.post(&path).as_service("gateway").json(body).send();
    let accepted = |count: u32| (StatusCode::ACCEPTED, json!({ "replayed": count }));
    let some = json!({ "type": "PaymentRequested" });
    assert_eq!(replay(&some).status_and_json(), accepted(2));
    assert_eq!(listed(&fixture, LETTERS), [id(3)]);
    assert_eq!(replay(&some).status_and_json(), accepted(0));
    assert_eq!(replay(&json!({})).status_and_json(), accepted(1));
    assert_eq!(fixture.inbox(), vec![state("pending", 0); 3]);
    let row = |detail| ("dead_letters.replayed".to_owned(), "gateway".to_owned(), None, detail);
    let first = row(json!({ "type": "PaymentRequested", "events": [id(1), id(2)] }));
    assert_eq!(audited(&fixture), [first, row(json!({ "type": null, "events": [id(3)] }))]);
    assert_eq!(replay(&json!({ "kind": "OrderPaid" })).status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_discarded_letter_is_never_handled_again() {
    let fixture = with_letters(2);
    let letter = format!("{LETTERS}/{}", id(1));
    let discard = || fixture.client.delete(&letter).as_service("gateway").send();
    assert_eq!(discard().status_and_json(), (StatusCode::NO_CONTENT, Value::Null));
    assert_eq!(discard().status(), StatusCode::NOT_FOUND);
    let replay = fixture.client.post(&format!("{letter}/replay")).as_service("gateway").send();
    assert_eq!(replay.status(), StatusCode::NOT_FOUND);
    assert_eq!(fixture.client.get(&letter).as_service("gateway").send().status(), StatusCode::NOT_FOUND);
    assert_eq!(listed(&fixture, LETTERS), [id(2)]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("ok")))]);
    fixture.tick();
    assert_eq!((fixture.inbox(), fixture.effects()), (vec![state("discarded", 1), state("dead", 1)], vec![]));
    let row =
        ("dead_letter.discarded".to_owned(), "gateway".to_owned(), Some(id(1)), json!({ "type": "PaymentRequested" }));
    assert_eq!(audited(&fixture), [row]);
}

#[test]
fn only_the_gateway_may_use_the_operations() {
    let fixture = with_letters(1);
    let letter = format!("{LETTERS}/{}", id(1));
    let replay = format!("{LETTERS}/replay");
    let replay_one = format!("{letter}/replay");
    let all = [
        (Method::GET, LETTERS),
        (Method::GET, letter.as_str()),
        (Method::DELETE, letter.as_str()),
        (Method::POST, replay_one.as_str()),
        (Method::POST, replay.as_str()),
    ];
    for (method, target) in all {
        let response = fixture.client.request(method, target).as_service("orders").send();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{target}");
    }
    assert_eq!(fixture.inbox(), [state("dead", 1)]);
}
