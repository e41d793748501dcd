//! An instance whose work is counted.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::instance::Failpoints;
use spindle_tests::{Client, Instance};
use tempfile::TempDir;

use crate::work::Work;

/// The time limit for the work of an operation.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The time between two looks at the trace.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// How often an operation runs: once to fill the caches, and then to be counted.
pub(crate) const RUNS: usize = 4;

/// An instance that nothing ticks, so that it works only for the operations of its test.
pub(crate) struct Fixture {
    pub(crate) instance: Instance,
    /// The length of the log when the last operation had ended.
    read: Cell<usize>,
    _state: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let variables = [("access_token_seconds", "86400")];
        let instance = Instance::with_failpoints(state.path(), &variables, Failpoints::Traced, |_| ());
        let fixture = Self { instance, read: Cell::new(0), _state: state };
        fixture.settle();
        fixture
    }

    /// Returns a client without a token.
    pub(crate) fn client(&self) -> Client {
        self.instance.client()
    }

    /// Runs `operation` [`RUNS`] times, and returns the work of one run until every component that it called has ended: of the run with the least,
    /// since components that meet at a lock or in the audit log cost a statement more.
    pub(crate) fn work(&self, mut operation: impl FnMut()) -> Work {
        let mut run = || {
            operation();
            self.settle()
        };
        run();
        (1..RUNS).map(|_| run()).min_by_key(Work::counts).expect("an operation runs more than once")
    }

    /// Waits until every component has ended, and returns the work since the last time.
    pub(crate) fn settle(&self) -> Work {
        let begin = Instant::now();
        loop {
            let log = self.instance.log();
            let work = Work::read(log.get(self.read.get()..).unwrap_or_default());
            if work.is_complete() {
                self.read.set(log.len());
                return work;
            }
            assert!(begin.elapsed() < TIMEOUT, "it does not end: {work:?}");
            thread::sleep(POLL_INTERVAL);
        }
    }
}
