//! Circuit breakers before providers: of a channel of notifications, of payments, of prices. The rule is pure; the functions below keep its state
//! in the table `breakers` of the service that calls the provider.
//!
//! A breaker is closed until its provider has failed a number of times in a row. Then it is open: the provider is not called for a while. After
//! that the breaker is half-open: one caller makes a probe call, and the others wait for its result, which closes the breaker or opens it for
//! another while.
//!
//! The table is in `breaker/schema.sql`, a migration of the services that call providers (`migrations/<service>/shared.txt`). A provider that
//! succeeds has no row, so a caller can look for one in a statement that it executes anyway.

mod store;

pub use store::{claim_probe, get, release_probe};

use crate::config;
use crate::context::Context;
use crate::error::Retryable;
use crate::log::Level;
use crate::sql::{self, Connection, FromRow, Row, Transaction};
use spindle_contracts::{Problem, Timestamp};
use std::time::Duration;

/// The reason why the state of a breaker could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A variable is missing or invalid.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

/// The variables with the policy of a breaker.
#[derive(Clone, Copy, Debug)]
pub struct PolicyVariables {
    /// The number of failures in a row after which the breaker opens.
    pub failures: &'static str,
    /// The number of seconds for which it stays open.
    pub seconds: &'static str,
}

/// The policy of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// The number of failures in a row after which the breaker opens.
    pub failures: u32,
    /// The time for which it stays open.
    pub pause: Duration,
}

/// The state of a breaker. The default is the closed breaker of a provider whose last call succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// The number of failures in a row.
    pub failures: u32,
    /// The end of the time in which the provider is not called; `None` while the breaker is closed.
    pub open_until: Option<Timestamp>,
    /// The end of the lease of the probe call.
    pub probing_until: Option<Timestamp>,
}

/// The breaker's answer to a caller of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// The breaker is closed: call the provider.
    Call,
    /// The breaker is open: do not call before this time.
    WaitUntil(Timestamp),
    /// The breaker is half-open: make the probe call, unless another caller has begun it.
    Probe,
    /// Another caller makes the probe call.
    ProbeInProgress,
}

/// The columns of the breaker of the channel ?1, for a statement that reads a [`Gate`].
pub const BREAKER_COLUMNS: &str = "(SELECT failures FROM breakers WHERE channel = ?1) AS failures, \
     (SELECT open_until FROM breakers WHERE channel = ?1) AS open_until, (SELECT probing_until FROM breakers WHERE channel = ?1) AS probing_until";

/// The state that decides whether a provider may be called: its breaker, and the number of its calls in progress. Read from a row with
/// [`BREAKER_COLUMNS`], `in_progress` and `now`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The number of calls in progress.
    pub in_progress: u32,
    /// The breaker.
    pub breaker: Breaker,
    /// The time of the database at which it was read. Pauses and probe calls go by this clock, which all replicas share.
    pub now: Timestamp,
}

/// The time from which on a call may begin, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The time.
    pub until: Timestamp,
    /// The reason, for the log.
    pub why: String,
}

/// The wait for the end of another call.
const WAIT: Duration = Duration::from_secs(1);

impl Gate {
    /// Returns until when no call of the provider for `channel` may begin, of which `max_calls` may be in progress; `None` if one may.
    #[must_use]
    pub fn wait(&self, channel: &str, max_calls: u32) -> Option<Wait> {
        let now = self.now;
        match self.breaker.permit(now) {
            Permit::WaitUntil(until) => Some(Wait { until, why: is_open(channel) }),
            Permit::ProbeInProgress => Some(Wait { until: now.plus(WAIT), why: is_open(channel) }),
            Permit::Call | Permit::Probe if self.in_progress >= max_calls => {
                let why = format!("{} calls of the provider for {channel} are in progress", self.in_progress);
                Some(Wait { until: now.plus(WAIT), why })
            }
            Permit::Call | Permit::Probe => None,
        }
    }

    /// Returns whether the next call is a probe call.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.breaker.permit(self.now) == Permit::Probe
    }
}

impl FromRow for Gate {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let breaker = Breaker {
            failures: row.get::<Option<u32>>("failures")?.unwrap_or_default(),
            open_until: row.get("open_until")?,
            probing_until: row.get("probing_until")?,
        };
        Ok(Self { in_progress: row.get("in_progress")?, breaker, now: row.get("now")? })
    }
}

impl BreakerPolicy {
    /// Reads the policy.
    ///
    /// # Errors
    ///
    /// If a variable is missing or no whole number.
    pub fn of(context: &Context, variables: PolicyVariables) -> Result<Self, config::Error> {
        let config = context.config();
        let pause = Duration::from_secs(config.parse(variables.seconds, "a whole number of seconds")?);
        Ok(Self { failures: config.parse(variables.failures, "a whole number")?, pause })
    }
}

impl Breaker {
    /// Returns whether the provider may be called at `now`.
    pub fn permit(&self, now: Timestamp) -> Permit {
        match (self.open_until, self.probing_until) {
            (None, _) => Permit::Call,
            (Some(until), _) if now < until => Permit::WaitUntil(until),
            (_, Some(until)) if now < until => Permit::ProbeInProgress,
            _ => Permit::Probe,
        }
    }

