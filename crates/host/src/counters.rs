//! Counters of a host's work, as cheap atomics: for tests that assert on work done, and for benches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Live counters of one host.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    chained: AtomicU64,
    messages: AtomicU64,
    failures: AtomicU64,
    timeouts: AtomicU64,
    instructions: AtomicU64,
}

impl Counters {
    pub(crate) fn add_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_chained(&self) {
        self.chained.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_timeout(&self) {
        self.timeouts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_instructions(&self, instructions: u64) {
        self.instructions.fetch_add(instructions, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Counts {
        Counts {
            requests: self.requests.load(Ordering::Relaxed),
            chained: self.chained.load(Ordering::Relaxed),
            messages: self.messages.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            timeouts: self.timeouts.load(Ordering::Relaxed),
            instructions: self.instructions.load(Ordering::Relaxed),
            ..Counts::default()
        }
    }
}

/// Live counters of one component.
#[derive(Debug, Default)]
pub(crate) struct ComponentCounters {
    /// Its live instances.
    pub(crate) instances: AtomicU64,
    /// Its calls of the host; counted only for a listener of metrics.
    pub(crate) calls: AtomicU64,
    /// Its SQL statements.
    pub(crate) statements: AtomicU64,
    /// Its statements that committed something.
    pub(crate) commits: AtomicU64,
    /// The instructions that its ended instances have executed; 0 unless the host counts them.
    pub(crate) instructions: AtomicU64,
}

/// An instance for as long as it lives.
#[derive(Debug)]
pub(crate) struct LiveInstance(Arc<ComponentCounters>);

impl LiveInstance {
    pub(crate) fn new(component: Arc<ComponentCounters>) -> Self {
        component.instances.fetch_add(1, Ordering::Relaxed);
        Self(component)
    }
}

impl Drop for LiveInstance {
    fn drop(&mut self) {
        self.0.instances.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Live counters of the waits for the locks of one database.
#[derive(Debug, Default)]
pub(crate) struct LockWaits {
    waits: AtomicU64,
    nanos: AtomicU64,
    locks_met: AtomicU64,
}

impl LockWaits {
    /// Adds a statement that waited.
    pub(crate) fn add(&self, waited: Duration) {
        self.waits.fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Adds an attempt that met a lock of SQLite.
    pub(crate) fn add_lock_met(&self) {
        self.locks_met.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of attempts that met a lock of SQLite.
    pub(crate) fn locks_met(&self) -> u64 {
        self.locks_met.load(Ordering::Relaxed)
    }

    /// Adds these to `counts`.
    pub(crate) fn add_to(&self, counts: &mut Counts) {
        counts.lock_waits += self.waits.load(Ordering::Relaxed);
        counts.lock_wait_time += Duration::from_nanos(self.nanos.load(Ordering::Relaxed));
        counts.locks_met += self.locks_met();
    }
}

/// The totals since the host started, as [`Host::counts`](crate::Host::counts) returns them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests from the network, with any result.
    pub requests: u64,
    /// Requests that one component made to another in process.
    pub chained: u64,
    /// Messages that components received.
    pub messages: u64,
    /// Guests that trapped, ran out of memory, ended without a response or returned an error.
    pub failures: u64,
    /// Guests that were stopped at their time limit.
    pub timeouts: u64,
    /// The instructions that ended guests have executed; 0 unless [`HostOptions::count_instructions`](crate::HostOptions) is set.
    pub instructions: u64,
    /// Statements that waited for the lock of a database: for their turn among the writers, or for a lock outside of that queue.
    pub lock_waits: u64,
    /// The time that these waited, together.
    pub lock_wait_time: Duration,
    /// Attempts that met a lock of SQLite, each of which is made again after a pause: held by another process, or taken without a turn.
    pub locks_met: u64,
}
