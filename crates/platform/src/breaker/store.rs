//! The rows of circuit breakers: one for each provider whose last call failed.

use super::Breaker;
use crate::params;
use crate::sql::{self, Connection, FromRow, Row};
use spindle_contracts::Timestamp;

const SELECT: &str = "SELECT failures, open_until, probing_until FROM breakers WHERE channel = ?1";

const SET: &str = "
    INSERT INTO breakers (channel, failures, open_until, probing_until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (channel) DO UPDATE
    SET failures = excluded.failures, open_until = excluded.open_until, probing_until = excluded.probing_until";

const RESET: &str = "DELETE FROM breakers WHERE channel = ?1";

/// Claims the probe call, unless another caller has it.
const CLAIM_PROBE: &str = "
    UPDATE breakers SET probing_until = ?3 WHERE channel = ?1 AND open_until <= ?2 AND coalesce(probing_until, 0) <= ?2
    RETURNING channel";

const RELEASE_PROBE: &str = "UPDATE breakers SET probing_until = NULL WHERE channel = ?1";

/// Returns the breaker of the provider for `channel`.
///
/// # Errors
///
/// The errors of the database.
pub async fn get(db: &Connection, channel: &str) -> Result<Breaker, sql::Error> {
    let breaker: Option<Breaker> = db.query_optional(SELECT, params![channel]).await?;
    Ok(breaker.unwrap_or_default())
}

/// Writes the breaker of `channel`.
pub(super) async fn set(db: &Connection, channel: &str, breaker: Breaker) -> Result<(), sql::Error> {
    let Breaker { failures, open_until, probing_until } = breaker;
    db.execute(SET, params![channel, failures, open_until, probing_until]).await?;
    Ok(())
}

/// Closes the breaker of `channel`, and sets its failures to zero.
pub(super) async fn reset(db: &Connection, channel: &str) -> Result<(), sql::Error> {
    db.execute(RESET, params![channel]).await?;
    Ok(())
}

/// Claims the probe call of the provider for `channel` until `until`. Returns false if another caller has it.
///
/// # Errors
///
/// The errors of the database.
pub async fn claim_probe(db: &Connection, channel: &str, now: Timestamp, until: Timestamp) -> Result<bool, sql::Error> {
    Ok(!db.execute(CLAIM_PROBE, params![channel, now, until]).await?.is_empty())
}

/// Ends the lease of the probe call, which was not made.
///
/// # Errors
///
/// The errors of the database.
pub async fn release_probe(db: &Connection, channel: &str) -> Result<(), sql::Error> {
    db.execute(RELEASE_PROBE, params![channel]).await?;
    Ok(())
}

impl FromRow for Breaker {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            failures: row.get("failures")?,
            open_until: row.get("open_until")?,
            probing_until: row.get("probing_until")?,
        })
    }
}
