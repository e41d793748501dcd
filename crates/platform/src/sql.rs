//! SQL on the service's own database: connections, transactions and typed rows, the same on Spin and natively.
//!
//! Three rules come from what Spin offers. A call runs one statement: text after the first is ignored. Nothing reports the number
//! of changed rows or the last inserted id: ask with `RETURNING`. A transaction that reads before it writes takes the write lock
//! at its start, which is why [`Connection::transaction`] knows no other kind.

mod error;
mod row;
mod value;

pub use error::Error;
pub use row::{FromRow, FromValue, Row, Rows};
pub use value::Value;

use crate::backend::current::sql as backend;

/// Binds values in the order of the statement's `?` or `?1`, `?2`, ...: `params![id, email, None::<String>]`.
///
/// Takes whatever [`Value`](crate::sql::Value) has a `From` for and gives a `&[Value]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::Value::from($value)),*] as &[$crate::sql::Value]
    };
}

#[doc(inline)]
pub use crate::params;

/// An open connection to a database. It closes when dropped, and what it had not committed is gone.
pub struct Connection {
    inner: backend::Connection,
}

impl Connection {
    /// Wraps a connection that a backend opened.
    pub(crate) fn new(inner: backend::Connection) -> Self {
        Self { inner }
    }

    /// Runs the first statement in `statement` with `params` bound, and gives all the rows it returns.
    ///
    /// # Errors
    ///
    /// What SQLite says, as an [`Error`]: a broken constraint, a lock that was not free within 5 seconds, bad SQL.
    pub async fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        self.inner.execute(statement, params)
    }

    /// Runs a statement that returns at most one row.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute); [`Error::RowCount`] if there are several rows; [`Error::Unexpected`] if the row is not a `T`.
    pub async fn query_optional<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<Option<T>, Error> {
        self.execute(statement, params).await?.optional()
    }

    /// Runs a statement that returns exactly one row.
    ///
    /// # Errors
    ///
    /// As [`query_optional`](Self::query_optional); [`Error::RowCount`] also if there is no row.
    pub async fn query_one<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<T, Error> {
        self.execute(statement, params).await?.one()
    }

    /// Runs a statement and reads every row it returns.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute); [`Error::Unexpected`] if a row is not a `T`.
    pub async fn query_all<T: FromRow>(&self, statement: &str, params: &[Value]) -> Result<Vec<T>, Error> {
        self.execute(statement, params).await?.all()
    }

    /// Starts a transaction that holds the write lock from now on (`BEGIN IMMEDIATE`), so that what it reads stays true until it
    /// commits. Others read on meanwhile; other writers wait up to 5 seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if the lock did not come free; [`Error::Other`] if this connection is in a transaction already.
    pub async fn transaction(&self) -> Result<Transaction<'_>, Error> {
        self.execute("BEGIN IMMEDIATE", &[]).await?;
        Ok(Transaction { connection: self, open: true })
    }
}

/// A transaction under way: runs statements like its [`Connection`], and is undone unless it is committed.
///
/// A statement that fails leaves the transaction open and undoes only itself, so that a caller may recover; returning the error
/// with `?` drops the transaction and with it everything it did.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Transaction<'c> {
    connection: &'c Connection,
    open: bool,
}

impl Transaction<'_> {
    /// Makes everything durable and releases the write lock.
    ///
    /// # Errors
    ///
    /// What SQLite says, for example [`Error::Full`] or a deferred constraint; then all of it is rolled back.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.connection.execute("COMMIT", &[]).await?;
        self.open = false;
        Ok(())
    }
}

impl std::ops::Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // SQLite has rolled back by itself after some errors (disk full, say); then there is nothing left to undo and this
            // fails, as it does when the server has dropped the connection. Either way nothing was committed.
            let _ = self.connection.inner.execute("ROLLBACK", &[]);
        }
    }
}

#[cfg(test)]
mod tests;
