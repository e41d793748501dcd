//! The errors of a statement. Spin reports SQLite's errors as text only, so this module parses that text: the same for every backend, since the
//! native one reports errors as Spin does.

use super::libsql;
use crate::migrate;

/// The reason why a statement, a connection or the reading of a row failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A row with these values in a UNIQUE or PRIMARY KEY constraint already exists.
    #[error("UNIQUE constraint failed: {columns}")]
    UniqueViolation {
        /// The columns as SQLite names them: `users.email`, `lines.order_id, lines.position`, or `index 'users_email'` for an index on an
        /// expression.
        columns: String,
    },
    /// A referenced row is missing, or a row to be removed is still referenced.
    #[error("FOREIGN KEY constraint failed")]
    ForeignKeyViolation,
    /// A CHECK constraint is violated.
    #[error("CHECK constraint failed: {constraint}")]
    CheckViolation {
        /// The constraint's name, or its expression if it has none.
        constraint: String,
    },
    /// A column that must have a value is NULL.
    #[error("NOT NULL constraint failed: {column}")]
    NotNullViolation {
        /// The column as SQLite names it: `users.email`.
        column: String,
    },
    /// Another writer held the lock for longer than the timeout of 5 seconds, or a libSQL server has given the lock of this transaction to another
    /// writer after 5 seconds, and has rolled the transaction back. A retry may succeed.
    #[error("the database is locked by another writer")]
    Busy,
    /// The database or its disk is full.
    #[error("the database is full")]
    Full,
    /// A libSQL server did not run the statement: its stream has ended, the statement was interrupted, or the server refused it or was not
    /// reached. Where that is enough it was tried again. A retry may succeed.
    #[error("the database did not run the statement: {0}")]
    NotRun(String),
    /// A libSQL server does not respond, or its response was lost: it may have run the statement. A retry of a request that can be retried may
    /// succeed.
    #[error("the database does not respond: {0}")]
    Unavailable(String),
    /// The response to a COMMIT was lost, and the database could not be asked whether it has the transaction: it has all of it or nothing.
    #[error("it is not known whether the transaction was committed: {0}")]
    OutcomeUnknown(String),
    /// The manifest does not grant this component the database.
    #[error("the component has no access to the database")]
    AccessDenied,
    /// The runtime configuration does not define a database with this label.
    #[error("there is no such database")]
    NoSuchDatabase,
    /// A table that the statement names does not exist.
    #[error("no such table: {table}")]
    NoSuchTable {
        /// The table's name.
        table: String,
    },
    /// A column has a value of another type than the code expects.
    #[error("column {column} holds {found} where {expected} was expected")]
    Unexpected {
        /// The column's name, or `#` and its position if the row has fewer columns.
        column: String,
        /// The expected type: `text (uuid)`.
        expected: &'static str,
        /// The storage class of the value.
        found: &'static str,
    },
    /// The statement returned more or fewer rows than the code expects.
    #[error("{found} rows where {expected} was expected")]
    RowCount {
        /// The expected number, in words.
        expected: &'static str,
        /// The number of rows returned.
        found: usize,
    },
    /// The database could not be migrated to the schema of the code.
    #[error(transparent)]
    Migration(Box<migrate::Error>),
    /// Another error, as the database reports it. Never sent to a client.
    #[error("{0}")]
    Other(String),
}

impl From<migrate::Error> for Error {
    /// Unwraps errors of the database itself, so that a lock during a migration is handled like any other.
    fn from(error: migrate::Error) -> Self {
        match error {
            migrate::Error::Database(error) => error,
            error => Self::Migration(Box::new(error)),
        }
    }
}

impl Error {
    /// Parses the text of an error as Spin reports it: SQLite's message from a local database, or the text of its libSQL client.
    pub(crate) fn from_text(text: &str) -> Self {
        libsql::parse(text).unwrap_or_else(|| Self::from_sqlite(text))
    }

    /// Returns whether a constraint refused the statement: only the statement is rolled back, and its transaction goes on. After any other error
    /// the transaction may have ended.
    pub(super) fn is_constraint(&self) -> bool {
        matches!(
            self,
            Self::UniqueViolation { .. }
                | Self::ForeignKeyViolation
                | Self::CheckViolation { .. }
                | Self::NotNullViolation { .. }
        )
    }

    /// Parses SQLite's message.
    pub(super) fn from_sqlite(message: &str) -> Self {
        if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
            return Self::UniqueViolation { columns: columns.to_owned() };
        }
        if let Some(constraint) = message.strip_prefix("CHECK constraint failed: ") {
            return Self::CheckViolation { constraint: constraint.to_owned() };
        }
        if let Some(column) = message.strip_prefix("NOT NULL constraint failed: ") {
            return Self::NotNullViolation { column: column.to_owned() };
        }
        if let Some(rest) = message.strip_prefix("no such table: ") {
            // Errors in the SQL are followed by " in <the statement> at offset <n>".
            return Self::NoSuchTable { table: rest.split(' ').next().unwrap_or_default().to_owned() };
        }
        if message.starts_with("FOREIGN KEY constraint failed") {
            return Self::ForeignKeyViolation;
        }
        if message.starts_with("database is locked") || message.starts_with("database table is locked") {
            return Self::Busy;
        }
        if message.starts_with("database or disk is full") {
            return Self::Full;
        }
        Self::Other(message.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn each_constraint_is_recognised_by_sqlites_text() {
        let cases = [
            ("UNIQUE constraint failed: users.email", Error::UniqueViolation { columns: "users.email".into() }),
            (
                "UNIQUE constraint failed: lines.a, lines.b",
                Error::UniqueViolation { columns: "lines.a, lines.b".into() },
            ),
            ("UNIQUE constraint failed: index 'by_mail'", Error::UniqueViolation { columns: "index 'by_mail'".into() }),
            ("FOREIGN KEY constraint failed", Error::ForeignKeyViolation),
            ("CHECK constraint failed: amount > 0", Error::CheckViolation { constraint: "amount > 0".into() }),
            ("NOT NULL constraint failed: users.id", Error::NotNullViolation { column: "users.id".into() }),
            ("database is locked", Error::Busy),
            ("database or disk is full", Error::Full),
            ("no such table: users in SELECT 1 FROM users at offset 14", Error::NoSuchTable { table: "users".into() }),
        ];
        for (text, error) in cases {
            assert_eq!(Error::from_text(text), error);
        }
    }
}
