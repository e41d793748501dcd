//! The circuit breakers of the providers: a row for each that has failed of late.

use crate::breaker::Breaker;
use crate::channel::{self, Channel};
use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

const SELECT: &str = "SELECT failures, open_until, probing_until FROM breakers WHERE channel = ?1";

const SET: &str = "
    INSERT INTO breakers (channel, failures, open_until, probing_until) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (channel) DO UPDATE
    SET failures = excluded.failures, open_until = excluded.open_until, probing_until = excluded.probing_until";

const RESET: &str = "DELETE FROM breakers WHERE channel = ?1";

/// Only one probes at a time.
const PROBE: &str = "
    UPDATE breakers SET probing_until = ?3 WHERE channel = ?1 AND open_until <= ?2 AND coalesce(probing_until, 0) <= ?2
    RETURNING channel";

/// The breaker before the provider for `channel`.
pub(crate) async fn get(db: &Connection, channel: Channel) -> Result<Breaker, sql::Error> {
    let breaker: Option<Breaker> = db.query_optional(SELECT, params![channel::name(channel)]).await?;
    Ok(breaker.unwrap_or_default())
}

/// Makes `breaker` that of `channel`.
pub(crate) async fn set(transaction: &Transaction<'_>, channel: Channel, breaker: Breaker) -> Result<(), sql::Error> {
    let Breaker { failures, open_until, probing_until } = breaker;
    transaction.execute(SET, params![channel::name(channel), failures, open_until, probing_until]).await?;
    Ok(())
}

/// Closes the breaker of `channel`, and forgets the failures.
pub(crate) async fn reset(transaction: &Transaction<'_>, channel: Channel) -> Result<(), sql::Error> {
    transaction.execute(RESET, params![channel::name(channel)]).await?;
    Ok(())
}

/// Takes it over to try whether the provider for `channel` is back, until `until`. Whether nobody else does.
pub(crate) async fn probe(
    db: &Connection,
    channel: Channel,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, sql::Error> {
    Ok(!db.execute(PROBE, params![channel::name(channel), now, until]).await?.is_empty())
}

impl FromRow for Breaker {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { failures: row.at(0)?, open_until: row.at(1)?, probing_until: row.at(2)? })
    }
}
