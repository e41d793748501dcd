//! SQL through `spin:sqlite@3.1.0`, whose connections the instance keeps for later requests.

use spin_sdk_wasi_0_3::sqlite::wit::sqlite;
use std::cell::Cell;
use std::rc::Rc;

use super::kept;
use crate::backend::clock::{Clock, TransactionState};
use crate::backend::connection_state::State;
use crate::sql::{Error, Rows, Value};

/// A connection of the host. Dropping it keeps it for the next request of this instance, if this one left nothing behind.
pub(crate) struct Connection {
    label: String,
    /// `None` only while this is dropped.
    inner: Option<sqlite::Connection>,
    state: Cell<State>,
    clock: Rc<Clock>,
    transaction: TransactionState,
}

impl Connection {
    /// Takes a connection that the instance has kept, or opens the database that the manifest grants as `label`.
    ///
    /// # Errors
    ///
    /// [`Error::AccessDenied`] if the manifest does not grant it; [`Error::NoSuchDatabase`] if the runtime configuration does not define it.
    pub(crate) fn open(label: &str, clock: Rc<Clock>) -> Result<Self, Error> {
        match kept::take_connection(label) {
            Some(connection) => Ok(Self::new(label, connection, clock)),
            None => Self::open_new(label, clock),
        }
    }

    /// Opens another connection to the same database, which is none that the instance has kept.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(crate) fn reopen(&self) -> Result<Self, Error> {
        Self::open_new(&self.label, Rc::clone(&self.clock))
    }

    fn open_new(label: &str, clock: Rc<Clock>) -> Result<Self, Error> {
        let opened = sqlite::Connection::open(label).map_err(error);
        clock.waited();
        Ok(Self::new(label, opened?, clock))
    }

    fn new(label: &str, connection: sqlite::Connection, clock: Rc<Clock>) -> Self {
        Self {
            label: label.to_owned(),
            inner: Some(connection),
            state: Cell::new(State::Clean),
            clock,
            transaction: TransactionState::default(),
        }
    }

    /// Runs the first statement in `statement`, and blocks the instance until it is done.
    pub(crate) fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        let params: Vec<sqlite::Value> = params.iter().map(bind).collect();
        let connection = self.inner.as_ref().ok_or_else(|| Error::Other("the connection is closed".to_owned()))?;
        let result = connection.execute(statement, &params);
        if self.transaction.ran(statement, result.is_ok()) {
            self.clock.waited();
        }
        self.state.set(self.state.get().after(statement, result.is_ok()));
        let result = result.map_err(error).inspect_err(|error| {
            // Not the statement's fault, perhaps: the server may be gone, or have ended the stream of this connection.
            if matches!(error, Error::Other(_) | Error::NotRun(_) | Error::Unavailable(_)) {
                self.state.set(State::Changed);
            }
        })?;
        let rows = result.rows.into_iter().map(|row| row.values.into_iter().map(read).collect()).collect();
        Ok(Rows::new(result.columns, rows))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(connection) = self.inner.take()
            && self.state.get() == State::Clean
        {
            kept::keep_connection(std::mem::take(&mut self.label), connection);
        }
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
