//! What can go wrong with a statement. Spin hands SQLite's errors on as text only, so this reads that text: the same for every
//! backend, since the native one is made to speak as Spin does.

use crate::migrate;

/// Why a statement, a connection or a row failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A row with these values in a UNIQUE or PRIMARY KEY constraint is there already.
    #[error("UNIQUE constraint failed: {columns}")]
    UniqueViolation {
        /// As SQLite names them: `users.email`, `lines.order_id, lines.position`, or `index 'users_email'` for an index on an
        /// expression.
        columns: String,
    },
    /// A row that is referred to is missing, or a row to be removed is still referred to.
    #[error("FOREIGN KEY constraint failed")]
    ForeignKeyViolation,
    /// A CHECK constraint is not met.
    #[error("CHECK constraint failed: {constraint}")]
    CheckViolation {
        /// The constraint's name, or its expression if it has none.
        constraint: String,
    },
    /// A column that must have a value has none.
    #[error("NOT NULL constraint failed: {column}")]
    NotNullViolation {
        /// As SQLite names it: `users.email`.
        column: String,
    },
    /// Another writer held the lock for longer than the wait of 5 seconds. Trying again may work.
    #[error("the database is locked by another writer")]
    Busy,
    /// The database or its disk is full.
    #[error("the database is full")]
    Full,
    /// The manifest does not grant this component the database.
    #[error("the component has no access to the database")]
    AccessDenied,
    /// The runtime configuration defines no database of this label.
    #[error("there is no such database")]
    NoSuchDatabase,
    /// A table that the statement names is not there.
    #[error("no such table: {table}")]
    NoSuchTable {
        /// Its name.
        table: String,
    },
    /// A column does not hold what the code reads it as.
    #[error("column {column} holds {found} where {expected} was expected")]
    Unexpected {
        /// The column's name, or `#` and its position if the row is shorter.
        column: String,
        /// The Rust side: `text (uuid)`.
        expected: &'static str,
        /// The database side: its storage class.
        found: &'static str,
    },
    /// The statement returned more or fewer rows than the code allows for.
    #[error("{found} rows where {expected} was expected")]
    RowCount {
        /// What the code allows for.
        expected: &'static str,
        /// What came.
        found: usize,
    },
    /// The database's schema could not be brought to what the code was built with.
    #[error(transparent)]
    Migration(Box<migrate::Error>),
    /// Anything else, in the database's own words. Not for a client to see.
    #[error("{0}")]
    Other(String),
}

impl From<migrate::Error> for Error {
    /// What happened to the database itself stays what it is, so that a lock during a migration is answered like any other.
    fn from(error: migrate::Error) -> Self {
        match error {
            migrate::Error::Database(error) => error,
            error => Self::Migration(Box::new(error)),
        }
    }
}

impl Error {
    /// Reads the text of an error as Spin reports it: SQLite's own message from a local database, the same message wrapped twice
    /// from libSQL.
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

/// SQLite's message within what Spin's libSQL client reports, which is the server's answer in Rust's debug form:
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
    // Errors in the SQL are followed by " (at offset <n>)", which a table's name must not end with.
    Some(message.split_once(" (at offset ").map_or(message, |(message, _)| message).to_owned())
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn each_constraint_is_told_apart_by_sqlites_text() {
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
    fn libsqls_wrapping_is_taken_off() {
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
