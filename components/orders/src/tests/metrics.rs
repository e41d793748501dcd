//! The metrics of orders.

use super::Fixture;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};
use spindle_events::metrics::MetricsPart;
use std::collections::BTreeMap;

/// Returns the samples whose name begins with `prefix`: the value of the label, or the name without one, and the value.
fn samples(fixture: &Fixture, prefix: &str) -> BTreeMap<String, f64> {
    let response = fixture.client.get("/internal/orders/metrics").as_service("gateway").send().expect(StatusCode::OK);
    let MetricsPart { samples, .. } = response.json_as();
    let own = samples.into_iter().filter(|sample| sample.name.starts_with(prefix));
    own.map(|sample| {
        let label = sample.labels.first().map_or(&sample.name, |(_, value)| value);
        (label.clone().into_owned(), sample.value)
    })
    .collect()
}

fn expected(values: &[(&str, f64)]) -> BTreeMap<String, f64> {
    values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

/// Makes one order in each phase that the platform has to end, and one that is ready to ship, at different times. It is a minute later.
fn with_orders() -> Fixture {
    let fixture = Fixture::new();
    fixture.order();
    fixture.set_seconds(10);
    let to_capture = fixture.order();
    fixture.receive::<PaymentAuthorized>(&to_capture, json!({}));
    fixture.set_seconds(20);
    let paid = fixture.order();
    fixture.receive::<PaymentAuthorized>(&paid, json!({}));
    fixture.set_seconds(24);
    fixture.receive::<PaymentCaptured>(&paid, json!({}));
    let (without_stock, cancelled) = (fixture.order(), fixture.order());
    fixture.set_seconds(30);
    fixture.catalog.borrow_mut().is_down = true;
    fixture.receive::<PaymentAuthorized>(&without_stock, json!({}));
    fixture.client.post(&format!("{cancelled}/cancel")).send().expect(StatusCode::OK);
    fixture.set_seconds(60);
    fixture
}

#[test]
fn orders_of_a_day_are_counted_by_status() {
    let fixture = with_orders();
    let statuses = |pending| [("pending_payment", pending), ("paid", 2.0), ("fulfilled", 0.0), ("cancelled", 1.0)];
    assert_eq!(samples(&fixture, "spindle_orders"), {
        let mut all = expected(&statuses(2.0));
        all.extend(samples(&fixture, "spindle_orders_"));
        all
    });
    fixture.set_seconds(24 * 60 * 60 + 5);
    let later = samples(&fixture, "spindle_orders");
    assert_eq!(later["pending_payment"], 1.0, "the first is older than a day");
}

#[test]
fn the_phases_that_the_platform_has_to_end_have_a_number_and_an_age() {
    let fixture = with_orders();
    let phases = ["awaiting_capture", "awaiting_payment", "awaiting_stock", "cancelling"];
    let of_phases = |values: [f64; 4]| expected(&phases.into_iter().zip(values).collect::<Vec<_>>());
    assert_eq!(samples(&fixture, "spindle_orders_unfinished"), of_phases([1.0; 4]));
    assert_eq!(samples(&fixture, "spindle_order_phase"), of_phases([50.0, 60.0, 30.0, 30.0]));

    fixture.catalog.borrow_mut().is_down = false;
    fixture.set_seconds(900);
    fixture.tick();
    assert_eq!(samples(&fixture, "spindle_orders_unfinished"), of_phases([2.0, 0.0, 0.0, 0.0]));
    assert_eq!(samples(&fixture, "spindle_order_phase"), of_phases([890.0, 0.0, 0.0, 0.0]));
}

#[test]
fn the_time_to_paid_is_that_of_the_last_hour() {
    let fixture = with_orders();
    let of_hour = samples(&fixture, "spindle_order_time_to_paid_seconds");
    let buckets =
        ["0.1", "0.25", "0.5", "0.75", "1.0", "2.5", "5.0", "7.5", "10.0", "30.0", "60.0", "300.0", "900.0", "+Inf"];
    let mut four_seconds =
        expected(&buckets.map(|le| (le, if le == "+Inf" || le.parse::<f64>().unwrap() >= 4.0 { 1.0 } else { 0.0 })));
    four_seconds.insert("spindle_order_time_to_paid_seconds_gcount".to_owned(), 1.0);
    four_seconds.insert("spindle_order_time_to_paid_seconds_gsum".to_owned(), 4.0);
    assert_eq!(of_hour, four_seconds);

    fixture.set_seconds(60 * 60 + 21);
    assert!(samples(&fixture, "spindle_order_time_to_paid_seconds").values().all(|value| *value == 0.0));
}

#[test]
fn the_numbers_are_one_statement() {
    let fixture = with_orders();
    let before = fixture.client.platform().statements("orders").len();
    samples(&fixture, "spindle_orders");
    let statements = fixture.client.platform().statements("orders").split_off(before);
    let own = statements.iter().filter(|statement| statement.contains("by_status") || statement.contains("waiting"));
    assert_eq!(own.count(), 2, "{statements:?}");
}
