//! A database of the runtime config, whatever its type.

use std::sync::Arc;

use super::{libsql, sqlite};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};

/// A database that guests open sessions of.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// `type = "spin"`.
    Sqlite(Arc<sqlite::Database>),
    /// `type = "libsql"`.
    Libsql(Arc<libsql::Server>),
}

/// A guest's connection to a database. Dropping it rolls back its transaction.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings export it again")]
pub enum Session {
    /// Of a file.
    Sqlite(sqlite::Session),
    /// Of a server.
    Libsql(libsql::Session),
}

impl Database {
    /// Opens a session. The database is not touched before its first statement.
    pub(crate) fn open(&self) -> Session {
        match self {
            Self::Sqlite(database) => Session::Sqlite(sqlite::Session::new(database)),
            Self::Libsql(server) => Session::Libsql(libsql::Session::new(server)),
        }
    }
}

impl Session {
    /// Runs the first statement of `sql`.
    ///
    /// # Errors
    /// The content of Spin's error `io`.
    pub(crate) async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<QueryResult, String> {
        match self {
            Self::Sqlite(session) => session.execute(sql, parameters).await,
            Self::Libsql(session) => session.execute(sql, parameters).await,
        }
    }

    /// Guesses whether a statement ends a write transaction, its own or the open one.
    pub(crate) fn commits(&self, sql: &str) -> bool {
        match self {
            Self::Sqlite(session) => session.commits(sql),
            Self::Libsql(session) => session.commits(sql),
        }
    }

    /// Returns whether other writers of this host wait until this session's transaction ends.
    pub(crate) fn is_writing(&self) -> bool {
        match self {
            Self::Sqlite(session) => session.is_writing(),
            Self::Libsql(_) => false,
        }
    }
}
