//! The metrics of notifications.

use super::{ADA, EVE, Fixture, failed};
use crate::channel;
use crate::notification::Status;
use http::StatusCode;
use spindle_events::metrics::MetricsPart;

/// Returns channel, status and number of each sample that is not 0, and the number of samples.
fn numbers(fixture: &Fixture) -> (Vec<(String, String, f64)>, usize) {
    let target = "/internal/notifications/metrics";
    let MetricsPart { samples, .. } =
        fixture.client.get(target).as_service("gateway").send().expect(StatusCode::OK).json_as();
    let own: Vec<_> = samples.into_iter().filter(|sample| sample.name == "spindle_notifications").collect();
    let count = own.len();
    let label = |sample: &spindle_events::metrics::Sample, index: usize| sample.labels[index].1.clone().into_owned();
    let own = own.iter().filter(|sample| sample.value > 0.0);
    (own.map(|sample| (label(sample, 0), label(sample, 1), sample.value)).collect(), count)
}

#[test]
fn notifications_of_a_day_are_counted_by_channel_and_status() {
    let mut fixture = Fixture::new();
    let all = channel::ALL.len() * Status::ALL.len();
    assert_eq!(numbers(&fixture), (vec![], all));
    fixture.publish(1, "OrderPaid", ADA);
    fixture.publish(2, "OrderPaid", EVE);
    fixture.respond_with(|_| failed("rejected"));
    fixture.publish(3, "OrderFulfilled", EVE);
    let entry = |channel: &str, status: &str, count| (channel.to_owned(), status.to_owned(), count);
    let expected = vec![entry("email", "sent", 2.0), entry("push", "sent", 1.0), entry("email", "dead", 1.0)];
    assert_eq!(numbers(&fixture), (expected, all));
    fixture.tick_after(24 * 60 * 60 * 1_000 + 1);
    assert_eq!(numbers(&fixture), (vec![], all));
}
