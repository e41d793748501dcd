//! The connection of a stream to its database: it runs the statements of a request as the server does.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use rusqlite::{MAIN_DB, Statement, TransactionState};
use serde_json::{Value, json};

use super::lock::WriteLock;
use super::protocol::{Error, Step, Stmt, to_json};
use super::statement::Kind;

/// A connection. Its transaction is rolled back when it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    core: Arc<Mutex<Core>>,
}

/// The part that another connection uses to take the lock away.
#[derive(Debug)]
pub(super) struct Core {
    id: u64,
    database: rusqlite::Connection,
    lock: Arc<WriteLock>,
    own: Weak<Mutex<Self>>,
    /// Another writer has taken the lock away, and no statement has been refused for that yet.
    is_rolled_back: bool,
}

/// A statement that has been read.
#[derive(Debug)]
pub(super) struct Program<'a> {
    pub(super) kind: Kind,
    pub(super) step: &'a Step,
}

/// The course of a step. Without columns and without an end it was not executed.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) columns: Option<Vec<Value>>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) end: Option<Result<End, Error>>,
}

/// The end of a statement that has succeeded.
#[derive(Debug)]
pub(super) struct End {
    pub(super) affected_row_count: u64,
    pub(super) last_insert_rowid: Option<i64>,
}

/// A fault that a test has armed for a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatementFault {
    /// Another writer takes the lock away before the statement.
    StolenLock,
    /// SQLite is interrupted in the statement.
    Interrupted,
}

impl Connection {
    /// Opens the database `file`, as connection number `id`.
    ///
    /// # Errors
    ///
    /// If SQLite cannot open it.
    pub(super) fn open(id: u64, file: &Path, lock: Arc<WriteLock>) -> rusqlite::Result<Self> {
        let mut database = rusqlite::Connection::open(file)?;
        database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")?;
        let waits_for = lock.clone();
        let mut unknown_since = Instant::now();
        database.busy_handler(Some(move |count| {
            if count == 0 {
                unknown_since = Instant::now();
            }
            waits_for.wait(id, &mut unknown_since)
        }))?;
        let core =
            |own: &Weak<Mutex<Core>>| Mutex::new(Core { id, database, lock, own: own.clone(), is_rolled_back: false });
        Ok(Self { core: Arc::new_cyclic(core) })
    }

    /// Returns whether no transaction is open.
    pub(super) fn is_autocommit(&self) -> bool {
        self.core().database.is_autocommit()
    }

    /// Runs the steps of a request in their order.
    pub(super) fn run(
        &self,
        steps: &[Program<'_>],
        mut fault: impl FnMut(&str, bool) -> Option<StatementFault>,
    ) -> Vec<Outcome> {
        let (mut outcomes, mut succeeded) = (Vec::with_capacity(steps.len()), Vec::new());
        let mut has_timed_out = false;
        for program in steps {
            let mut core = self.core();
            let fault = fault(&program.step.stmt.sql, !core.database.is_autocommit());
            if fault == Some(StatementFault::StolenLock) {
                core.force_rollback();
            }
            // All statements of the request are refused, and the next request runs in autocommit.
            has_timed_out |= std::mem::take(&mut core.is_rolled_back);
            let outcome = if has_timed_out {
                Outcome { end: Some(Err(Error::transaction_timeout())), ..Outcome::default() }
            } else {
                core.step(program, &succeeded, fault == Some(StatementFault::Interrupted))
            };
            succeeded.push(matches!(outcome.end, Some(Ok(_))));
            outcomes.push(outcome);
        }
        outcomes
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let core = self.core();
        core.roll_back();
    }
}

impl Core {
    /// Rolls the transaction back for another writer.
    pub(super) fn force_rollback(&mut self) {
        if self.roll_back() {
            self.is_rolled_back = true;
        }
    }

    /// Rolls back. Returns false if there was no transaction.
    fn roll_back(&self) -> bool {
        let was_open = !self.database.is_autocommit();
        if was_open {
            self.database.execute_batch("ROLLBACK").expect("an open transaction can be rolled back");
        }
        self.note();
        was_open
    }

    fn note(&self) {
        let state = self.database.transaction_state(Some(MAIN_DB));
        self.lock.note(self.id, &self.own, matches!(state, Ok(TransactionState::Write)));
    }

