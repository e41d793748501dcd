//! What happens on each tick: asking for events that no push has brought, handling what is due, and removing what is old.

use crate::consumer::Consumer;
use crate::{inbox, outbox, pull, worker};
use serde::{Deserialize, Serialize};
use spindle_contracts::Problem;
use spindle_platform::{Context, sql};
use std::time::{Duration, Instant};

/// The variable that says for how many seconds events are kept.
const RETENTION: &str = "event_retention_seconds";

/// How long a service may ask others at one tick, and how long it may handle what is due: who asks in vain still handles what it has.
const PULLING: Duration = Duration::from_secs(3);
const HANDLING: Duration = Duration::from_secs(3);

/// How long a tick waits for what it is handling. A handler may wait for somebody who takes longer than whoever ticks waits, and would be cut
/// off: it goes on after the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it may remove what is old.
const PRUNING: Duration = Duration::from_secs(1);

/// The most rows that are removed in one transaction.
const PRUNED_AT_ONCE: usize = 1_000;

/// What a tick has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many events no push had brought.
    pub pulled: usize,
    /// How many events were taken to be handled, if that was over when the tick answered.
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
pub async fn tick(context: &Context, consumer: Option<&'static Consumer>) -> Result<Report, Problem> {
    let db = context.sql().await?;
    let mut report = Report::default();
    let retention: u64 = context.config().parse(RETENTION, "a whole number of seconds")?;
    let old = context.now().minus(Duration::from_secs(retention));
    if let Some(consumer) = consumer {
        report.pulled = pull::pull(context, &db, Instant::now() + PULLING).await;
        let own = context.clone();
        let handling = async move { worker::handle_due(&own, consumer, Instant::now() + HANDLING).await };
        report.handled = context.within(PATIENCE, handling).await.transpose()?.unwrap_or_default();
        report.waiting = inbox::count_pending(&db).await?;
        report.pruned = prune(async || inbox::prune(&db, old, PRUNED_AT_ONCE).await).await?;
    }
    report.pruned += prune(async || outbox::prune(&db, old, PRUNED_AT_ONCE).await).await?;
    Ok(report)
}

/// Removes `some` again and again, until there are no more or the time is over; says how many rows.
async fn prune(some: impl AsyncFn() -> Result<usize, sql::Error>) -> Result<usize, sql::Error> {
    let until = Instant::now() + PRUNING;
    let mut pruned = 0;
    loop {
        let count = some().await?;
        pruned += count;
        if count < PRUNED_AT_ONCE || Instant::now() >= until {
            return Ok(pruned);
        }
    }
}
