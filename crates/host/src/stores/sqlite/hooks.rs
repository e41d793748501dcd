//! SQLite's reports while it prepares and runs a statement.
//!
//! A statement runs on one thread from beginning to end, so the report is kept in that thread: the hooks of all connections are
//! the same plain functions.

use std::cell::Cell;
use std::time::Instant;

use rusqlite::ffi::{SQLITE_ATTACH, SQLITE_DETACH};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::stores::blocking;

thread_local! {
    static REPORT: Cell<Report> = const { Cell::new(Report::EMPTY) };
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The number of steps of SQLite's machine between two checks of the clock: well under a millisecond.
const STEPS_PER_CHECK: i32 = 20_000;

/// The properties of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// It changes the connection, beyond a transaction, in a way that a later user would observe.
    pub(super) leaves_state: bool,
    /// It reads a counter of the connection.
    pub(super) reads_counters: bool,
    /// It has to be checked each time it runs, which happens when it is prepared.
    pub(super) uncacheable: bool,
}

impl Report {
    const EMPTY: Self = Self { leaves_state: false, reads_counters: false, uncacheable: false };

    fn leaves_state(&mut self) {
        self.leaves_state = true;
        self.uncacheable = true;
    }
}

/// Sets the hooks of a new connection.
pub(super) fn install(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    blocking::install(connection)?;
    connection
        .progress_handler(STEPS_PER_CHECK, Some(|| DEADLINE.get().is_some_and(|deadline| Instant::now() > deadline)))?;
    connection.authorizer(Some(|context: AuthContext<'_>| authorize(&context)))
}

/// Starts a new report for this thread. SQLite interrupts the statement after `deadline`.
pub(super) fn begin(deadline: Option<Instant>) {
    REPORT.set(Report::EMPTY);
    blocking::begin();
    DEADLINE.set(deadline);
}

/// Returns the report since [`begin`].
pub(super) fn report() -> Report {
    REPORT.get()
}

fn update(change: impl FnOnce(&mut Report)) {
    let mut report = REPORT.get();
    change(&mut report);
    REPORT.set(report);
}

fn authorize(context: &AuthContext<'_>) -> Authorization {
    if context.database_name == Some("temp") {
        update(Report::leaves_state);
    }
    match context.action {
        AuthAction::Attach { filename } => {
            update(Report::leaves_state);
            if !matches!(filename, "" | ":memory:") {
                return Authorization::Deny;
            }
        }
        // A name that is not a literal is not known yet.
        AuthAction::Unknown { code: SQLITE_ATTACH, .. } => return Authorization::Deny,
        AuthAction::Unknown { code: SQLITE_DETACH, .. } | AuthAction::Detach { .. } => update(Report::leaves_state),
        AuthAction::Pragma { pragma_name, pragma_value } => update(|report| {
            report.uncacheable = true;
            if pragma_value.is_some_and(|value| !is_harmless(pragma_name, value)) {
                report.leaves_state();
            }
        }),
        AuthAction::Function { function_name } if is_counter(function_name) => update(|report| {
            report.reads_counters = true;
            report.uncacheable = true;
        }),
        _ => {}
    }
    Authorization::Allow
}

fn is_counter(function: &str) -> bool {
    ["last_insert_rowid", "changes", "total_changes"].iter().any(|counter| function.eq_ignore_ascii_case(counter))
}

/// Returns whether a PRAGMA leaves the connection as it is: its argument is a query, or its effect is in the file.
fn is_harmless(pragma: &str, value: &str) -> bool {
    const HARMLESS: [&str; 14] = [
        "application_id",
        "foreign_key_check",
        "foreign_key_list",
        "incremental_vacuum",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "optimize",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
        "user_version",
    ];
    HARMLESS.iter().any(|harmless| pragma.eq_ignore_ascii_case(harmless))
        || pragma.eq_ignore_ascii_case("wal_checkpoint")
        // DELETE is the mode of a new connection to a file without a write-ahead log.
        || (pragma.eq_ignore_ascii_case("journal_mode")
            && (value.eq_ignore_ascii_case("wal") || value.eq_ignore_ascii_case("delete")))
}
