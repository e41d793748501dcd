//! The metrics of payments.

use super::Fixture;
use super::fake_provider::always_succeeds;
use crate::provider::ProviderResult;
use http::StatusCode;
use spindle_events::metrics::MetricsPart;

/// Returns the samples of payments: the value of the label, or the name without one, and the value.
fn samples(fixture: &Fixture) -> Vec<(String, f64)> {
    let response = fixture.client.get("/internal/payments/metrics").as_service("gateway").send().expect(StatusCode::OK);
    let MetricsPart { samples, .. } = response.json_as();
    let own = samples.into_iter().filter(|sample| sample.name.starts_with("spindle_payment"));
    let mut own: Vec<(String, f64)> = own
        .map(|sample| {
            (sample.labels.first().map_or(&sample.name, |(_, value)| value).clone().into_owned(), sample.value)
        })
        .collect();
    own.sort_by(|one, other| one.0.cmp(&other.0));
    own
}

fn numbers(authorized: f64, captured: f64, declined: f64, in_progress: f64) -> Vec<(String, f64)> {
    [
        ("authorized", authorized),
        ("captured", captured),
        ("declined", declined),
        ("refunded", 0.0),
        ("requested", 0.0),
        ("spindle_payment_calls_in_progress", in_progress),
        ("voided", 0.0),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

#[test]
fn payments_of_a_day_are_counted_by_status_and_calls_while_they_are_in_progress() {
    let mut fixture = Fixture::new();
    assert_eq!(samples(&fixture), numbers(0.0, 0.0, 0.0, 0.0));
    for order in [1, 2, 3] {
        fixture.publish("PaymentRequested", order);
    }
    fixture.publish("OrderPaid", 3);
    let declines = |_: &_| ProviderResult::Declined("no money".to_owned());
    fixture.respond_with(declines);
    fixture.publish("PaymentRequested", 4);
    fixture.respond_with(always_succeeds);
    assert_eq!(samples(&fixture), numbers(2.0, 1.0, 1.0, 0.0));

    // A call without a result is in progress until the end of its lease.
    let calls: Vec<(String, i64)> = fixture
        .client
        .rows("UPDATE provider_calls SET ended_at = NULL WHERE operation = 'capture' RETURNING payment_id, number");
    assert_eq!(calls.len(), 1);
    assert_eq!(samples(&fixture), numbers(2.0, 1.0, 1.0, 1.0));
    fixture.tick_after(60);
    assert_eq!(samples(&fixture), numbers(2.0, 1.0, 1.0, 0.0));
    fixture.tick_after(24 * 60 * 60);
    assert_eq!(samples(&fixture), numbers(0.0, 0.0, 0.0, 0.0));
}
