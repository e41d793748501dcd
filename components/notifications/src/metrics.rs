//! The metrics of notifications, by channel and status.

use crate::channel::{self, Channel};
use crate::store;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::metrics::{self, Sample};
use spindle_platform::Context;
use spindle_platform::http::Request;

/// The number of notifications of the last 24 hours on one channel and in one status.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) channel: Channel,
    /// The name of the status.
    pub(crate) status: String,
    pub(crate) count: i64,
}

/// Handles `GET /internal/notifications/metrics`: 200 with the part of notifications.
pub(crate) async fn get(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let counts = store::metrics::read(&db, context.now()).await?;
    let sample = |Count { channel, status, count }: &Count| {
        Sample::count("spindle_notifications", &[("channel", channel::name(*channel)), ("status", status)], *count)
    };
    metrics::respond(context, &db, counts.iter().map(sample).collect()).await
}
