//! SQL on SQLite in a temporary file, with the behaviour of Spin's local database: connections are separate, a writer waits for the write
//! lock, a call runs one statement, and errors are text.
//!
//! A file rather than `:memory:`: a shared in-memory database locks tables where a file locks the whole database for one writer, and tests
//! of concurrency must have the same locks as Spin.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use crate::sql::{Error, Rows, Value};
use spindle_contracts::Timestamp;

/// The clock of a platform, and of the databases that it makes: the system's, until a test stops it.
#[derive(Debug)]
pub(crate) struct Clock(AtomicI64);

/// The value of a clock that runs.
const RUNNING: i64 = i64::MIN;

impl Clock {
    /// Stops the clock at `now`.
    pub(crate) fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::Relaxed);
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> Timestamp {
        let stopped = self.0.load(Ordering::Relaxed);
        if stopped != RUNNING {
            return Timestamp::from_millis(stopped);
        }
        let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(AtomicI64::new(RUNNING))
    }
}

/// A database in a temporary folder, which is removed with the last handle and the last connection.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    folder: Arc<TempDir>,
    /// Every statement run on the database.
    log: Arc<Mutex<Vec<String>>>,
    clock: Arc<Clock>,
    #[cfg(test)]
    faults: Arc<Mutex<Vec<Fault>>>,
}

/// A fault of a database on a server, for one statement.
#[cfg(test)]
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The first word of the statement.
    pub(crate) of: &'static str,
    /// Whether the statement is run nevertheless.
    pub(crate) runs: bool,
    /// The text of the client's error.
    pub(crate) text: &'static str,
}

impl Database {
    /// Creates an empty database, whose clock is the system's.
    ///
    /// # Errors
    ///
    /// [`Error::Other`] if the temporary folder cannot be created.
    pub(crate) fn temporary() -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("spindle-").tempdir();
        let folder = folder.map_err(|error| Error::Other(error.to_string()))?;
        Ok(Self {
            folder: Arc::new(folder),
            log: Arc::default(),
            clock: Arc::default(),
            #[cfg(test)]
            faults: Arc::default(),
        })
    }

    /// Gives the database another clock, which it keeps when platforms share it.
    pub(crate) fn with_clock(self, clock: Arc<Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Returns the statements run so far.
    pub(crate) fn statements(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// [`Error::Other`] if SQLite cannot open the file.
    pub(crate) fn open(&self) -> Result<Connection, Error> {
        let inner = rusqlite::Connection::open(self.folder.path().join("database.sqlite")).map_err(error)?;
        // Tests need no durability, and waiting for the disk would make each fresh database cost 70 ms instead of 3.
        inner.pragma_update(None, "synchronous", "OFF").map_err(error)?;
        let clock = self.clock.clone();
        // SQLite's own function reads the system's clock. Called as `unixepoch('subsec')`.
        let now = move |_: &rusqlite::functions::Context<'_>| {
            let millis = clock.now().as_millis();
            Ok(std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(0)).as_secs_f64())
        };
        inner.create_scalar_function("unixepoch", 1, FunctionFlags::SQLITE_UTF8, now).map_err(error)?;
        Ok(Connection { inner, database: self.clone(), open_transactions: OpenTransactions::default() })
    }

    /// Has the next statement with this first word fail as on a server.
    #[cfg(test)]
    pub(crate) fn fail_once(&self, fault: Fault) {
        self.faults.lock().expect("no test holds it").push(fault);
    }

    #[cfg(test)]
    fn take_fault(&self, statement: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().expect("no test holds it");
        let position = faults.iter().position(|fault| statement.trim_start().starts_with(fault.of))?;
        Some(faults.remove(position))
    }
}

/// The number of transactions that a platform has open.
pub(crate) type OpenTransactions = Rc<Cell<usize>>;

/// A connection within this process.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// Its file must outlive the connection.
    database: Database,
    open_transactions: OpenTransactions,
}

impl Connection {
    /// Opens another connection to the same database.
    ///
    /// # Errors
    ///
    /// As [`Database::open`].
    pub(crate) fn reopen(&self) -> Result<Self, Error> {
        Ok(self.database.open()?.counted_in(&self.open_transactions))
    }

    /// Has the transactions of this connection counted.
    pub(crate) fn counted_in(mut self, open_transactions: &OpenTransactions) -> Self {
        self.open_transactions = Rc::clone(open_transactions);
        self
    }

    /// Runs the first statement in `statement`.
    pub(crate) fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        #[cfg(test)]
        if let Some(fault) = self.database.take_fault(statement) {
            if fault.runs {
                self.run(statement, params)?;
            }
            return Err(Error::from_text(fault.text));
        }
        self.run(statement, params)
    }

    fn run(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        let was_autocommit = self.inner.is_autocommit();
        let result = self.run_first(statement, params);
        match (was_autocommit, self.inner.is_autocommit()) {
            (true, false) => self.open_transactions.update(|open| open + 1),
            (false, true) => self.open_transactions.update(|open| open - 1),
            _ => {}
        }
        result
    }

    fn run_first(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        self.database.log.lock().unwrap_or_else(PoisonError::into_inner).push(statement.to_owned());
        // `Batch` stops at the end of the first statement; `prepare` would refuse a second one.
        let Some(mut statement) = rusqlite::Batch::new(&self.inner, statement).next().map_err(error)? else {
            return Ok(Rows::default());
        };
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let width = columns.len();
        let params = rusqlite::params_from_iter(params.iter().map(bind));
        let mut cursor = statement.query(params).map_err(error)?;
        let mut rows = Vec::new();
        while let Some(row) = cursor.next().map_err(error)? {
            let values = (0..width).map(|index| read(row.get_ref(index).map_err(error)?));
            rows.push(values.collect::<Result<_, _>>()?);
        }
        Ok(Rows::new(columns, rows))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.inner.is_autocommit() {
            self.open_transactions.update(|open| open - 1);
        }
    }
}

fn bind(value: &Value) -> rusqlite::types::ToSqlOutput<'_> {
    rusqlite::types::ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Integer(value) => ValueRef::Integer(*value),
        Value::Real(value) => ValueRef::Real(*value),
        Value::Text(value) => ValueRef::Text(value.as_bytes()),
        Value::Blob(value) => ValueRef::Blob(value),
    })
}

fn read(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(value) => match std::str::from_utf8(value) {
            Ok(text) => Value::Text(text.to_owned()),
            // Spin traps the component here. An error is more useful to a test.
            Err(_) => return Err(Error::Other("a text value is not UTF-8".to_owned())),
        },
        ValueRef::Blob(value) => Value::Blob(value.to_vec()),
    })
}

fn error(error: rusqlite::Error) -> Error {
    Error::from_text(&error.to_string())
}
