//! The state that decides whether the price adjuster may be called.

use const_format::formatcp;
use spindle_platform::breaker::{BREAKER_COLUMNS, Gate};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, NOW};

/// The name of the price adjuster among the providers with circuit breakers.
pub(crate) const PROVIDER: &str = "pricing";

/// The number of orders that are being placed, up to a limit, and the circuit breaker.
const GATE: &str = formatcp!(
    "SELECT count(*) AS in_progress, {NOW} AS now, {BREAKER_COLUMNS}
    FROM (SELECT 1 FROM idempotency_keys WHERE status IS NULL AND lease_until > {NOW} AND operation = ?3 LIMIT ?2)"
);

/// Returns the state, with the number of claims on `operation` that are in progress, up to `limit`.
pub(crate) async fn gate(db: &Connection, operation: &str, limit: u32) -> Result<Gate, sql::Error> {
    db.query_one(GATE, params![PROVIDER, limit, operation]).await
}
