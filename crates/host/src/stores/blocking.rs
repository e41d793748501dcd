//! Running work that blocks a thread on tokio's workers, and waiting for a lock without blocking one.
//!
//! Measured on two cores, where a pooled SELECT by id takes 7 µs with everything around it: inline adds nothing,
//! `block_in_place` 7 µs, `spawn_blocking` 19 µs; waiting for the disk takes 50 to 700 µs. So reads run inline, and work that may wait
//! for the disk runs in `block_in_place`, which lets another thread take over the worker's queue.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;

/// Runs `work` in place; if it `may_block`, the other tasks of this worker move to another thread meanwhile.
///
/// On a runtime with a single thread there is no other thread, and the work just runs.
pub(crate) fn run<R>(may_block: bool, work: impl FnOnce() -> R) -> R {
    let hand_over =
        may_block && Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if hand_over { tokio::task::block_in_place(work) } else { work() }
}

thread_local! {
    static MUST_WAIT: Cell<bool> = const { Cell::new(false) };
}

/// Makes a connection fail at once where SQLite would wait for a lock. (SQLite does not wait if the wait could never end: a read
/// transaction that wants to write, behind another writer.)
pub(crate) fn install(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(|_| {
        MUST_WAIT.set(true);
        false
    }))
}

/// Clears the record of locks that this thread met.
pub(crate) fn begin() {
    MUST_WAIT.set(false);
}

/// Returns whether SQLite would have waited for a lock since [`begin`], which on this thread is the same statement.
pub(crate) fn must_wait() -> bool {
    MUST_WAIT.get()
}

/// Returns whether a lock caused the error.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// The tasks that wait for the lock of one database file.
///
/// A task of this process that holds the lock calls [`Queue::wake`] at its release; another process cannot. So a waiting task also
/// retries by itself, at SQLite's own intervals. SQLite itself would sleep in place, and block a worker and every request on it.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    released: Notify,
    waiting: AtomicUsize,
}

impl Queue {
    /// Reports that a lock was released.
    pub(crate) fn wake(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.released.notify_one();
        }
    }
}

/// The wait of a task for a lock, over several tries.
#[derive(Debug)]
pub(crate) struct Wait {
    timeout: Duration,
    since: Option<Instant>,
    tries: usize,
}

impl Wait {
    /// rusqlite's default, which Spin uses.
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_millis(5000);

    const INTERVALS_MS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, since: None, tries: 0 }
    }

    /// Waits until the next try; returns false if the time is up and the lock was not obtained.
    pub(crate) async fn again(&mut self, queue: &Queue) -> bool {
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        let Some(left) = self.timeout.checked_sub(waited).filter(|left| !left.is_zero()) else {
            return false;
        };
        let interval = Self::INTERVALS_MS[self.tries.min(Self::INTERVALS_MS.len() - 1)];
        self.tries += 1;
        let _registered = Registered::new(&queue.waiting);
        // Woken or timed out: in both cases the next step is a try.
        let _ = tokio::time::timeout(left.min(Duration::from_millis(interval)), queue.released.notified()).await;
        true
    }
}

/// Counts a waiting task while it waits, also if it is dropped meanwhile.
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
