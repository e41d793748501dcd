//! The circuit breaker of a provider that fails.

use super::{ADA, EVE, Fixture, failed, pair, sent};
use crate::SERVICE;
use crate::channel;
use crate::notification::{Notification, NotificationSpec, Trigger};
use crate::store::calls::FirstCalls;
use crate::store::notifications;
use crate::template;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::provider::notify::Message;
use spindle_contracts::{NotificationId, Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::http::{Response, empty};
use spindle_platform::trace::TraceContext;
use std::time::Duration;
use uuid::Uuid;

/// Returns a fixture with `events` notifications for a provider that responds with `provider`.
fn with_failing_provider(events: u128, provider: impl FnMut(&Message) -> Response + 'static) -> Fixture {
    let fixture = Fixture::with(&[("event_max_attempts", "20")]);
    fixture.respond_with(provider);
    for event in 1..=events {
        fixture.publish(event, "PaymentRefunded", EVE);
    }
    fixture
}

fn logged(fixture: &Fixture, message: &str) -> usize {
    fixture.client.platform().logged().iter().filter(|line| line.contains(message)).count()
}

#[test]
fn after_five_failures_in_a_row_the_provider_is_not_called_for_half_a_minute() {
    let mut fixture = with_failing_provider(8, |_| failed("retryable"));
    assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker opened")), (5, 1));
    for _ in 0..29 {
        fixture.tick_after(1_000);
    }
    assert_eq!(fixture.calls(), []);
    // A postponed delivery is no attempt.
    let attempts: Vec<(i64,)> =
        fixture.client.rows("SELECT attempts FROM inbox WHERE source = 'notifications' ORDER BY attempts");
    assert_eq!(attempts, [0, 0, 0, 1, 1, 1, 1, 1].map(|attempts| (attempts,)));
    assert_eq!(logged(&fixture, "event is a dead letter"), 0);
}

#[test]
fn one_delivery_probes_and_the_others_follow_once_it_succeeds() {
    let mut fixture = with_failing_provider(8, |_| failed("other"));
    fixture.calls();
    fixture.tick_after(32_000);
    // The probe failed, and the breaker is open again.
    assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker closed")), (1, 0));
    fixture.respond_with(|_| sent("m"));
    fixture.tick_after(32_000);
    assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker closed")), (8, 1));
    assert_eq!(fixture.statuses(), vec![pair("email", "sent"); 8]);
    assert_eq!(fixture.client.rows::<(String,)>("SELECT channel FROM breakers"), []);
}

#[test]
fn a_crash_during_the_probe_delays_the_others_by_one_lease() {
    let mut fixture = with_failing_provider(6, |_| failed("retryable"));
    fixture.calls();
    fixture
        .client
        .rows::<(String,)>(&format!("UPDATE breakers SET probing_until = {} RETURNING channel", fixture.now + 60_000));
    fixture.respond_with(|_| sent("m"));
    fixture.tick_after(32_000);
    assert_eq!(fixture.calls(), []);
    fixture.tick_after(28_000);
    assert_eq!(fixture.calls().len(), 6);
}

#[test]
fn a_success_and_a_rejection_reset_the_count_of_failures() {
    for reset_by in ["sent", "rejected"] {
        let mut count = 0;
        let fixture = with_failing_provider(12, move |_| {
            count += 1;
            match (count % 3 == 0, reset_by) {
                (true, "sent") => sent("m"),
                (true, _) => failed("rejected"),
                _ => failed("retryable"),
            }
        });
        assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker opened")), (12, 0), "{reset_by}");
    }
}

#[test]
fn a_provider_that_traps_or_responds_with_something_else_has_failed() {
    for response in [|| empty(StatusCode::INTERNAL_SERVER_ERROR), || empty(StatusCode::OK)] {
        let fixture = with_failing_provider(7, move |_| response());
        assert_eq!((fixture.calls().len(), fixture.statuses()), (5, vec![pair("email", "queued"); 7]));
        let errors: Vec<(String,)> =
            fixture.client.rows("SELECT last_error FROM notifications WHERE last_error IS NOT NULL");
        assert_eq!(errors.len(), 5);
        assert!(errors.iter().all(|(error,)| error.starts_with("silent: its adapter answered ")), "{errors:?}");
    }
}

#[test]
fn the_other_channels_are_not_affected() {
    let fixture = Fixture::with(&[("event_max_attempts", "20")]);
    fixture.respond_with(|message| {
        let is_email = super::channel_of(message) == "email";
        if is_email { failed("retryable") } else { sent("m") }
    });
    for event in 1..=7 {
        fixture.publish(event, "OrderPaid", ADA);
    }
    let count = |status: &str| fixture.statuses().iter().filter(|(_, other)| other == status).count();
    assert_eq!((count("queued"), count("sent"), fixture.calls().len()), (7, 7, 12));
}

#[test]
fn no_breaker_is_written_while_a_provider_succeeds() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let statements = fixture.client.platform().statements("notifications");
    let on_breakers: Vec<&String> =
        statements.iter().filter(|sql| sql.contains("breakers") && !sql.contains("CREATE")).collect();
    // The statement that records a call reads them.
    let reads = |sql: &&&String| sql.trim_start().starts_with("INSERT INTO notifications");
    let writes: Vec<_> = on_breakers.iter().filter(|sql| !reads(sql)).collect();
    assert!(!on_breakers.is_empty() && writes.is_empty(), "{on_breakers:?}");
}

