//! Running work that blocks a thread on tokio's workers, and waiting for a lock without blocking one.
//!
//! Measured on two cores, where a pooled SELECT by id takes 7 µs with everything around it: inline adds nothing,
//! `block_in_place` 7 µs, `spawn_blocking` 19 µs; waiting for the disk takes 50 to 700 µs. So reads run inline, and work that may wait
//! for the disk runs in `block_in_place`, which lets another thread take over the worker's queue.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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

/// The queue of the writers of one database, in the order of their arrival.
///
/// SQLite has no such queue: a writer that meets a lock sleeps, tries again, and may find that a later one was faster. Here each writer asks
/// SQLite for the lock when its turn has come, and so finds it free. The queue decides the order and nothing else; the lock that counts is SQLite's,
/// and a statement may run without a turn.
#[derive(Debug)]
pub(crate) struct WriteQueue(Arc<Semaphore>);

/// The turn of a writer. Dropping it, also together with a task that is cancelled, starts the turn of the next one.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

impl Default for WriteQueue {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl WriteQueue {
    /// Returns a turn if no other writer has one.
    pub(crate) fn try_turn(&self) -> Option<Turn> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Turn)
    }
}

/// The wait of a statement for locks, over several tries.
#[derive(Debug)]
pub(crate) struct Wait {
    timeout: Duration,
    since: Option<Instant>,
    tries: usize,
}

impl Wait {
    /// rusqlite's default, which Spin uses.
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_millis(5000);

    /// SQLite's own intervals.
    const INTERVALS_MS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, since: None, tries: 0 }
    }

    /// Waits for a turn to write. Returns `None` if the time is up.
    pub(crate) async fn turn(&mut self, queue: &WriteQueue) -> Option<Turn> {
        if let Some(turn) = queue.try_turn() {
            return Some(turn);
        }
        let turn = tokio::time::timeout(self.left()?, Arc::clone(&queue.0).acquire_owned()).await;
        turn.ok()?.ok().map(Turn)
    }

    /// Waits until the next try for a lock that is held outside of the queue, by another process for example: its release cannot be observed. Returns
    /// false if the time is up and the lock was not obtained.
    pub(crate) async fn again(&mut self) -> bool {
        let Some(left) = self.left() else { return false };
        let interval = Self::INTERVALS_MS[self.tries.min(Self::INTERVALS_MS.len() - 1)];
        self.tries += 1;
        tokio::time::sleep(left.min(Duration::from_millis(interval))).await;
        true
    }

    /// Returns the time since it first waited; `None` if it never did.
    pub(crate) fn waited(&self) -> Option<Duration> {
        self.since.map(|since| since.elapsed())
    }

    /// Returns the time that is left, counted from the first call. `None` if the time is up.
    fn left(&mut self) -> Option<Duration> {
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        self.timeout.checked_sub(waited).filter(|left| !left.is_zero())
    }
}
