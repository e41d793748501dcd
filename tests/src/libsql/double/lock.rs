//! The write lock of a database, with the rule of the server: a writer may hold it as long as no other wants it, and after five seconds another
//! takes it away.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::connection::Core;

/// The time for which a writer waits that none of the connections here is (another process). The real server waits for 100 ms, in which on a busy
/// machine a connection here may not come to say that it has the lock.
const UNKNOWN_WRITER: Duration = Duration::from_secs(1);

/// The longest sleep of the first writer that waits: SQLite does not report that it has released the lock of a statement.
const POLL: Duration = Duration::from_millis(2);

/// The lock. SQLite has the lock itself; this knows which connection holds it, and since when.
#[derive(Debug)]
pub(super) struct WriteLock {
    timeout: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    holder: Option<Holder>,
    /// The connections that wait, in the order in which they came: each waits for those before it.
    queue: VecDeque<u64>,
}

#[derive(Clone, Debug)]
struct Holder {
    connection: u64,
    since: Instant,
    core: Weak<Mutex<Core>>,
}

impl WriteLock {
    /// Returns a lock that is taken from a writer after `timeout`.
    pub(super) fn new(timeout: Duration) -> Self {
        Self { timeout, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Notes whether `connection` holds the lock after a statement.
    pub(super) fn note(&self, connection: u64, core: &Weak<Mutex<Core>>, holds: bool) {
        let mut state = self.state();
        let waiting = state.queue.len();
        state.queue.retain(|other| *other != connection);
        let held = state.holder.as_ref().is_some_and(|holder| holder.connection == connection);
        if holds && !held {
            state.holder = Some(Holder { connection, since: Instant::now(), core: core.clone() });
        } else if !holds && held {
            state.holder = None;
        }
        if state.queue.len() < waiting || (held && !holds) {
            self.changed.notify_all();
        }
    }

    /// Waits until the lock may be free for `connection`. After the time of a writer its transaction is rolled back. Returns false if the statement must
    /// fail: since `unknown_since` the lock is held by a writer that this does not know of.
    pub(super) fn wait(&self, connection: u64, unknown_since: &mut Instant) -> bool {
        let mut state = self.state();
        if !state.queue.contains(&connection) {
            state.queue.push_back(connection);
        }
        while state.queue.front() != Some(&connection) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            *unknown_since = Instant::now();
        }
        let Some(current) = state.holder.clone() else {
            drop(self.changed.wait_timeout(state, POLL));
            return unknown_since.elapsed() < UNKNOWN_WRITER;
        };
        *unknown_since = Instant::now();
        if current.since.elapsed() < self.timeout {
            drop(self.changed.wait_timeout(state, POLL));
            return true;
        }
        // Without the guard: the connection notes the end of its transaction itself.
        drop(state);
        match current.core.upgrade() {
            Some(core) => core.lock().unwrap_or_else(PoisonError::into_inner).force_rollback(),
            None => self.note(current.connection, &current.core, false),
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
