//! The rule by which failed log-ins lock an account. Pure: the time comes from the caller.

use spindle_contracts::Timestamp;

/// The number of failures that lock an account.
const LIMIT: usize = 5;

/// The time within which they have to happen, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;

/// The duration of the lock from the last of them on, in milliseconds.
const LOCK: i64 = 15 * 60 * 1000;

/// The latest failures of one account, oldest first, at most as many as lock it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failures(Vec<Timestamp>);

impl Failures {
    /// Returns the time until which the account is locked, or `None` if it is not locked at `now`.
    pub(crate) fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        let locks = self.0.len() == LIMIT && last.as_millis() - first.as_millis() < WINDOW;
        let until = Timestamp::from_millis(last.as_millis() + LOCK);
        (locks && now < until).then_some(until)
    }

    /// Returns these failures and one more at `now`.
    #[must_use]
    pub(crate) fn with_failure_at(mut self, now: Timestamp) -> Self {
        if self.0.len() == LIMIT {
            self.0.remove(0);
        }
        self.0.push(now);
        self
    }

    /// Returns true if there are no failures.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the time up to which failures no longer count at `now`.
    pub(crate) fn cutoff(now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis() - WINDOW.max(LOCK))
    }

    /// Returns the times in milliseconds, as they are stored.
    pub(crate) fn as_millis(&self) -> Vec<i64> {
        self.0.iter().map(|at| at.as_millis()).collect()
    }

    /// Builds the failures at these times.
    pub(crate) fn from_millis(times: Vec<i64>) -> Self {
        Self(times.into_iter().map(Timestamp::from_millis).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;
    use spindle_contracts::Timestamp;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + minute * 60_000)
    }

    fn failures(minutes: &[i64]) -> Failures {
        minutes.iter().fold(Failures::default(), |failures, at| failures.with_failure_at(minute(*at)))
    }

    #[test]
    fn five_failures_within_fifteen_minutes_lock_for_fifteen() {
        let five = failures(&[0, 1, 2, 3, 14]);
        assert_eq!(five.locked_until(minute(14)), Some(minute(29)));
        assert_eq!(five.locked_until(minute(28)), Some(minute(29)));
        assert_eq!(five.locked_until(minute(29)), None);
    }

    #[test]
    fn four_failures_or_five_over_a_longer_time_do_not_lock() {
        assert_eq!(failures(&[]).locked_until(minute(0)), None);
        assert_eq!(failures(&[0, 0, 0, 0]).locked_until(minute(0)), None);
        assert_eq!(failures(&[0, 1, 2, 3, 15]).locked_until(minute(15)), None);
    }

    #[test]
    fn the_window_moves_with_the_failures() {
        let six = failures(&[0, 13, 13, 14, 14, 15]);
        assert_eq!(six.locked_until(minute(15)), Some(minute(30)));
    }

    #[test]
    fn the_count_starts_again_after_the_lock() {
        let locked = failures(&[0, 0, 0, 0, 0]);
        assert_eq!(locked.clone().with_failure_at(minute(15)).locked_until(minute(15)), None);
        let again = failures(&[0, 0, 0, 0, 0, 15, 15, 15, 15]);
        assert_eq!(again.locked_until(minute(15)), None);
        assert!(again.with_failure_at(minute(15)).locked_until(minute(15)).is_some());
    }
}
