//! The errors of Spin's libSQL client (libsql 0.5), which reports them as text: in the form of Hrana's cursor where the server ran a statement or
//! refused to, else as what happened to the HTTP request.
//!
//! Whether the server has run a statement decides what may be done next. A statement that was not run may be repeated. One whose answer was lost may
//! have been run, also if it was COMMIT.

use super::Error;

/// Parses the text of an error of the client. `None`: it is not a libSQL client's, or one of its SQL parser, which sends nothing.
pub(super) fn parse(text: &str) -> Option<Error> {
    let report = text.strip_prefix("Hrana: `")?.trim_end_matches('`');
    if let Some(step) = report.strip_prefix("cursor error: `error at step 0: (error code: ") {
        let (code, message) = step.split_once(") `")?;
        return Some(of_statement(code, message));
    }
    if let Some(body) = report.strip_prefix("api error: `") {
        return Some(of_response(body));
    }
    if report.starts_with("http error: `error trying to connect") {
        return Some(Error::NotRun(text.to_owned()));
    }
    // The connection was lost, or the answer is not one of Hrana.
    Some(Error::Unavailable(text.to_owned()))
}

/// Returns the error of a statement that the server ran, or refused to run.
fn of_statement(code: &str, message: &str) -> Error {
    let of_sqlite = message.strip_prefix("SQLite error: ").or_else(|| message.strip_prefix("SQL input error: "));
    // Errors in the SQL end with " (at offset <n>)", which must not become part of a table's name.
    let of_sqlite = of_sqlite.map(|text| text.split_once(" (at offset ").map_or(text, |(text, _)| text));
    match code {
        // A connection whose client has gone interrupts the next statement of its stream, if that is fast enough.
        "SQLITE_INTERRUPT" => Error::NotRun(message.to_owned()),
        // Another writer wanted the lock that this transaction has held for 5 seconds: the server has rolled it back.
        "TRANSACTION_TIMEOUT" | "TRANSACTION_BUSY" | "SQLITE_BUSY" | "SQLITE_LOCKED" => Error::Busy,
        "SQLITE_FULL" => Error::Full,
        // The operator of the server has stopped reads or writes.
        "BLOCKED" => Error::Unavailable(message.to_owned()),
        _ => of_sqlite.map_or_else(|| Error::Other(message.to_owned()), Error::from_sqlite),
    }
}

/// Returns the error of a response without the status 200, of which the client reports the body only.
fn of_response(body: &str) -> Error {
    /// Refusals before anything was run: a stream was idle for 10 seconds, is of a server that was restarted, or its last response was lost; the
    /// server has too many requests, or too many streams.
    const NOT_RUN: [&str; 6] = [
        "STREAM_EXPIRED",
        "Received an invalid baton",
        "Received a baton that has already been used",
        "Stream for this baton was closed",
        "Too many concurrent requests",
        "Timed out while opening database connection",
    ];
    if NOT_RUN.into_iter().any(|text| body.contains(text)) {
        Error::NotRun(body.to_owned())
    } else {
        Error::Unavailable(body.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Error;

    /// Returns the error for a text of the client about a statement.
    fn of_statement(code: &str, message: &str) -> Error {
        Error::from_text(&format!("Hrana: `cursor error: `error at step 0: (error code: {code}) `{message}```"))
    }

    #[test]
    fn a_constraint_is_recognised_in_the_form_of_the_cursor() {
        let unique = |columns: &str| Error::UniqueViolation { columns: columns.to_owned() };
        for (message, expected) in [
            ("SQLite error: UNIQUE constraint failed: users.email", unique("users.email")),
            ("SQLite error: UNIQUE constraint failed: index 'users_email'", unique("index 'users_email'")),
            (
                "SQLite error: CHECK constraint failed: \"a\" > 0",
                Error::CheckViolation { constraint: "\"a\" > 0".into() },
            ),
            (
                "SQLite error: NOT NULL constraint failed: users.id",
                Error::NotNullViolation { column: "users.id".into() },
            ),
            ("SQLite error: FOREIGN KEY constraint failed", Error::ForeignKeyViolation),
            ("SQLite error: another attempt has the event", Error::Other("another attempt has the event".into())),
        ] {
            assert_eq!(of_statement("SQLITE_CONSTRAINT", message), expected);
        }
    }

    #[test]
    fn a_missing_table_is_recognised_where_it_is_found_missing() {
        let missing = Error::NoSuchTable { table: "schema_migrations".to_owned() };
        assert_eq!(of_statement("SQLITE_UNKNOWN", "SQLite error: no such table: schema_migrations"), missing);
        assert_eq!(
            of_statement("SQL_INPUT_ERROR", "SQL input error: no such table: schema_migrations (at offset 14)"),
            missing
        );
    }

    #[test]
    fn a_lock_that_was_taken_away_or_not_obtained_is_busy() {
        for (code, message) in [
            ("TRANSACTION_TIMEOUT", "Transaction timed out"),
            ("TRANSACTION_BUSY", "Server cannot handle additional transactions"),
            ("SQLITE_BUSY", "SQLite error: database is locked"),
        ] {
            assert_eq!(of_statement(code, message), Error::Busy);
        }
        assert_eq!(of_statement("SQLITE_FULL", "SQLite error: database or disk is full"), Error::Full);
    }

    #[test]
    fn a_statement_that_was_not_run_differs_from_one_whose_answer_was_lost() {
        let interrupted = of_statement("SQLITE_INTERRUPT", "SQLite error: interrupted");
        assert!(matches!(interrupted, Error::NotRun(_)), "{interrupted:?}");
        for text in [
            r#"Hrana: `api error: `{"message":"The stream has expired due to inactivity","code":"STREAM_EXPIRED"}``"#,
            "Hrana: `api error: `Received an invalid baton``",
            "Hrana: `api error: `Received a baton that has already been used``",
            r#"Hrana: `api error: `{"error":"Too many concurrent requests"}``"#,
            "Hrana: `http error: `error trying to connect: tcp connect error: Connection refused (os error 111)``",
        ] {
            assert!(matches!(Error::from_text(text), Error::NotRun(_)), "{text}");
        }
        for text in [
            "Hrana: `http error: `connection closed before message completed``",
            "Hrana: `cursor error: `error reading a body from connection: unexpected EOF during chunk size line``",
            "Hrana: `cursor error: `cursor stream ended prematurely``",
            "Hrana: `api error: `<html>502 Bad Gateway</html>``",
            "Hrana: `json error: `expected value at line 1 column 1``",
        ] {
            assert!(matches!(Error::from_text(text), Error::Unavailable(_)), "{text}");
        }
    }

    #[test]
    fn a_statement_cannot_fake_a_constraint_by_quoting_its_message() {
        let message = "SQLite error: near \"FORM\": syntax error in 'UNIQUE constraint failed: users.email'";
        assert!(matches!(of_statement("SQL_PARSE_ERROR", message), Error::Other(_)));
        let text = "near \"FORM\": syntax error in SELECT 'UNIQUE constraint failed: users.email' FORM t at offset 44";
        assert_eq!(Error::from_text(text), Error::Other(text.to_owned()));
    }
}
