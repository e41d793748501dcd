//! One database with its idle connections.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::connection::{Connection, FileId};
use super::pragma::Settings;
use crate::counters::LockWaits;
use crate::stores::Location;
use crate::stores::blocking::WriteQueue;

/// The number of idle connections that stay open: more than run at once, unless they wait for a lock.
const MAX_IDLE: usize = 32;

/// A database that guests open sessions of.
#[derive(Debug)]
pub(crate) struct Database {
    location: Location,
    statement_limit: Duration,
    /// Its writers.
    pub(super) queue: WriteQueue,
    pub(crate) waits: LockWaits,
    /// Whether a statement ever read a connection's counters.
    reads_counters: AtomicBool,
    /// The connections that sessions have.
    in_use: AtomicU64,
    /// The idle connections, in the order of their last use.
    idle: Mutex<Vec<Connection>>,
}

impl Database {
    /// Creates a database that is opened at its first use. A statement may run for `statement_limit`.
    pub(crate) fn new(location: Location, statement_limit: Duration) -> Self {
        Self {
            location,
            statement_limit,
            queue: WriteQueue::default(),
            waits: LockWaits::default(),
            reads_counters: AtomicBool::new(false),
            in_use: AtomicU64::new(0),
            idle: Mutex::default(),
        }
    }

    pub(super) fn statement_limit(&self) -> Duration {
        self.statement_limit
    }

    /// Returns a connection with these settings: an idle one that has them, another idle one, or a new one.
    ///
    /// # Errors
    /// SQLite's error, if the database cannot be opened.
    pub(super) fn acquire(&self, settings: Settings) -> rusqlite::Result<Connection> {
        let Location::File(path) = &self.location else { return self.open(settings) };
        let file = FileId::of(path);
        let mut idle = self.idle();
        // Connections to a file that was replaced or removed since (a restored backup, say) are closed.
        idle.retain(|connection| connection.file() == file);
        // The last one was used last: its pages and statements are warm.
        let fitting = idle.iter().rposition(|connection| connection.settings() == settings);
        let connection = match fitting {
            Some(position) => Some(idle.remove(position)),
            None => idle.pop(),
        };
        drop(idle);
        match connection {
            Some(mut connection) => {
                connection.apply(settings)?;
                self.in_use.fetch_add(1, Ordering::Relaxed);
                Ok(connection)
            }
            None => self.open(settings),
        }
    }

    /// Opens a new connection.
    ///
    /// # Errors
    /// SQLite's error.
    pub(super) fn open(&self, settings: Settings) -> rusqlite::Result<Connection> {
        let mut connection = Connection::open(&self.location)?;
        connection.apply(settings)?;
        self.in_use.fetch_add(1, Ordering::Relaxed);
        Ok(connection)
    }

    /// Returns a connection to the pool at the end of a session, or closes it.
    pub(super) fn release(&self, mut connection: Connection) {
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        let read_counters = connection.reads_counters();
        if read_counters && !self.reads_counters.swap(true, Ordering::Relaxed) {
            self.idle().retain(|connection| !connection.has_counters());
        }
        let reusable = connection.reset()
            && matches!(self.location, Location::File(_))
            && !(connection.has_counters() && self.reads_counters.load(Ordering::Relaxed));
        if reusable {
            let mut idle = self.idle();
            if idle.len() < MAX_IDLE {
                idle.push(connection);
            }
        } else {
            drop(connection);
        }
    }

    /// Closes all idle connections: even those prevent a change of how the file is locked.
    pub(super) fn close_idle(&self) {
        self.idle().clear();
    }

    /// Returns the connections that are in use, and those that are idle.
    pub(crate) fn connections(&self) -> (u64, u64) {
        (self.in_use.load(Ordering::Relaxed), self.idle().len() as u64)
    }

    /// Returns the number of idle connections.
    #[cfg(test)]
    pub(super) fn idle_connections(&self) -> usize {
        self.idle().len()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        // No code panics while it holds this lock with a change half done.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
