//! A fault of the payments service: its database refuses new payments.

use std::path::Path;

use crate::database::change;

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
    change(state, "payments", &trigger);
}

/// Removes the fault.
///
/// # Panics
///
/// If there is none.
pub fn remove(state: &Path) {
    change(state, "payments", "DROP TRIGGER refusal");
}
