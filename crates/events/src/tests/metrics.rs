//! The metrics of inbox and outbox.

use super::fixture::{Fixture, event};
use crate::Event;
use crate::metrics::{MetricsPart, Sample, outbox_target};
use crate::outbox;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::OrderFulfilled;
use spindle_contracts::{OrderId, UserId};
use spindle_edge::testing::TestClient;
use std::collections::BTreeMap;
use uuid::Uuid;

fn part(client: &TestClient, target: &str) -> MetricsPart {
    client.get(target).as_service("gateway").send().expect(StatusCode::OK).json_as()
}

/// Returns the numbers of the inbox of payments: events that wait, the age of the oldest, and dead letters.
fn inbox(fixture: &Fixture) -> [f64; 3] {
    let part = part(&fixture.client, "/internal/payments/metrics");
    let names = ["spindle_inbox_events", "spindle_inbox_oldest_age_seconds", "spindle_dead_letters"];
    let labels = [("service_name", "payments")];
    let values: Vec<f64> = part.samples.iter().map(|sample| sample.value).collect();
    let expected = names.iter().zip(&values).map(|(name, value)| Sample::new(name, &labels, *value));
    assert_eq!(part.samples, expected.collect::<Vec<_>>());
    values.try_into().unwrap()
}

/// Returns the number and the age of the events of orders that payments has not pulled, as the gateway asks for them.
fn unread(fixture: &Fixture) -> [f64; 2] {
    let cursors = part(&fixture.client, "/internal/payments/metrics").cursors;
    let target = outbox_target("orders", &[("payments", cursors["orders"])]);
    let part = part(&fixture.orders_client(), &target);
    let names = ["spindle_outbox_unread_events", "spindle_outbox_oldest_unread_age_seconds"];
    let labels = [("service_name", "payments"), ("source", "orders")];
    let values: Vec<f64> = part.samples.iter().map(|sample| sample.value).collect();
    let expected = names.iter().zip(&values).map(|(name, value)| Sample::new(name, &labels, *value));
    assert_eq!(part.samples, expected.collect::<Vec<_>>());
    values.try_into().unwrap()
}

#[test]
fn events_are_unread_until_the_consumer_has_pulled_them_also_if_they_were_pushed() {
    let fixture = Fixture::new();
    assert_eq!((unread(&fixture), inbox(&fixture)), ([0.0; 2], [0.0; 3]));
    let (_, pending) = fixture.request_payments(&["ok"]);
    fixture.advance(2_500);
    drop(fixture.request_payments(&["ok"]));
    fixture.push(pending);
    assert_eq!((unread(&fixture), inbox(&fixture)), ([2.0, 2.5], [0.0; 3]));
    fixture.tick();
    assert_eq!((unread(&fixture), inbox(&fixture)), ([0.0; 2], [0.0; 3]));
}

#[test]
fn events_that_the_consumer_does_not_consume_are_not_unread() {
    let fixture = Fixture::new();
    let fulfilled = OrderFulfilled {
        order_id: OrderId(Uuid::from_u128(1)),
        user_id: UserId(Uuid::from_u128(1)),
        number: "7KQ2-9M4T".to_owned(),
    };
    drop(fixture.append(&fixture.orders(), &[Event::new(1, &fulfilled)]));
    fixture.advance(1_000);
    drop(fixture.request_payments(&["ok"]));
    assert_eq!(unread(&fixture), [1.0, 0.0]);
}

#[test]
fn an_event_that_failed_waits_and_has_been_due_since_its_next_attempt() {
    let fixture = Fixture::with(&[("broken", "pm_1"), ("event_retry_base_ms", "0"), ("event_retry_cap_ms", "0")]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("pm_1")))]);
    assert_eq!(inbox(&fixture), [1.0, 0.0, 0.0]);
    fixture.advance(90_500);
    assert_eq!(inbox(&fixture), [1.0, 90.5, 0.0]);
}

#[test]
fn an_event_whose_attempt_runs_is_not_due() {
    let fixture = Fixture::with(&[("broken", "pm_1"), ("event_retry_base_ms", "8000"), ("event_retry_cap_ms", "8000")]);
    fixture.send("orders", &[event(1, json!(fixture.payment_request("pm_1")))]);
    let leased: Vec<(String, i64)> =
        fixture.rows("UPDATE inbox SET next_attempt_at = next_attempt_at + 60000 RETURNING id, attempts");
    assert_eq!(leased.len(), 1);
    fixture.advance(1_000);
    assert_eq!(inbox(&fixture), [1.0, 0.0, 0.0]);
}

#[test]
fn dead_letters_are_counted_until_somebody_decides() {
    let fixture = Fixture::new();
    for number in 1..=2 {
        fixture.send("orders", &[event(number, json!(fixture.payment_request("never")))]);
    }
    assert_eq!(inbox(&fixture), [0.0, 0.0, 2.0]);
    let letter = format!("/internal/payments/dead-letters/{}", Uuid::from_u128(1));
    fixture.client.delete(&letter).as_service("gateway").send().expect(StatusCode::NO_CONTENT);
    assert_eq!(inbox(&fixture), [0.0, 0.0, 1.0]);
}

#[test]
fn no_more_of_an_outbox_is_read_than_is_counted() {
    let fixture = Fixture::new();
    drop(fixture.request_payments(&["ok"; 5]));
    let events = block_on(async {
        let db = fixture.orders().sql().await.unwrap();
        let cursors = BTreeMap::from([("payments".to_owned(), 1)]);
        outbox::unread(&db, "orders", &cursors, 3).await.unwrap()
    });
    assert_eq!(
        events.iter().map(|unread| (unread.consumer.as_str(), unread.events)).collect::<Vec<_>>(),
        [("payments", 3)]
    );
}

#[test]
fn an_outbox_without_consumers_has_no_unread_events() {
    let fixture = Fixture::new();
    assert_eq!(part(&fixture.orders_client(), &outbox_target("orders", &[])), MetricsPart::default());
}

#[test]
fn cursors_of_another_form_are_refused() {
    let client = Fixture::new().orders_client();
    for query in ["after=payments", "after=payments:x", "after=payments:1,", "before=1"] {
        let response = client.get(&format!("/internal/orders/metrics/outbox?{query}")).as_service("gateway").send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(
        client.get("/internal/orders/metrics/outbox").as_service("payments").send().status(),
        StatusCode::FORBIDDEN
    );
}
