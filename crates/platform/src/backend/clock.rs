//! The time of a request, as far as it is known without asking the host again.

use std::cell::Cell;
use std::time::Duration;

/// The time since the Unix epoch, read from the host once and valid until the next call of the host that may wait: between two such calls a
/// request only computes, and no one can observe that time has passed.
///
/// The statements of a transaction do not end its time. They wait for no lock and no disk, because the transaction has the write lock from its
/// start, so all rows of one transaction have one time, as in PostgreSQL. Its `BEGIN` and its `COMMIT` wait for both.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    now: Cell<Option<Duration>>,
}

impl Clock {
    /// Returns the time of the request, which `read` reads if it is not known.
    pub(crate) fn now(&self, read: impl FnOnce() -> Duration) -> Duration {
        let now = self.now.get().unwrap_or_else(read);
        self.now.set(Some(now));
        now
    }

    /// Ends the validity of the time: the host may have waited.
    pub(crate) fn waited(&self) {
        self.now.set(None);
    }
}

/// Whether a database connection has an open transaction, by the statements that were run on it.
#[derive(Debug, Default)]
pub(crate) struct TransactionState {
    is_open: Cell<bool>,
}

impl TransactionState {
    /// Records that `statement` was run, whether it `succeeded`, and returns whether it may have waited for a lock or for the disk.
    pub(crate) fn ran(&self, statement: &str, succeeded: bool) -> bool {
        let keyword = statement.split_ascii_whitespace().next().unwrap_or_default();
        match keyword {
            "BEGIN" => self.is_open.set(succeeded),
            "COMMIT" | "ROLLBACK" => self.is_open.set(false),
            _ => return !self.is_open.get(),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, TransactionState};
    use std::cell::Cell;
    use std::time::Duration;

    /// A clock of the host that advances by a second with each reading.
    fn host_clock() -> impl Fn() -> Duration {
        let readings = Cell::new(0);
        move || {
            readings.set(readings.get() + 1);
            Duration::from_secs(readings.get())
        }
    }

    #[test]
    fn the_time_is_read_again_only_after_the_host_may_have_waited() {
        let (clock, host) = (Clock::default(), host_clock());
        let mut seconds = Vec::new();
        for waits in [false, false, true, false] {
            seconds.push(clock.now(&host).as_secs());
            if waits {
                clock.waited();
            }
        }
        assert_eq!(seconds, [1, 1, 1, 2]);
    }

    #[test]
    fn the_statements_of_a_transaction_have_one_time() {
        let state = TransactionState::default();
        let statements = [
            ("SELECT 1", true),
            ("BEGIN IMMEDIATE", true),
            ("UPDATE t SET x = 1", false),
            ("\n    SELECT 2", false),
            ("COMMIT", true),
            ("SELECT 3", true),
            ("BEGIN IMMEDIATE", true),
            ("ROLLBACK", true),
            ("SELECT 4", true),
        ];
        for (statement, expected) in statements {
            assert_eq!(state.ran(statement, true), expected, "{statement}");
        }
        assert!(state.ran("BEGIN IMMEDIATE", false) && state.ran("SELECT 5", true), "no transaction without the lock");
    }
}
