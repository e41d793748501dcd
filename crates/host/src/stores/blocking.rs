//! How work that blocks a thread runs on tokio's workers, and how a task waits for a lock that somebody else holds.
//!
//! Measured on two cores, where a pooled SELECT by id takes 7 µs with everything around it: inline adds nothing,
//! `block_in_place` 7 µs, `spawn_blocking` 19 µs; waiting for the disk takes 50 to 700 µs. So what only reads runs inline, and what
//! may wait for the disk runs in `block_in_place`, which lets another thread take over the worker's queue.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;

/// Runs `work` where it is; if it `may_block`, the other tasks of this worker move to another thread meanwhile.
///
/// On a runtime with a single thread there is no other thread, and it just runs.
pub(crate) fn run<R>(may_block: bool, work: impl FnOnce() -> R) -> R {
    let hand_over =
        may_block && Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if hand_over { tokio::task::block_in_place(work) } else { work() }
}

thread_local! {
    static MUST_WAIT: Cell<bool> = const { Cell::new(false) };
}

/// Makes a connection fail at once where SQLite would wait for a lock. (It does not wait if that could never end: a read
/// transaction that wants to write, behind another writer.)
pub(crate) fn install(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(|_| {
        MUST_WAIT.set(true);
        false
    }))
}

/// Forgets earlier locks that this thread met.
pub(crate) fn begin() {
    MUST_WAIT.set(false);
}

/// Whether SQLite would have waited for a lock since [`begin`], which on this thread was the same statement's.
pub(crate) fn must_wait() -> bool {
    MUST_WAIT.get()
}

/// Whether a lock is why it failed.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Those who wait for the lock of one database file.
///
/// The lock may be held by a task of this process, which then calls [`Queue::wake`], or by another process, which cannot; so a
/// waiting task also tries again by itself, at SQLite's own intervals. SQLite itself would sleep in place, and with it a
/// worker and every request on it.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    released: Notify,
    waiting: AtomicUsize,
}

impl Queue {
    /// Says that a lock was released.
    pub(crate) fn wake(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.released.notify_one();
        }
    }
}

/// One task's wait for a lock, over several tries.
#[derive(Debug)]
pub(crate) struct Wait {
    timeout: Duration,
    since: Option<Instant>,
    tries: usize,
}

impl Wait {
    /// Spin leaves it at rusqlite's default.
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_millis(5000);

    const INTERVALS_MS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, since: None, tries: 0 }
    }

    /// Waits until it is worth to try again; false if the time is up and the lock must count as not obtained.
    pub(crate) async fn again(&mut self, queue: &Queue) -> bool {
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        let Some(left) = self.timeout.checked_sub(waited).filter(|left| !left.is_zero()) else {
            return false;
        };
        let interval = Self::INTERVALS_MS[self.tries.min(Self::INTERVALS_MS.len() - 1)];
        self.tries += 1;
        let _registered = Registered::new(&queue.waiting);
        // Either way the next step is the same: try.
        let _ = tokio::time::timeout(left.min(Duration::from_millis(interval)), queue.released.notified()).await;
        true
    }
}

/// Counts a waiting task for as long as it waits, also if it is dropped meanwhile.
struct Registered<'a>(&'a AtomicUsize);

impl<'a> Registered<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
