//! A connection as its backend opened it: statements run on the schema as it is. Migrations use it, and [`Connection`](super::Connection) does once the
//! schema is checked.

use super::{Error, Rows, Value};
use crate::backend::current::sql as backend;

/// An open connection. Dropping it closes it.
pub(crate) struct Session(backend::Connection);

impl Session {
    /// Wraps a connection that a backend opened.
    pub(crate) fn new(inner: backend::Connection) -> Self {
        Self(inner)
    }

    /// Runs the first statement in `statement`.
    pub(crate) async fn execute(&self, statement: &str, params: &[Value]) -> Result<Rows, Error> {
        self.0.execute(statement, params)
    }

    /// Begins a transaction that has the write lock from its start.
    pub(crate) async fn begin(&self) -> Result<OpenTransaction<'_>, Error> {
        self.execute("BEGIN IMMEDIATE", &[]).await?;
        Ok(OpenTransaction { session: self, open: true })
    }
}

/// An open transaction, which is rolled back unless it is committed.
pub(crate) struct OpenTransaction<'s> {
    session: &'s Session,
    open: bool,
}

impl OpenTransaction<'_> {
    /// Makes everything durable and releases the write lock.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.session.execute("COMMIT", &[]).await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // This fails after errors on which SQLite rolls back by itself (disk full, for example), and if the server has closed the
            // connection. In either case nothing was committed.
            let _ = self.session.0.execute("ROLLBACK", &[]);
        }
    }
}
