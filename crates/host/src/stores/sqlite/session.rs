//! A session: a connection from the guest's point of view.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::TransactionState;

use super::connection::{Attempt, Connection};
use super::database::Database;
use super::hooks;
use super::pragma::{self, Pragma, Settings, skip_blank, word};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};
use crate::stores::blocking::{self, Turn, Wait};

/// A guest's connection to a database. As in Spin the database is only touched by the first statement, and dropping it rolls back.
#[derive(Debug)]
pub(crate) struct Session {
    database: Arc<Database>,
    /// The connection, from the first statement on that SQLite has to run.
    connection: Option<Connection>,
    /// The settings that the guest chose before that.
    settings: Settings,
    busy_timeout: Duration,
    /// Its turn among the writers, from before it asks for the write lock until it has released it. Behind the connection, whose rollback comes first.
    turn: Option<Turn>,
}

impl Session {
    /// Creates a session without a connection.
    pub(crate) fn new(database: &Arc<Database>) -> Self {
        Self {
            database: Arc::clone(database),
            connection: None,
            settings: Settings::default(),
            busy_timeout: Wait::DEFAULT_TIMEOUT,
            turn: None,
        }
    }

    /// Runs the first statement of `sql`, waiting for locks as long as the session's busy timeout.
    ///
    /// # Errors
    /// The content of Spin's error `io`: SQLite's message, or that the result is larger than 128 MiB.
    pub(crate) async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<QueryResult, String> {
        if parameters.is_empty()
            && let Some(pragma) = Pragma::parse(sql)
            && let Some(answer) = self.answer(pragma)
        {
            return Ok(answer);
        }
        let may_block = self.may_block(sql);
        let mut wait = Wait::new(self.busy_timeout);
        if self.turn.is_none() {
            let writes = starts_write(sql);
            if may_block || writes {
                // Earlier output of the guest, its response perhaps, should not wait for the disk as well. Later, others would wait for this guest.
                tokio::task::yield_now().await;
            }
            if writes {
                self.turn = self.first_turn(&mut wait).await;
            }
        }
        loop {
            let attempt = blocking::run(may_block, || self.attempt(sql, parameters));
            if attempt.must_wait {
                self.database.waits.add_lock_met();
            }
            if !(attempt.must_wait && self.may_retry(&mut wait).await) {
                if let Some(waited) = wait.waited() {
                    self.database.waits.add(waited);
                }
                if self.transaction_state() != TransactionState::Write {
                    self.turn = None;
                }
                return attempt.result;
            }
        }
    }

    /// Returns the turn for a statement that writes. `None` lets SQLite decide without one: it was not obtained in time, or SQLite would not wait.
    async fn first_turn(&mut self, wait: &mut Wait) -> Option<Turn> {
        match self.transaction_state() {
            TransactionState::None => wait.turn(&self.database.queue).await,
            // A writer would never get the lock from the one that waits to overwrite this one's snapshot.
            _ => self.database.queue.try_turn(),
        }
    }

    /// Waits after an attempt that met a lock. Returns false if the time is up.
    async fn may_retry(&mut self, wait: &mut Wait) -> bool {
        if self.turn.is_some() {
            return wait.again().await;
        }
        self.turn = wait.turn(&self.database.queue).await;
        self.turn.is_some()
    }

    /// Returns whether other writers wait until this session's transaction ends.
    pub(crate) fn is_writing(&self) -> bool {
        self.turn.is_some()
    }

    fn attempt(&mut self, sql: &str, parameters: &[Value]) -> Attempt {
        let deadline = Instant::now().checked_add(self.database.statement_limit());
        hooks::begin(deadline);
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => match self.database.acquire(self.settings) {
                Ok(connection) => none.insert(connection),
                Err(error) => return Attempt::failed(&error),
            },
        };
        let attempt = connection.run(sql, parameters, deadline);
        if !attempt.stale_counters {
            return attempt;
        }
        match self.database.open(connection.settings()) {
            Ok(new) => {
                let old = std::mem::replace(connection, new);
                self.database.release(old);
                connection.run(sql, parameters, deadline)
            }
            Err(error) => Attempt::failed(&error),
        }
    }

    /// Answers a PRAGMA that sets the session up, without SQLite where the guest cannot see a difference.
    fn answer(&mut self, pragma: Pragma) -> Option<QueryResult> {
        match pragma {
            Pragma::BusyTimeout => {}
            Pragma::SetBusyTimeout(timeout) => self.busy_timeout = timeout,
            Pragma::Set(setting) => {
                let settings = self.connection.as_ref().map_or(self.settings, Connection::settings).with(setting);
                match &mut self.connection {
                    None => self.settings = settings,
                    // In a transaction it would fail or do nothing, which only SQLite can decide.
                    Some(connection) if connection.in_transaction() => return None,
                    Some(connection) => connection.apply(settings).ok()?,
                }
                return Some(pragma::no_rows());
            }
        }
        Some(pragma::busy_timeout(self.busy_timeout))
    }

    /// Guesses whether a statement ends a write transaction, its own or the open one.
    pub(crate) fn commits(&self, sql: &str) -> bool {
        let (keyword, _) = word(skip_blank(sql));
        let is_one_of = |keywords: &[&str]| keywords.iter().any(|known| keyword.eq_ignore_ascii_case(known));
        if self.in_transaction() {
            is_one_of(&["commit", "end", "release"])
        } else {
            !is_one_of(&["select", "begin", "savepoint", "explain", "values", "with", "pragma"])
        }
    }

    /// Guesses whether a statement waits for the disk. A wrong guess costs time only.
    fn may_block(&self, sql: &str) -> bool {
        let (keyword, rest) = word(skip_blank(sql));
        if !keyword.eq_ignore_ascii_case("pragma") {
            return self.commits(sql);
        }
        if pragma::wants_the_file_alone(rest) {
            self.database.close_idle();
        }
        !self.in_transaction()
    }

    fn transaction_state(&self) -> TransactionState {
        self.connection.as_ref().map_or(TransactionState::None, Connection::transaction_state)
    }

    fn in_transaction(&self) -> bool {
        self.connection.as_ref().is_some_and(Connection::in_transaction)
    }
}

/// Returns whether a statement begins with what takes the write lock. A statement that takes it all the same gets its turn once it meets a lock.
pub(crate) fn starts_write(sql: &str) -> bool {
    const WRITES: [&str; 9] = ["insert", "update", "delete", "replace", "create", "drop", "alter", "reindex", "vacuum"];
    let (keyword, rest) = word(skip_blank(sql));
    if keyword.eq_ignore_ascii_case("begin") {
        let (kind, _) = word(skip_blank(rest));
        return ["immediate", "exclusive"].iter().any(|known| kind.eq_ignore_ascii_case(known));
    }
    WRITES.iter().any(|known| keyword.eq_ignore_ascii_case(known))
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.database.release(connection);
        }
    }
}
