//! The circuit breakers of the providers: a row for each provider whose last call failed.

use crate::breaker::Breaker;
use crate::channel::{self, Channel};
use const_format::formatcp;
use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// The columns of a breaker besides its channel.
const COLUMNS: &str = "failures, open_until, probing_until";

const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM breakers WHERE channel = ?1");

const SET: &str = formatcp!(
    "INSERT INTO breakers (channel, {COLUMNS}) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (channel) DO UPDATE
    SET failures = excluded.failures, open_until = excluded.open_until, probing_until = excluded.probing_until"
);

const RESET: &str = "DELETE FROM breakers WHERE channel = ?1";

/// Claims the probe call, unless another delivery has it.
const CLAIM_PROBE: &str = "
    UPDATE breakers SET probing_until = ?3 WHERE channel = ?1 AND open_until <= ?2 AND coalesce(probing_until, 0) <= ?2
    RETURNING channel";

/// Returns the breaker of the provider for `channel`.
pub(crate) async fn get(db: &Connection, channel: Channel) -> Result<Breaker, sql::Error> {
    let breaker: Option<Breaker> = db.query_optional(SELECT, params![channel::name(channel)]).await?;
    Ok(breaker.unwrap_or_default())
}

/// Writes the breaker of `channel`.
pub(crate) async fn set(transaction: &Transaction<'_>, channel: Channel, breaker: Breaker) -> Result<(), sql::Error> {
    let Breaker { failures, open_until, probing_until } = breaker;
    transaction.execute(SET, params![channel::name(channel), failures, open_until, probing_until]).await?;
    Ok(())
}

/// Closes the breaker of `channel`, and sets its failures to zero.
pub(crate) async fn reset(transaction: &Transaction<'_>, channel: Channel) -> Result<(), sql::Error> {
    transaction.execute(RESET, params![channel::name(channel)]).await?;
    Ok(())
}

/// Claims the probe call of the provider for `channel` until `until`. Returns false if another delivery has it.
pub(crate) async fn claim_probe(
    db: &Connection,
    channel: Channel,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, sql::Error> {
    Ok(!db.execute(CLAIM_PROBE, params![channel::name(channel), now, until]).await?.is_empty())
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
