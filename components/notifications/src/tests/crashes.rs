//! Crashes of an instance: the next one continues, and calls the provider under the same idempotency key.

use super::{EVE, Fixture, LEASE, cloud_event, pair, sent};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_platform::http::json as json_response;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`, in which the instance crashes.
fn crashes(work: impl FnOnce()) {
    catch_unwind(AssertUnwindSafe(work)).expect_err("the instance crashes");
}

#[test]
fn a_call_whose_result_was_not_recorded_is_repeated_under_the_same_key() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| panic!("crash after the message was sent"));
    crashes(|| fixture.publish(1, "OrderPaid", EVE));
    assert_eq!(fixture.statuses(), [pair("email", "queued")]);
    fixture.respond_with(|_| sent("m-1"));
    assert_eq!(fixture.tick_after(LEASE * 1_000 - 1)["handled"], 0);
    fixture.tick_after(1);
    let id = fixture.only_notification()["id"].as_str().unwrap().to_owned();
    assert_eq!(fixture.calls(), [(id.clone(), 1), (id, 2)]);
    // The interrupted call has no end.
    let only = fixture.only_notification();
    assert_eq!((&only["status"], &only["attempts"]), (&json!("sent"), &json!(2)));
    assert_eq!((&only["calls"][0]["outcome"], &only["calls"][0]["ended_at"]), (&Value::Null, &Value::Null));
    assert_eq!(only["calls"][1]["outcome"], "sent");
}

#[test]
fn a_crash_before_the_notification_is_enqueued_enqueues_it_once() {
    let mut fixture = Fixture::new();
    fixture.client.platform().serve("users.spin.internal", |_| panic!("crash while it waits for the address"));
    crashes(|| fixture.publish(1, "OrderPaid", EVE));
    assert_eq!((fixture.statuses(), fixture.client.rows::<(String,)>("SELECT id FROM inbox")), (vec![], vec![]));
    // Another instance pulls the event from orders.
    fixture.serve_others();
    let page = json!({ "events": [cloud_event(1, "orders", "OrderPaid", EVE)], "next": 1 });
    fixture.client.platform().serve("orders.spin.internal", move |_| {
        let page = json_response(StatusCode::OK, &page);
        Box::pin(async { page })
    });
    assert_eq!(fixture.tick_after(0)["pulled"], 1);
    assert_eq!((fixture.statuses(), fixture.calls().len()), (vec![pair("email", "sent")], 1));
    assert_eq!(fixture.tick_after(LEASE * 1_000)["handled"], 0);
}

#[test]
fn a_message_that_crashes_every_instance_becomes_a_dead_letter() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| panic!("a message that crashes the instance"));
    crashes(|| fixture.publish(1, "OrderPaid", EVE));
    for _ in 0..2 {
        crashes(|| drop(fixture.tick_after(LEASE * 1_000)));
    }
    fixture.tick_after(LEASE * 1_000);
    let only = fixture.only_notification();
    assert_eq!((&only["status"], &only["attempts"]), (&json!("dead"), &json!(3)));
    assert_eq!(
        (&only["last_error"], &fixture.dead_letters()[0]["last_error"]),
        (&json!("no attempt came to an end"), &only["last_error"])
    );
}
