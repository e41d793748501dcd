//! A fault of the notifications service: its database refuses to erase users.

use std::path::Path;

use crate::database::change;

/// Makes the database of notifications in `state` refuse erasures.
///
/// # Panics
///
/// If the database cannot be changed.
pub fn inject(state: &Path) {
    let trigger = "CREATE TRIGGER refusal BEFORE INSERT ON erased_users BEGIN
        SELECT RAISE(ABORT, 'constraint failed by the test'); END";
    change(state, "notifications", trigger);
}

/// Removes the fault.
///
/// # Panics
///
/// If there is none.
pub fn remove(state: &Path) {
    change(state, "notifications", "DROP TRIGGER refusal");
}
