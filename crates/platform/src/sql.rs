//! SQL on the service's database: connections, transactions and typed rows, the same on Spin and natively.
//!
//! Three rules follow from Spin's interface. A call runs one statement: text after the first is ignored. The number of changed rows and the
//! last inserted id are not reported: use `RETURNING`. A transaction that reads before it writes has to take the write lock at its start,
//! which is why [`Connection::transaction`] has no other kind.

mod error;
mod row;
mod value;

pub use error::Error;
pub use row::{FromRow, FromValue, Row, Rows};
pub use value::Value;

use crate::backend::current::sql as backend;

/// Binds values in the order of the statement's `?` or `?1`, `?2`, ...: `params![id, email, None::<String>]`.
///
/// Accepts any type that [`Value`](crate::sql::Value) has a `From` for, and returns a `&[Value]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::Value::from($value)),*] as &[$crate::sql::Value]
    };
}

#[doc(inline)]
pub use crate::params;

/// The time of the database in milliseconds, as an expression for statements. The replicas of a service share a database, and their own clocks
/// differ: a lease begins and ends by this clock alone. It does not change within a statement. For `formatcp!`; a bound
/// [`Duration`](std::time::Duration) is in milliseconds as well, so that `{NOW} + ?1` is a time.
pub const NOW: &str = "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";

/// An open connection to a database. Dropping it closes it and rolls back an open transaction.
pub struct Connection {
    inner: backend::Connection,
}

impl Connection {
    /// Wraps a connection that a backend opened.
    pub(crate) fn new(inner: backend::Connection) -> Self {
        Self { inner }
    }

    /// Runs the first statement in `statement` with `params` bound, and returns all its rows.
    ///
    /// # Errors
    ///
    /// SQLite's error as an [`Error`]: a broken constraint, a lock that was not free within 5 seconds, bad SQL.
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

    /// Starts a transaction that has the write lock from its start (`BEGIN IMMEDIATE`), so that the data it reads does not change until it
    /// commits. Other connections can read meanwhile; other writers wait up to 5 seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if the lock was not released in time; [`Error::Other`] if this connection already has a transaction.
    pub async fn transaction(&self) -> Result<Transaction<'_>, Error> {
        self.execute("BEGIN IMMEDIATE", &[]).await?;
        Ok(Transaction { connection: self, open: true })
    }
}

/// An open transaction: it runs statements like its [`Connection`], and is rolled back unless it is committed.
///
/// A statement that fails leaves the transaction open and rolls back only itself, so that a caller may recover; returning the error with `?`
/// drops the transaction and rolls it back.
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
    /// SQLite's error, for example [`Error::Full`] or a deferred constraint; then the whole transaction is rolled back.
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
            // This fails after errors on which SQLite rolls back by itself (disk full, for example), and if the server has closed the
            // connection. In either case nothing was committed.
            let _ = self.connection.inner.execute("ROLLBACK", &[]);
        }
    }
}

#[cfg(test)]
mod tests;
