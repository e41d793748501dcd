//! The errors of a statement. Spin reports SQLite's errors as text only, so this module parses that text: the same for every backend, since the
//! native one reports errors as Spin does.

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
    /// Another writer held the lock for longer than the timeout of 5 seconds. A retry may succeed.
    #[error("the database is locked by another writer")]
    Busy,
    /// The database or its disk is full.
    #[error("the database is full")]
    Full,
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
    /// Parses the text of an error as Spin reports it: SQLite's message from a local database, the same message wrapped twice from libSQL.
    pub(crate) fn from_text(text: &str) -> Self {
        let unwrapped = from_libsql(text);
        let message = unwrapped.as_deref().unwrap_or(text);
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
        Self::Other(text.to_owned())
    }
}

/// Extracts SQLite's message from the report of Spin's libSQL client, which is the server's response in Rust's debug form:
/// ``Hrana: `stream error: `Error { message: "SQLite error: UNIQUE constraint failed: users.email", code: "..." }` ``.
fn from_libsql(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Hrana: ")?;
    let (_, quoted) = rest.split_once("message: \"")?;
    let mut message = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => message.push(chars.next()?),
            other => message.push(other),
        }
    }
    let message = message.strip_prefix("SQLite error: ").or_else(|| message.strip_prefix("SQL input error: "))?;
    // Errors in the SQL are followed by " (at offset <n>)", which must not become part of a table's name.
    Some(message.split_once(" (at offset ").map_or(message, |(message, _)| message).to_owned())
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

    #[test]
    fn libsqls_wrapping_is_removed() {
        let cases = [
            (
                "SQLite error: UNIQUE constraint failed: users.email",
                Error::UniqueViolation { columns: "users.email".into() },
            ),
            (
                "SQLite error: CHECK constraint failed: \\\"a\\\" > 0",
                Error::CheckViolation { constraint: "\"a\" > 0".into() },
            ),
            ("SQLite error: database is locked", Error::Busy),
            ("SQL input error: no such table: users (at offset 14)", Error::NoSuchTable { table: "users".into() }),
        ];
        for (message, error) in cases {
            let text = format!(
                "Hrana: `stream error: `StreamResponseError {{ error: Error {{ message: \"{message}\", code: \"X\" }} }}``"
            );
            assert_eq!(Error::from_text(&text), error);
        }
    }

    #[test]
    fn a_statement_cannot_fake_a_constraint_by_quoting_its_message() {
        let text = "near \"FORM\": syntax error in SELECT 'UNIQUE constraint failed: users.email' FORM t at offset 44";
        assert_eq!(Error::from_text(text), Error::Other(text.to_owned()));
        let text = "Hrana: `stream error: `Error { message: \"SQL string could not be parsed: UNIQUE constraint failed: a\", code: \"\" }``";
        assert_eq!(Error::from_text(text), Error::Other(text.to_owned()));
    }
}
