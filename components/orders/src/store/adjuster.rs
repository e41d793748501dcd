//! The state that decides whether the price adjuster may be called.

use spindle_contracts::Timestamp;
use spindle_platform::breaker::Gate;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection};

/// The name of the price adjuster among the providers with circuit breakers.
pub(crate) const PROVIDER: &str = "pricing";

/// The number of orders that are being placed, up to a limit, and the circuit breaker.
const GATE: &str = "
    SELECT count(*) AS in_progress,
        (SELECT failures FROM breakers WHERE channel = ?2) AS failures,
        (SELECT open_until FROM breakers WHERE channel = ?2) AS open_until,
        (SELECT probing_until FROM breakers WHERE channel = ?2) AS probing_until
    FROM (SELECT 1 FROM idempotency_keys WHERE status IS NULL AND lease_until > ?1 AND operation = ?4 LIMIT ?3)";

/// Returns the state, with the number of claims on `operation` that are in progress, up to `limit`.
pub(crate) async fn gate(db: &Connection, now: Timestamp, operation: &str, limit: u32) -> Result<Gate, sql::Error> {
    db.query_one(GATE, params![now, PROVIDER, limit, operation]).await
}
