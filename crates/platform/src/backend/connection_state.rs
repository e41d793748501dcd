//! What the statements of a request leave behind on a connection, which decides whether the next request may use it.

/// The statements that leave nothing behind outside of the database. Any other (PRAGMA, ATTACH, CREATE TEMP TABLE) may.
const LEAVES_NO_TRACE: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];

/// What a later user would find on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Clean,
    /// A transaction.
    Transaction,
    /// Something else, which stays.
    Changed,
}

impl State {
    /// Returns the state after `statement`, which succeeded or failed.
    pub(super) fn after(self, statement: &str, succeeded: bool) -> Self {
        let statement = statement.trim();
        let end = statement.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(statement.len());
        let (keyword, rest) = statement.split_at(end);
        let is = |name: &str| keyword.eq_ignore_ascii_case(name);
        // `ROLLBACK TO` ends no transaction.
        let ends = is("COMMIT") || is("ROLLBACK") && rest.is_empty();
        match self {
            Self::Changed => Self::Changed,
            Self::Clean if is("BEGIN") && succeeded => Self::Transaction,
            Self::Clean if is("BEGIN") => Self::Clean,
            Self::Transaction if ends && succeeded => Self::Clean,
            // A COMMIT that fails may leave it open. A ROLLBACK that fails says that SQLite has ended it, or that the server is gone.
            Self::Transaction if ends => Self::Transaction,
            state if LEAVES_NO_TRACE.into_iter().any(is) => state,
            _ => Self::Changed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State::{self, Changed, Clean, Transaction};

    fn after(statements: &[(&str, bool)]) -> State {
        statements.iter().fold(Clean, |state, (statement, succeeded)| state.after(statement, *succeeded))
    }

    #[test]
    fn a_connection_with_a_transaction_is_not_clean_until_it_has_ended() {
        let insert = ("INSERT INTO t VALUES (?1)", true);
        for (statements, expected) in [
            (&[("SELECT 1", true), insert, ("WITH x AS (SELECT 1) SELECT * FROM x", true)][..], Clean),
            (&[("BEGIN IMMEDIATE", true), insert], Transaction),
            (&[("BEGIN IMMEDIATE", true), insert, ("COMMIT", true)], Clean),
            (&[("BEGIN IMMEDIATE", true), ("ROLLBACK", true)], Clean),
            (&[("BEGIN IMMEDIATE", false)], Clean),
            (&[("BEGIN IMMEDIATE", true), ("COMMIT", false)], Transaction),
            (&[("BEGIN IMMEDIATE", true), ("COMMIT", false), ("ROLLBACK", true)], Clean),
            (&[("BEGIN IMMEDIATE", true), ("INSERT INTO t VALUES (1)", false), ("ROLLBACK", false)], Transaction),
            (&[("begin", true), ("  commit  ", true)], Clean),
            (&[("INSERT INTO t VALUES (1)", false)], Clean),
        ] {
            assert_eq!(after(statements), expected, "{statements:?}");
        }
    }

    #[test]
    fn a_connection_is_changed_for_good_by_what_may_outlive_a_request() {
        for statement in [
            "PRAGMA synchronous = OFF",
            "CREATE TEMP TABLE t (x)",
            "CREATE TABLE t (x)",
            "ATTACH 'x' AS y",
            "SAVEPOINT a",
            "ROLLBACK",
            "COMMIT",
            "-- a comment\nSELECT 1",
            "",
        ] {
            assert_eq!(after(&[(statement, true), ("SELECT 1", true)]), Changed, "{statement}");
        }
        let begin = ("BEGIN IMMEDIATE", true);
        assert_eq!(after(&[begin, ("ROLLBACK TO a", true), ("COMMIT", true)]), Changed);
        assert_eq!(after(&[begin, ("PRAGMA foreign_keys = OFF", true), ("COMMIT", true)]), Changed);
    }
}
