//! Pulling: events that no push has delivered.

use super::fixture::{Fixture, event, state};
use crate::Event;
use crate::inbox;
use crate::ingestion::pull;
use crate::outbox::PAGE;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::{CloudEvent, EventPage, OrderFulfilled};
use spindle_contracts::{OrderId, UserId};
use spindle_platform::http::{Response, empty, json as with_json};
use std::time::Instant;
use uuid::Uuid;

fn cursor(fixture: &Fixture) -> i64 {
    block_on(async { inbox::cursor(&fixture.db().await, "orders").await.unwrap() })
}

/// Lets orders respond with `response` to every request.
fn orders_responds(fixture: &Fixture, response: impl Fn() -> Response + 'static) {
    fixture.platform.serve("orders.spin.internal", move |_| {
        let response = response();
        Box::pin(async { response })
    });
}

#[test]
fn a_tick_pulls_lost_events_page_by_page() {
    let fixture = Fixture::new();
    let (mut orders, pending) = fixture.request_payments(&["ok"; PAGE * 2 + 50]);
    drop(pending);
    let report = fixture.tick();
    assert_eq!((report.pulled, report.handled, report.waiting), (250, 250, 0));
    let mut effects = fixture.effects();
    orders.sort_unstable();
    effects.sort_unstable();
    assert!(effects == orders, "each event had its effect once");
    assert_eq!(cursor(&fixture), 250);
    let pages = fixture.platform.statements("orders").iter().filter(|sql| sql.contains("seq > ?1")).count();
    assert_eq!(pages, 3);
    assert_eq!(fixture.tick().pulled, 0);
}

#[test]
fn a_lost_event_among_pushed_ones_is_pulled() {
    let fixture = Fixture::new();
    let (lost, pending) = fixture.request_payments(&["ok"]);
    drop(pending);
    let (pushed, pending) = fixture.request_payments(&["ok"]);
    fixture.push(pending);
    assert_eq!(fixture.effects(), pushed);
    assert_eq!(fixture.tick().pulled, 1);
    assert_eq!(fixture.effects(), [pushed, lost].concat());
}

#[test]
fn the_cursor_goes_past_what_is_for_others_and_never_back() {
    let fixture = Fixture::new();
    let id = OrderId(Uuid::from_u128(9));
    let fulfilled = OrderFulfilled { order_id: id, user_id: UserId(Uuid::from_u128(1)), number: "S-9".to_owned() };
    let _ = fixture.append(&fixture.orders(), &[Event::new(id, &fulfilled), Event::new(id, &fulfilled)]);
    assert_eq!((fixture.tick().pulled, cursor(&fixture)), (0, 2));
    block_on(async { inbox::set_cursor(&fixture.db().await, "orders", 1).await.unwrap() });
    assert_eq!(cursor(&fixture), 2);
    block_on(async { inbox::set_cursor(&fixture.db().await, "orders", 3).await.unwrap() });
    assert_eq!(cursor(&fixture), 3);
}

#[test]
fn a_service_that_does_not_answer_holds_up_nothing_else() {
    let fixture = Fixture::with(&[("broken", "card"), ("event_retry_base_ms", "0")]);
    let (orders, pending) = fixture.request_payments(&["card"]);
    fixture.push(pending);
    fixture.platform.set_variable("broken", "");
    orders_responds(&fixture, || empty(StatusCode::INTERNAL_SERVER_ERROR));
    let report = fixture.tick();
    assert_eq!((report.pulled, report.handled, fixture.effects()), (0, 1, orders));
    assert_eq!(cursor(&fixture), 0);
    assert!(fixture.platform.logged().iter().any(|line| line.contains("orders answered 500")));
}

#[test]
fn events_of_other_services_on_a_page_are_ignored() {
    let fixture = Fixture::new();
    let request = json!(fixture.payment_request("ok"));
    orders_responds(&fixture, move || {
        let foreign = CloudEvent { source: "/catalog".to_owned(), ..event(1, request.clone()) };
        let other = CloudEvent { kind: "OrderCreated".to_owned(), ..event(2, json!({})) };
        let page = EventPage { events: vec![foreign, other, event(3, request.clone())], next: 3 };
        with_json(StatusCode::OK, &page)
    });
    assert_eq!((fixture.tick().pulled, cursor(&fixture)), (1, 3));
    assert_eq!(fixture.inbox(), [state("done", 1)]);
}

#[test]
fn a_page_that_does_not_advance_the_cursor_ends_the_pull() {
    let fixture = Fixture::new();
    orders_responds(&fixture, || {
        let events = (1..=PAGE as u128).map(|number| event(number, json!({}))).collect();
        with_json(StatusCode::OK, &EventPage { events, next: 0 })
    });
    assert_eq!((fixture.tick().pulled, cursor(&fixture)), (0, 0));
}

#[test]
fn no_producer_is_asked_after_the_time_is_over() {
    let fixture = Fixture::new();
    drop(fixture.request_payments(&["ok"]));
    let pulled = block_on(async { pull(&fixture.payments(), &fixture.db().await, Instant::now()).await });
    assert_eq!((pulled, cursor(&fixture)), (0, 0));
}

#[test]
fn a_pull_without_a_valid_cursor_is_refused() {
    let fixture = Fixture::new();
    for query in ["", "?after=", "?after=x", "?after=1&after=2", "?before=3"] {
        let request = http::Request::get(format!("/internal/orders/events{query}")).body(bytes::Bytes::new()).unwrap();
        let context = fixture.payments();
        let response = block_on(context.client().call("orders", request, std::time::Duration::from_secs(1))).unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}
