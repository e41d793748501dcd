//! The periodic job of a service with events: it pulls what no push has delivered, handles what is due, and removes what is old.

use crate::worker::Consumer;
use crate::{dead_letters, inbox, ingestion, outbox, worker};
use serde::{Deserialize, Serialize};
use spindle_contracts::Problem;
use spindle_platform::{Context, audit, sql};
use std::time::{Duration, Instant};

/// The variable with the number of seconds for which events are kept.
const RETENTION: &str = "event_retention_seconds";

/// The time for pulling and the time for handling, one after the other: a service whose producers do not respond still handles its events.
const PULL_TIME: Duration = Duration::from_secs(3);
const HANDLING_TIME: Duration = Duration::from_secs(3);

/// The longest time that a tick waits for its handlers. A handler may wait for another service for longer than the caller of the tick waits,
/// and would be cut off: it goes on after the response.
const HANDLING_TIMEOUT: Duration = Duration::from_secs(5);

/// The time for removing old rows of one table.
const PRUNING_TIME: Duration = Duration::from_secs(1);

/// The most rows that are removed in one transaction.
const PRUNED_TOGETHER: usize = 1_000;

/// The events and rows that a tick of a service has worked on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCounts {
    /// The number of events that were pulled and new.
    pub pulled: usize,
    /// The number of events that were leased; 0 if their handling was not over at the response.
    pub handled: usize,
    /// The number of events that are still waiting.
    pub waiting: i64,
    /// The number of old rows that were removed.
    pub pruned: usize,
}

/// Runs the periodic job of a service that publishes events, and consumes them if it has a `consumer`. Time and rows are bounded; the next
/// tick continues.
///
/// # Errors
///
/// The errors of the database, and variables that are missing.
pub async fn tick(context: &Context, consumer: Option<&'static Consumer>) -> Result<EventCounts, Problem> {
    let db = context.sql().await?;
    let mut report = EventCounts::default();
    let retention: u64 = context.config().parse(RETENTION, "a whole number of seconds")?;
    let old = context.now().minus(Duration::from_secs(retention));
    if let Some(consumer) = consumer {
        report.pulled = ingestion::pull(context, &db, Instant::now() + PULL_TIME).await;
        if consumer.retakes_dead_letters && !worker::is_paused(context, &db, consumer).await? {
            dead_letters::retake(context, &db).await?;
        }
        let later = context.clone();
        let handling = async move { worker::handle_due(&later, consumer, Instant::now() + HANDLING_TIME).await };
        report.handled = context.with_timeout(HANDLING_TIMEOUT, handling).await.transpose()?.unwrap_or_default();
        report.waiting = inbox::count_pending(&db).await?;
        report.pruned = prune(async || inbox::prune(&db, old, PRUNED_TOGETHER).await).await?;
    }
    report.pruned += prune(async || outbox::prune(&db, old, PRUNED_TOGETHER).await).await?;
    audit::delete_expired_keys(&db, context.now()).await?;
    Ok(report)
}

/// Calls `prune_some` until there are no more rows or the time is over, and returns the number of rows.
async fn prune(prune_some: impl AsyncFn() -> Result<usize, sql::Error>) -> Result<usize, sql::Error> {
    let until = Instant::now() + PRUNING_TIME;
    let mut pruned = 0;
    loop {
        let count = prune_some().await?;
        pruned += count;
        if count < PRUNED_TOGETHER || Instant::now() >= until {
            return Ok(pruned);
        }
    }
}
