//! A push: it reaches the consumers of each event, and has its effect once.

use super::fixture::{Fixture, event, state};
use crate::tick::EventCounts;
use crate::{Event, append};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::{CloudEvent, OrderFulfilled};
use spindle_contracts::{OrderId, UserId};
use spindle_platform::trace::TraceContext;
use uuid::Uuid;

#[test]
fn a_push_reaches_the_consumer_and_has_its_effect_once() {
    let fixture = Fixture::new();
    let (orders, pending) = fixture.request_payments(&["ok", "ok"]);
    fixture.push(pending);
    assert_eq!(fixture.effects(), orders);
    assert_eq!(fixture.inbox(), [state("done", 1), state("done", 1)]);
    // The next tick pulls all events since the beginning, and they are duplicates.
    assert_eq!(fixture.tick(), EventCounts::default());
    assert_eq!(fixture.effects(), orders);
}

#[test]
fn a_duplicate_event_is_ignored() {
    let fixture = Fixture::new();
    let copy = event(1, json!(fixture.payment_request("ok")));
    assert_eq!(fixture.send("orders", &[copy.clone(), copy.clone()]), StatusCode::ACCEPTED);
    assert_eq!(fixture.send("orders", std::slice::from_ref(&copy)), StatusCode::ACCEPTED);
    assert_eq!(fixture.send("gateway", &[copy]), StatusCode::ACCEPTED);
    assert_eq!((fixture.effects().len(), fixture.inbox()), (1, vec![state("done", 1)]));
}

#[test]
fn a_large_push_is_sent_in_batches_and_a_larger_batch_is_refused() {
    let fixture = Fixture::new();
    // Two in the second batch, which is stored before its response and handled after it, as the first one: a single event would be handled at once.
    let (orders, pending) = fixture.request_payments(&["ok"; 102]);
    fixture.push(pending);
    assert_eq!(fixture.effects(), orders);
    let calls =
        fixture.platform.statements("payments").iter().filter(|sql| sql.contains("RETURNING id, source")).count();
    assert_eq!(calls, 2);
    let many: Vec<CloudEvent> = (1..=101).map(|number| event(number, json!({}))).collect();
    assert_eq!(fixture.send("orders", &many), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(fixture.inbox().len(), orders.len());
}

#[test]
fn an_event_of_another_service_makes_the_whole_batch_forbidden() {
    let fixture = Fixture::new();
    let own = event(1, json!(fixture.payment_request("ok")));
    let foreign = CloudEvent { source: "/catalog".to_owned(), ..event(2, json!({})) };
    assert_eq!(fixture.send("orders", &[own, foreign]), StatusCode::FORBIDDEN);
    assert_eq!(fixture.inbox(), []);
    // A service whose events payments does not consume may not push at all.
    let status = fixture.client.post("/internal/payments/events").as_service("users").send().status();
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn an_event_that_the_service_does_not_consume_is_ignored() {
    let fixture = Fixture::new();
    let other = CloudEvent { kind: "OrderCreated".to_owned(), ..event(1, json!({})) };
    let unknown = CloudEvent { kind: "OrderSung".to_owned(), ..event(2, json!({})) };
    // Only orders publishes PaymentRequested.
    let pretended = CloudEvent { source: "/catalog".to_owned(), ..event(3, json!({})) };
    let no_source = CloudEvent { source: "orders".to_owned(), ..event(4, json!({})) };
    assert_eq!(fixture.send("gateway", &[other, unknown, pretended, no_source]), StatusCode::ACCEPTED);
    assert_eq!(fixture.inbox(), []);
}

#[test]
fn an_event_that_payments_does_not_consume_is_stored_and_not_pushed_to_it() {
    let fixture = Fixture::new();
    let id = OrderId(Uuid::from_u128(9));
    let fulfilled = OrderFulfilled { order_id: id, user_id: UserId(Uuid::from_u128(1)), number: "S-9".to_owned() };
    let pending = fixture.append(&fixture.orders(), &[Event::new(id, &fulfilled)]);
    fixture.push(pending);
    assert_eq!(fixture.platform.statements("payments"), [""; 0]);
}

#[test]
fn a_failed_push_is_logged_and_pulled_later() {
    let fixture = Fixture::new();
    let (_, pending) = fixture.request_payments(&["ok"]);
    fixture.platform.set_variable("payments_url", "http://nowhere.spin.internal");
    fixture.push(pending);
    let logged = fixture.platform.logged();
    assert!(logged.iter().any(|line| line.contains("events not pushed")), "{logged:?}");
    assert_eq!(fixture.tick().pulled, 1);
}

#[test]
fn the_handler_and_its_events_continue_the_trace_and_the_request() {
    let fixture = Fixture::new();
    let context = fixture.orders();
    let data = fixture.payment_request("publishes");
    let pending = fixture.append(&context, &[Event::new(data.order_id, &data)]);
    fixture.push(pending);
    let effects: Vec<(String, String)> = fixture.rows("SELECT trace, request_id FROM effects");
    let pending: Vec<(String, String)> = fixture.rows("SELECT traceparent, request_id FROM outbox");
    assert_eq!(effects, pending);
    let [(trace, request_id)] = effects.as_slice() else { panic!("one effect: {effects:?}") };
    let trace = TraceContext::parse(trace).unwrap();
    assert_eq!((trace.trace_id(), request_id.as_str()), (context.trace().trace_id(), context.request_id()));
    assert_ne!(trace, context.trace());
}

#[test]
fn an_event_is_pushed_under_its_number_in_the_outbox() {
    let fixture = Fixture::new();
    let (_, first) = fixture.request_payments(&["ok"]);
    let (_, others) = fixture.request_payments(&["ok", "ok"]);
    drop(first);
    fixture.push(others);
    assert_eq!(fixture.rows::<(i64,)>("SELECT seq FROM inbox ORDER BY seq"), [(2,), (3,)]);
}

#[test]
fn an_event_of_a_transaction_that_is_not_committed_is_not_pushed() {
    let fixture = Fixture::new();
    let (context, data) = (fixture.orders(), fixture.payment_request("ok"));
    block_on(async {
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        append(&transaction, &context, &[Event::new(data.order_id, &data)]).await.unwrap().push(&context);
    });
    fixture.run();
    assert_eq!(fixture.inbox(), []);
    assert_eq!(fixture.tick().pulled, 0);
}