#[test]
fn the_first_calls_begin_up_to_the_limit_and_not_on_a_channel_whose_breaker_is_open() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let (user_id, template) = (UserId(Uuid::from_u128(ADA)), &template::ORDER_FULFILLED);
    let spec = NotificationSpec { order_id: None, user_id, template, data: json!({}) };
    let trigger = Trigger { id: "e-2".to_owned(), kind: None };
    let queued = |(number, channel)| {
        spec.queued(NotificationId(Uuid::from_u128(number)), trigger.clone(), channel, Timestamp::from_millis(0))
    };
    let new: Vec<Notification> = (1..).zip(channel::ALL).map(queued).collect();
    let context =
        Context::new(fixture.client.platform().clone(), SERVICE.scope, "r-1".to_owned(), TraceContext::start([1; 24]));
    // Which of email, sms and push begin, and whether their providers have failed of late. The transaction is rolled back.
    let begun = |max_calls| {
        block_on(async {
            let db = context.sql().await.unwrap();
            let transaction = db.transaction().await.unwrap();
            let ids = new.iter().map(|notification| notification.id).collect();
            let first_calls = FirstCalls { notifications: ids, lease: Duration::from_secs(40), max_calls };
            let inserted = notifications::insert(&transaction, &new, &first_calls, context.now()).await.unwrap();
            let has_failed = |notification: &Notification| {
                let inserted = inserted.iter().find(|inserted| inserted.id == notification.id).unwrap();
                inserted.has_begun.then_some(inserted.has_failed)
            };
            new.iter().map(has_failed).collect::<Vec<_>>()
        })
    };
    assert_eq!(begun(64), [Some(false), Some(false), Some(false)]);
    assert_eq!((begun(2), begun(0)), (vec![Some(false), Some(false), None], vec![None, None, None]));
    fixture.client.rows::<(String,)>("INSERT INTO breakers (channel, failures) VALUES ('sms', 1) RETURNING channel");
    assert_eq!(begun(64), [Some(false), Some(true), Some(false)]);
    fixture.client.rows::<(String,)>("UPDATE breakers SET open_until = 1 RETURNING channel");
    assert_eq!(begun(64), [Some(false), None, Some(false)]);
    // Another call is in progress.
    let other = format!("SELECT id, 7, {} FROM notifications LIMIT 1", fixture.now);
    fixture.client.rows::<(i64,)>(&format!(
        "INSERT INTO provider_calls (notification_id, number, began_at) {other} RETURNING number"
    ));
    assert_eq!(begun(2), [Some(false), None, None]);
}

#[test]
fn deliveries_wait_while_as_many_calls_as_allowed_are_in_progress() {
    let mut fixture = Fixture::with(&[("notify_concurrency", "1")]);
    fixture.respond_with(|_| sent("m"));
    fixture.publish(1, "OrderPaid", EVE);
    // As if its provider had not answered yet.
    fixture.client.rows::<(i64,)>("UPDATE provider_calls SET ended_at = NULL RETURNING number");
    fixture.calls();
    fixture.publish(2, "OrderPaid", EVE);
    fixture.tick_after(10_000);
    assert_eq!(fixture.calls(), []);
    // The lease of the call is over.
    fixture.tick_after(31_000);
    assert_eq!(fixture.calls().len(), 1);
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT max(attempts) FROM inbox"), [(1,)]);
}
