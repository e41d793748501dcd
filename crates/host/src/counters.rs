//! Counters of a host's work, as cheap atomics: for tests that assert on work done, and for benches.

use std::sync::atomic::{AtomicU64, Ordering};

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
        }
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
}
