//! A fault of the payments service: its database refuses new payments.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// The database's error for a payment that it refuses.
pub const CAUSE: &str = "constraint failed by the test";

/// Makes the database of payments in `state` refuse each payment for which `condition` holds.
///
/// # Panics
///
/// If the database cannot be changed.
pub fn inject(state: &Path, condition: &str) {
    let trigger = format!(
        "CREATE TRIGGER refusal BEFORE INSERT ON payments WHEN {condition} BEGIN SELECT RAISE(ABORT, '{CAUSE}'); END"
    );
    payments(state).execute_batch(&trigger).expect("the database takes a trigger");
}

/// Removes the fault.
///
/// # Panics
///
/// If there is none.
pub fn remove(state: &Path) {
    payments(state).execute_batch("DROP TRIGGER refusal").expect("there is a trigger");
}

fn payments(state: &Path) -> Connection {
    let db = Connection::open(state.join("payments.db")).expect("payments has a database");
    db.busy_timeout(Duration::from_secs(10)).expect("a timeout can be set");
    db
}
