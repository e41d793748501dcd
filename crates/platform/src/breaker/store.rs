//! The rows of circuit breakers: one for each provider whose last call failed.

use super::Breaker;
use crate::params;
use crate::sql::{self, Connection, FromRow, NOW, Row};
use const_format::formatcp;
use std::time::Duration;

const SELECT: &str = "SELECT failures, open_until, probing_until FROM breakers WHERE channel = ?1";

/// The breaker stays open for ?3, or is closed without it. A failure ends a probe call.
const SET: &str = formatcp!(
    "INSERT INTO breakers (channel, failures, open_until, probing_until) VALUES (?1, ?2, {NOW} + ?3, NULL)
    ON CONFLICT (channel) DO UPDATE
    SET failures = excluded.failures, open_until = excluded.open_until, probing_until = excluded.probing_until"
);

const RESET: &str = "DELETE FROM breakers WHERE channel = ?1";

/// Claims the probe call for ?2, unless another caller has it.
const CLAIM_PROBE: &str = formatcp!(
    "UPDATE breakers SET probing_until = {NOW} + ?2
    WHERE channel = ?1 AND open_until <= {NOW} AND coalesce(probing_until, 0) <= {NOW}
    RETURNING channel"
);

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

/// Writes the breaker of `channel` after a failure: it is open for `pause`, if there is one.
pub(super) async fn set(
    db: &Connection,
    channel: &str,
    failures: u32,
    pause: Option<Duration>,
) -> Result<(), sql::Error> {
    db.execute(SET, params![channel, failures, pause]).await?;
    Ok(())
}

/// Closes the breaker of `channel`, and sets its failures to zero.
pub(super) async fn reset(db: &Connection, channel: &str) -> Result<(), sql::Error> {
    db.execute(RESET, params![channel]).await?;
    Ok(())
}

/// Claims the probe call of the provider for `channel` for `lease`. Returns false if another caller has it.
///
/// # Errors
///
/// The errors of the database.
pub async fn claim_probe(db: &Connection, channel: &str, lease: Duration) -> Result<bool, sql::Error> {
    Ok(!db.execute(CLAIM_PROBE, params![channel, lease]).await?.is_empty())
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
