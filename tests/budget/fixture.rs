//! An instance whose work is counted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::instance::Failpoints;
use spindle_tests::libsql::Servers;
use spindle_tests::{Client, Instance};
use tempfile::TempDir;
use xtask::store::LibsqlServer;

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
    round_trips: Option<RoundTrips>,
    _state: TempDir,
}

/// The servers of an instance whose databases are on libSQL.
struct RoundTrips {
    servers: Arc<Servers>,
    /// The statements that the servers have executed, as the trace has them. `None` until the instance has migrated its databases, which begins with
    /// statements that the client refuses.
    executed: RefCell<Option<BTreeMap<String, u64>>>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().expect("a temp folder"), None)
    }

    /// Does the same with databases on doubles of libSQL's server, of which each counts its requests: [`settle`](Self::settle) compares them with
    /// the statements in the trace.
    pub(crate) fn on_libsql() -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let servers = Servers::start(&LibsqlServer::Double, state.path());
        Self::in_folder(state, Some(RoundTrips { servers, executed: RefCell::default() }))
    }

    fn in_folder(state: TempDir, round_trips: Option<RoundTrips>) -> Self {
        let variables = [("access_token_seconds", "86400")];
        let instance = Instance::with_failpoints(state.path(), &variables, Failpoints::Traced, |_| ());
        let fixture = Self { instance, read: Cell::new(0), round_trips, _state: state };
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
                if let Some(round_trips) = &self.round_trips {
                    round_trips.check(&work);
                }
                return work;
            }
            assert!(begin.elapsed() < TIMEOUT, "it does not end: {work:?}");
            thread::sleep(POLL_INTERVAL);
        }
    }
}

impl RoundTrips {
    /// Checks that the servers have had one request for each statement of `work`, and one for each connection, which closed it.
    fn check(&self, work: &Work) {
        let begin = Instant::now();
        // Nothing waits for the response to a close.
        let counters = loop {
            let counters = self.servers.counters();
            if counters.values().all(|counters| counters.requests == counters.statements + counters.streams) {
                break counters;
            }
            assert!(begin.elapsed() < TIMEOUT, "requests that are neither a statement nor a close: {counters:?}");
            thread::sleep(POLL_INTERVAL);
        };
        let found: BTreeMap<_, _> =
            counters.into_iter().map(|(label, counters)| (label, counters.statements)).collect();
        let mut executed = self.executed.borrow_mut();
        if let Some(mut expected) = executed.take() {
            work.statements().for_each(|component| *expected.entry(component.to_owned()).or_default() += 1);
            assert_eq!(found, expected, "statements at the servers, and in the trace");
        }
        *executed = Some(found);
    }
}
