//! The metrics of payments: by status, and the calls of the provider that are in progress.

use crate::store;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::metrics::{self, Sample};
use spindle_platform::Context;
use spindle_platform::http::Request;
use std::collections::BTreeMap;

/// The numbers of the payments.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// The payments of the last 24 hours, by the name of their status.
    pub(crate) by_status: BTreeMap<String, i64>,
    /// The calls of the provider that are in progress.
    pub(crate) calls_in_progress: i64,
}

/// Handles `GET /internal/payments/metrics`: 200 with the part of payments.
pub(crate) async fn get(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let Numbers { by_status, calls_in_progress } = store::metrics::read(&db, context.now()).await?;
    let status = |(status, count): (&String, &i64)| Sample::count("spindle_payments", &[("status", status)], *count);
    let mut samples: Vec<Sample> = by_status.iter().map(status).collect();
    samples.push(Sample::count("spindle_payment_calls_in_progress", &[], calls_in_progress));
    metrics::respond(context, &db, samples).await
}