    fn step(&self, program: &Program<'_>, succeeded: &[bool], is_interrupted: bool) -> Outcome {
        let mut outcome = Outcome::default();
        let is_autocommit = self.database.is_autocommit();
        let condition = program.step.condition.as_ref();
        if condition.is_some_and(|condition| condition.holds(succeeded, is_autocommit) != Some(true)) {
            return outcome;
        }
        let end = self.execute(program, is_interrupted, &mut outcome);
        self.note();
        outcome.end = Some(end);
        outcome
    }

    fn execute(&self, program: &Program<'_>, is_interrupted: bool, outcome: &mut Outcome) -> Result<End, Error> {
        let mut statement = self.database.prepare(&program.step.stmt.sql)?;
        let column = |column: rusqlite::Column<'_>| json!({"name": column.name(), "decltype": column.decl_type()});
        outcome.columns = Some(statement.columns().map(column).collect());
        if is_interrupted {
            // SQLite ends the transaction with a statement that writes.
            if !statement.readonly() {
                drop(statement);
                self.roll_back();
            }
            return Err(Error::interrupted());
        }
        bind(&mut statement, &program.step.stmt)?;
        let count = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let values = (0..count).map(|index| Ok(to_json(row.get_ref(index)?)));
            outcome.rows.push(values.collect::<rusqlite::Result<_>>()?);
        }
        drop(rows);
        Ok(End {
            affected_row_count: if program.kind == Kind::Other { 0 } else { self.database.changes() },
            last_insert_rowid: (program.kind == Kind::Insert).then(|| self.database.last_insert_rowid()),
        })
    }
}

/// Binds the arguments by position or by name.
fn bind(statement: &mut Statement<'_>, stmt: &Stmt) -> Result<(), Error> {
    let invalid = |source: String| Error {
        code: "ARGS_INVALID",
        message: format!("Arguments do not match SQL parameters: {source}"),
    };
    let (expected, given) = (statement.parameter_count(), stmt.args.len().max(stmt.named_args.len()));
    if given > expected {
        return Err(invalid(format!("too many parameters, expected {expected} found {given}")));
    }
    for index in 1..=expected {
        let name = statement.parameter_name(index).map(str::to_owned);
        let argument = match name.as_deref().map(|name| (name, name.strip_prefix('?'))) {
            Some((name, None)) => {
                let is_named = |given: &str| given == name || given == &name[1..];
                stmt.named_args.iter().find(|argument| is_named(&argument.name)).map(|argument| &argument.value)
            }
            Some((_, Some(position))) => {
                position.parse::<usize>().ok().and_then(|position| stmt.args.get(position - 1))
            }
            None => stmt.args.get(index - 1),
        };
        let value = argument.and_then(|argument| argument.to_sql()).ok_or_else(|| {
            invalid(format!("value for parameter {} not found", name.unwrap_or_else(|| index.to_string())))
        })?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                Self { code: "SQL_INPUT_ERROR", message: format!("SQL input error: {msg} (at offset {offset})") }
            }
            rusqlite::Error::SqliteFailure(error, message) => {
                let message = message.unwrap_or_else(|| error.to_string());
                Self { code: code(error.code), message: format!("SQLite error: {message}") }
            }
            other => Self { code: "SQLITE_UNKNOWN", message: format!("SQLite error: {other}") },
        }
    }
}

/// Returns the code of a primary result code of SQLite.
fn code(code: rusqlite::ErrorCode) -> &'static str {
    use rusqlite::ErrorCode;
    match code {
        ErrorCode::OperationAborted => "SQLITE_ABORT",
        ErrorCode::DatabaseBusy => "SQLITE_BUSY",
        ErrorCode::DatabaseLocked => "SQLITE_LOCKED",
        ErrorCode::ReadOnly => "SQLITE_READONLY",
        ErrorCode::OperationInterrupted => "SQLITE_INTERRUPT",
        ErrorCode::SystemIoFailure => "SQLITE_IOERR",
        ErrorCode::DatabaseCorrupt => "SQLITE_CORRUPT",
        ErrorCode::DiskFull => "SQLITE_FULL",
        ErrorCode::CannotOpen => "SQLITE_CANTOPEN",
        ErrorCode::SchemaChanged => "SQLITE_SCHEMA",
        ErrorCode::TooBig => "SQLITE_TOOBIG",
        ErrorCode::ConstraintViolation => "SQLITE_CONSTRAINT",
        ErrorCode::TypeMismatch => "SQLITE_MISMATCH",
        ErrorCode::NotADatabase => "SQLITE_NOTADB",
        _ => "SQLITE_UNKNOWN",
    }
}
