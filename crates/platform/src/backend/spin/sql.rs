//! SQL through `fermyon:spin/sqlite@2.0.0`, which every Spin since 2.0 has.

use spin_sdk::sqlite;

use crate::backend::clock::{Clock, TransactionState};
use crate::sql::{Error, Rows, Value};
use std::rc::Rc;

/// A connection of the host.
pub(crate) struct Connection {
    label: String,
    inner: sqlite::Connection,
    clock: Rc<Clock>,
    transaction: TransactionState,
}

impl Connection {
    /// Opens the database that the manifest grants as `label`.
    ///
    /// # Errors
    ///
    /// [`Error::AccessDenied`] if the manifest does not grant it; [`Error::NoSuchDatabase`] if the runtime configuration does not define it.
    pub(crate) fn open(label: &str, clock: Rc<Clock>) -> Result<Self, Error> {
        let inner = sqlite::Connection::open(label).map_err(error);
        clock.waited();
        Ok(Self { label: label.to_owned(), inner: inner?, clock, transaction: TransactionState::default() })
    }

    /// Opens another connection to the same database.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(crate) fn reopen(&self) -> Result<Self, Error> {
        Self::open(&self.label, Rc::clone(&self.clock))
    }

    /// Runs the first statement in `statement`. Spin's interface blocks at this version, so this function does.
    pub(crate) fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        let params: Vec<sqlite::Value> = params.iter().map(bind).collect();
        let result = self.inner.execute(statement, &params).map_err(error);
        if self.transaction.ran(statement, result.is_ok()) {
            self.clock.waited();
        }
        let result = result?;
        let rows = result.rows.into_iter().map(|row| row.values.into_iter().map(read).collect()).collect();
        Ok(Rows::new(result.columns, rows))
    }
}

fn bind(value: &Value) -> sqlite::Value {
    match value {
        Value::Null => sqlite::Value::Null,
        Value::Integer(value) => sqlite::Value::Integer(*value),
        Value::Real(value) => sqlite::Value::Real(*value),
        Value::Text(value) => sqlite::Value::Text(value.clone()),
        Value::Blob(value) => sqlite::Value::Blob(value.clone()),
    }
}

fn read(value: sqlite::Value) -> Value {
    match value {
        sqlite::Value::Null => Value::Null,
        sqlite::Value::Integer(value) => Value::Integer(value),
        sqlite::Value::Real(value) => Value::Real(value),
        sqlite::Value::Text(value) => Value::Text(value),
        sqlite::Value::Blob(value) => Value::Blob(value),
    }
}

fn error(error: sqlite::Error) -> Error {
    match error {
        sqlite::Error::NoSuchDatabase => Error::NoSuchDatabase,
        sqlite::Error::AccessDenied => Error::AccessDenied,
        sqlite::Error::DatabaseFull => Error::Full,
        // Spin cannot make a client of a libSQL server: it has no certificates, for example.
        sqlite::Error::InvalidConnection => Error::NotRun("invalid connection".to_owned()),
        sqlite::Error::Io(text) => Error::from_text(&text),
    }
}
