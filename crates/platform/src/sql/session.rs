//! A connection as its backend opened it: statements run on the schema as it is. Migrations use it, and [`Connection`](super::Connection) does once the
//! schema is checked.
//!
//! Two rules are for a database on a server. A statement that was not run, because its stream had ended for example, is run again on a new
//! connection, but never within a transaction: a new connection does not have it, and each statement there would be a transaction of its own. For the
//! same reason an error that is not a constraint's ends a transaction: the server may have rolled it back already.

use super::{Error, Rows, Value};
use crate::backend::current::sql as backend;
use std::cell::RefCell;

/// An open connection. Dropping it closes it.
pub(crate) struct Session {
    connection: RefCell<backend::Connection>,
    transaction: RefCell<TransactionState>,
}

/// The state of the transaction of a session.
#[derive(Clone)]
enum TransactionState {
    None,
    Open,
    /// This error has ended it.
    Failed(Error),
}

/// The first words of the statements that may be run twice: they change nothing, or, as BEGIN does, nothing that outlives their connection.
const REPEATABLE: [&str; 2] = ["SELECT", "BEGIN"];

impl Session {
    /// Wraps a connection that a backend opened.
    pub(crate) fn new(connection: backend::Connection) -> Self {
        Self { connection: RefCell::new(connection), transaction: RefCell::new(TransactionState::None) }
    }

    /// Runs the first statement in `statement`.
    pub(crate) async fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        let transaction = self.transaction.borrow().clone();
        match transaction {
            TransactionState::None => self.execute_alone(statement, params),
            TransactionState::Failed(error) => Err(error),
            TransactionState::Open => self.run(statement, params).inspect_err(|error| {
                if !error.is_constraint() {
                    self.transaction.replace(TransactionState::Failed(error.clone()));
                }
            }),
        }
    }

    /// Begins a transaction that has the write lock from its start.
    pub(crate) async fn begin(&self) -> Result<OpenTransaction<'_>, Error> {
        self.execute("BEGIN IMMEDIATE", &[]).await?;
        self.transaction.replace(TransactionState::Open);
        Ok(OpenTransaction { session: self, open: true })
    }

    /// Runs a statement outside of a transaction, and once more on a new connection where that cannot do its work twice.
    fn execute_alone(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        let result = self.run(statement, params);
        let again = match &result {
            Err(Error::NotRun(_)) => true,
            Err(Error::Unavailable(_)) => REPEATABLE.into_iter().any(|word| statement.trim_start().starts_with(word)),
            _ => false,
        };
        if !again {
            return result;
        }
        self.reconnect()?;
        self.run(statement, params)
    }

    fn run(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        self.connection.borrow().execute(statement, params)
    }

    /// Closes the connection, which ends its transaction, and opens another one.
    fn reconnect(&self) -> Result<(), Error> {
        let connection = self.connection.borrow().reopen()?;
        self.connection.replace(connection);
        Ok(())
    }
}

/// An open transaction, which is rolled back unless it is committed.
pub(crate) struct OpenTransaction<'s> {
    session: &'s Session,
    open: bool,
}

impl OpenTransaction<'_> {
    /// Returns the error that has ended it, if one has.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &*self.session.transaction.borrow() {
            TransactionState::Failed(error) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Makes everything durable and releases the write lock.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the response was lost: the transaction is committed, or it will never be.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.session.execute("COMMIT", &[]).await?;
        self.session.transaction.replace(TransactionState::None);
        self.open = false;
        Ok(())
    }
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        // Neither can be done if the server is gone. It rolls back the transaction of a client that does not return.
        let _ = match self.session.transaction.replace(TransactionState::None) {
            TransactionState::Failed(Error::NotRun(_) | Error::Unavailable(_)) => self.session.reconnect(),
            // This fails after errors on which SQLite rolls back by itself (disk full, for example).
            _ => self.session.run("ROLLBACK", &[]).map(drop),
        };
    }
}
