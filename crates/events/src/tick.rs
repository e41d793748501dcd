//! What happens on each tick: asking for events that no push has brought, handling what is due, and removing what is old.

use crate::consumer::{self, Consumer};
use crate::{inbox, outbox, pull};
use serde::{Deserialize, Serialize};
use spindle_contracts::{Problem, Timestamp};
use spindle_platform::Context;
use std::time::{Duration, Instant};

/// The variable that says for how many seconds events are kept.
const RETENTION: &str = "event_retention_seconds";

/// How long a service may spend on its events at one tick.
const BUDGET: Duration = Duration::from_secs(5);

/// The most rows that a tick removes from each table.
const PRUNED_AT_ONCE: i64 = 1_000;

/// What a tick has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many events no push had brought.
    pub pulled: usize,
    /// How many events were taken to be handled.
    pub handled: usize,
    /// How many wait still.
    pub waiting: i64,
    /// How many old rows were removed.
    pub pruned: usize,
}

/// The tick of a service that tells events, and listens as `consumer` if it does. Bounded in time and rows; what is left waits for the
/// next one.
///
/// # Errors
///
/// What the database says.
pub async fn tick(context: &Context, consumer: Option<&Consumer>) -> Result<Report, Problem> {
    let db = context.sql().await?;
    let until = Instant::now() + BUDGET;
    let mut report = Report::default();
    let retention: i64 = context.config().parse(RETENTION, "a whole number of seconds")?;
    let old = Timestamp::from_millis(context.now().as_millis().saturating_sub(retention.saturating_mul(1_000)));
    if let Some(consumer) = consumer {
        report.pulled = pull::pull(context, &db, until).await;
        report.handled = consumer::handle_due(context, &db, consumer, until).await?;
        report.waiting = inbox::count_pending(&db).await?;
        report.pruned = inbox::prune(&db, old, PRUNED_AT_ONCE).await?;
    }
    report.pruned += outbox::prune(&db, old, PRUNED_AT_ONCE).await?;
    Ok(report)
}