    /// Returns the state after the provider has failed at `now`.
    pub fn after_failure(self, now: Timestamp, policy: BreakerPolicy) -> Self {
        let failures = self.failures.saturating_add(1);
        let opens = self.open_until.is_some() || failures >= policy.failures;
        Self { failures, open_until: opens.then(|| now.plus(policy.pause)), probing_until: None }
    }
}

/// Counts a failure of the provider for `channel`, and opens its breaker after too many in a row. The log says so once. In a transaction, because
/// the breaker is read before it is written: of two failures at the same time neither is lost.
///
/// # Errors
///
/// The errors of the database, and variables that are missing.
pub async fn count_failure(
    context: &Context,
    transaction: &Transaction<'_>,
    channel: &str,
    variables: PolicyVariables,
) -> Result<(), Error> {
    let policy = BreakerPolicy::of(context, variables)?;
    let before = get(transaction, channel).await?;
    let after = before.after_failure(context.now(), policy);
    store::set(transaction, channel, after.failures, after.open_until.map(|_| policy.pause)).await?;
    if before.open_until.is_none() && after.open_until.is_some() {
        log(context, Level::Warn, "circuit breaker opened: the provider failed too often", channel);
    }
    Ok(())
}

/// Records that the provider for `channel` succeeded, whose breaker was `before` its call: closes the breaker, and sets its failures to zero.
///
/// # Errors
///
/// The errors of the database.
pub async fn record_success(
    context: &Context,
    db: &Connection,
    channel: &str,
    before: Breaker,
) -> Result<(), sql::Error> {
    if before == Breaker::default() {
        return Ok(());
    }
    store::reset(db, channel).await?;
    if before.open_until.is_some() {
        log(context, Level::Info, "circuit breaker closed: the provider succeeds again", channel);
    }
    Ok(())
}

/// Returns the sentence for the log that the provider for `channel` is not called.
#[must_use]
pub fn is_open(channel: &str) -> String {
    format!("the circuit breaker of the provider for {channel} is open")
}

fn log(context: &Context, level: Level, message: &str, channel: &str) {
    context.log(level, message, &[("channel", channel.into())]);
}

impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Config(error) => error.is_retryable(),
            Self::Sql(error) => error.is_retryable(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Config(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, BreakerPolicy, Gate, Permit};
    use spindle_contracts::Timestamp;
    use std::time::Duration;

    const POLICY: BreakerPolicy = BreakerPolicy { failures: 3, pause: Duration::from_secs(30) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn after_failures(times: i64) -> Breaker {
        (0..times).fold(Breaker::default(), |breaker, second| breaker.after_failure(at(second), POLICY))
    }

    #[test]
    fn it_opens_after_the_configured_number_of_failures_in_a_row() {
        for times in 0..3 {
            assert_eq!(after_failures(times).permit(at(times)), Permit::Call);
        }
        let open = after_failures(3);
        assert_eq!(open.permit(at(2)), Permit::WaitUntil(at(32)));
        assert_eq!(open.permit(Timestamp::from_millis(31_999)), Permit::WaitUntil(at(32)));
    }

    #[test]
    fn one_caller_probes_and_the_others_wait() {
        let open = after_failures(3);
        assert_eq!(open.permit(at(32)), Permit::Probe);
        let probed = Breaker { probing_until: Some(at(52)), ..open };
        assert_eq!(probed.permit(at(33)), Permit::ProbeInProgress);
        // The lease of the probe has ended.
        assert_eq!(probed.permit(at(52)), Permit::Probe);
    }

    #[test]
    fn a_call_waits_for_an_open_breaker_and_for_the_end_of_other_calls() {
        let gate = |breaker, in_progress| Gate { in_progress, breaker, now: at(0) };
        let wait = |gate: Gate, second| Gate { now: at(second), ..gate }.wait("x", 2).map(|wait| wait.until);
        let is_probe = |breaker, second| Gate { in_progress: 0, breaker, now: at(second) }.is_probe();
        let open = after_failures(3);
        let probed = Breaker { probing_until: Some(at(52)), ..open };
        assert_eq!((wait(gate(Breaker::default(), 1), 0), wait(gate(Breaker::default(), 2), 0)), (None, Some(at(1))));
        assert_eq!(
            (wait(gate(open, 0), 2), wait(gate(open, 0), 32), wait(gate(open, 2), 32)),
            (Some(at(32)), None, Some(at(33)))
        );
        assert_eq!(wait(gate(probed, 1), 40), Some(at(41)));
        assert!(is_probe(open, 32) && !is_probe(open, 2) && !is_probe(probed, 40));
    }

    #[test]
    fn a_failed_probe_keeps_it_open() {
        let probed = Breaker { probing_until: Some(at(52)), ..after_failures(3) };
        let open = probed.after_failure(at(40), POLICY);
        assert_eq!((open.permit(at(40)), open.permit(at(70))), (Permit::WaitUntil(at(70)), Permit::Probe));
    }
}
