//! A fault of the notifications service: its database refuses to erase users.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// Makes the database of notifications in `state` refuse erasures.
///
/// # Panics
///
/// If the database cannot be changed.
pub fn inject(state: &Path) {
    let trigger = "CREATE TRIGGER refusal BEFORE INSERT ON erased_users BEGIN
        SELECT RAISE(ABORT, 'constraint failed by the test'); END";
    notifications(state).execute_batch(trigger).expect("the database takes a trigger");
}

/// Removes the fault.
///
/// # Panics
///
/// If there is none.
pub fn remove(state: &Path) {
    notifications(state).execute_batch("DROP TRIGGER refusal").expect("there is a trigger");
}

fn notifications(state: &Path) -> Connection {
    let db = Connection::open(state.join("notifications.db")).expect("notifications has a database");
    db.busy_timeout(Duration::from_secs(10)).expect("a timeout can be set");
    db
}
