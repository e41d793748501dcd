//! The state that decides whether the price adjuster may be called.

use const_format::formatcp;
use spindle_platform::sql::NOW;

/// The name of the price adjuster among the providers with circuit breakers.
pub(crate) const PROVIDER: &str = "pricing";

/// The columns of a [`Gate`](spindle_platform::breaker::Gate) for the statement that claims a key: the other orders that are being placed, each of which
/// calls the adjuster, and the circuit breaker. ?1 is the user, ?2 the operation, ?3 the key.
pub(crate) const GATE_COLUMNS: &str = formatcp!(
    "(SELECT count(*) FROM idempotency_keys INDEXED BY idempotency_keys_in_flight
        WHERE status IS NULL AND lease_until > {NOW} AND operation = ?2 AND (user_id, key) <> (?1, ?3)) AS in_progress,
    {NOW} AS now,
    (SELECT failures FROM breakers WHERE channel = '{PROVIDER}') AS failures,
    (SELECT open_until FROM breakers WHERE channel = '{PROVIDER}') AS open_until,
    (SELECT probing_until FROM breakers WHERE channel = '{PROVIDER}') AS probing_until"
);
