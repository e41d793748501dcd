//! The metrics of orders: by status, in the phases that the platform has to end by itself, and the time until they are paid.

use crate::saga::Phase;
use crate::store;
use spindle_contracts::Timestamp;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::metrics::{self, Sample};
use spindle_platform::Context;
use spindle_platform::http::Request;
use std::collections::BTreeMap;

/// The limits of the buckets of the time to paid, in milliseconds, and in seconds as the label `le`. In front those of requests, behind them those of an
/// order that waits for the payment provider or a consumer.
const BUCKETS: [(i64, &str); 13] = [
    (100, "0.1"),
    (250, "0.25"),
    (500, "0.5"),
    (750, "0.75"),
    (1_000, "1.0"),
    (2_500, "2.5"),
    (5_000, "5.0"),
    (7_500, "7.5"),
    (10_000, "10.0"),
    (30_000, "30.0"),
    (60_000, "60.0"),
    (300_000, "300.0"),
    (900_000, "900.0"),
];

/// The numbers of the orders.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// The orders of the last 24 hours, by the name of their status.
    pub(crate) by_status: BTreeMap<String, i64>,
    /// Those that the platform has to bring on.
    pub(crate) phases: Vec<PhaseNumbers>,
    /// The milliseconds from the creation to the capture of each order of the last hour that is paid.
    pub(crate) times_to_paid: Vec<i64>,
}

/// The orders in one phase.
#[derive(Debug)]
pub(crate) struct PhaseNumbers {
    pub(crate) phase: Phase,
    pub(crate) count: i64,
    /// When the oldest entered it.
    pub(crate) since: Option<Timestamp>,
}

/// Handles `GET /internal/orders/metrics`: 200 with the part of orders.
pub(crate) async fn get(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let now = context.now();
    let numbers = store::metrics::read(&db, now).await?;
    metrics::respond(context, &db, samples(&numbers, now)).await
}

fn samples(numbers: &Numbers, now: Timestamp) -> Vec<Sample> {
    let status = |(status, count): (&String, &i64)| Sample::count("spindle_orders", &[("status", status)], *count);
    let mut samples: Vec<Sample> = numbers.by_status.iter().map(status).collect();
    for PhaseNumbers { phase, count, since } in &numbers.phases {
        let labels = [("phase", name(*phase))];
        let age = since.map_or(0, |since| now.as_millis() - since.as_millis());
        samples.push(Sample::count("spindle_orders_unfinished", &labels, *count));
        samples.push(Sample::seconds("spindle_order_phase_oldest_age_seconds", &labels, age.max(0)));
    }
    let times = &numbers.times_to_paid;
    let below = |limit: i64| times.iter().filter(|time| **time <= limit).count();
    let buckets = BUCKETS.iter().map(|(limit, le)| (below(*limit), *le)).chain([(times.len(), "+Inf")]);
    samples.extend(
        buckets
            .map(|(count, le)| Sample::new("spindle_order_time_to_paid_seconds_bucket", &[("le", le)], count as f64)),
    );
    samples.push(Sample::new("spindle_order_time_to_paid_seconds_gcount", &[], times.len() as f64));
    samples.push(Sample::seconds("spindle_order_time_to_paid_seconds_gsum", &[], times.iter().sum()));
    samples
}

/// Returns the label of `phase`.
fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::AwaitingPayment => "awaiting_payment",
        Phase::AwaitingStock => "awaiting_stock",
        Phase::AwaitingCapture => "awaiting_capture",
        Phase::ReadyToFulfil => "ready_to_fulfil",
        Phase::Fulfilled => "fulfilled",
        Phase::Cancelling => "cancelling",
        Phase::Cancelled => "cancelled",
    }
}
