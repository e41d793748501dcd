//! SQL on the service's database: connections, transactions and typed rows, the same on Spin and natively.
//!
//! Three rules follow from Spin's interface. A call runs one statement: text after the first is ignored. The number of changed rows and the
//! last inserted id are not reported: use `RETURNING`. A transaction that reads before it writes has to take the write lock at its start,
//! which is why [`Connection::transaction`] has no other kind.

mod error;
mod libsql;
mod opening;
mod row;
mod session;
mod transaction;
mod value;

pub use error::Error;
pub use row::{FromRow, FromValue, Row, Rows};
pub use transaction::{EventNumber, Transaction};
pub use value::Value;

pub(crate) use session::Session;

use crate::audit::ChainHead;
use crate::migrate::Migration;
use opening::Opening;
use std::cell::RefCell;

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

/// An open connection to a database. Dropping it closes it. The first statement on it compares the schema with the migrations, see `opening`; none
/// runs on a schema that was not compared.
pub struct Connection {
    session: Session,
    migrations: &'static [Migration],
    /// Set once the schema is known to be the one of `migrations`.
    opening: RefCell<Option<Opening>>,
}

impl Connection {
    /// Makes a connection to a database whose schema is the one of `migrations` before its first statement.
    pub(crate) fn new(session: Session, migrations: &'static [Migration]) -> Self {
        Self { session, migrations, opening: RefCell::default() }
    }

    /// Compares the schema with the migrations now, and not with the first statement, and applies those that are missing.
    ///
    /// # Errors
    ///
    /// SQLite's error as an [`Error`]; [`Error::Migration`] if the schema cannot become the one of the code.
    pub async fn open(&self) -> Result<(), Error> {
        if self.opening.borrow().is_none() {
            let opening = opening::read(&self.session, self.migrations).await?;
            self.opening.replace(Some(opening));
        }
        Ok(())
    }

    /// Runs the first statement in `statement` with `params` bound, and returns all its rows.
    ///
    /// # Errors
    ///
    /// SQLite's error as an [`Error`]: a broken constraint, a lock that was not free within 5 seconds, bad SQL; and the errors of
    /// [`open`](Self::open).
    pub async fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        self.open().await?;
        self.session.execute(statement, params).await
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
    /// [`Error::Busy`] if the lock was not released in time; [`Error::Other`] if this connection already has a transaction; the errors of
    /// [`open`](Self::open).
    pub async fn transaction(&self) -> Result<Transaction<'_>, Error> {
        if self.opening.borrow().is_some() {
            return Ok(Transaction::new(self, self.session.begin().await?));
        }
        let (open, opening) = opening::begin(&self.session, self.migrations).await?;
        self.opening.replace(Some(opening));
        Ok(Transaction::new(self, open))
    }

    /// Returns the connection as the backend opened it: statements on it are not preceded by a look at the schema.
    #[cfg(test)]
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the head of the audit log as this connection has seen it last.
    fn head(&self) -> ChainHead {
        self.opening.borrow().as_ref().map(|opening| opening.head.clone()).unwrap_or_default()
    }

    fn set_head(&self, head: ChainHead) {
        if let Some(opening) = self.opening.borrow_mut().as_mut() {
            opening.head = head;
        }
    }

    /// Returns the key of the pseudonyms of `month`, if the audit log had one when this connection was opened.
    pub(crate) fn pseudonym_key(&self, month: &str) -> Option<Vec<u8>> {
        let opening = self.opening.borrow();
        let (newest, key) = opening.as_ref()?.key.as_ref()?;
        (newest == month).then(|| key.clone())
    }
}

#[cfg(test)]
mod tests;
