//! Calls of providers, each written down before it is made.

use crate::provider::Answer;
use serde::Serialize;
use spindle_contracts::{NotificationId, Timestamp};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

const BEGIN: &str = "
    INSERT INTO provider_calls (notification_id, number, began_at)
    SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM provider_calls WHERE notification_id = ?1
    RETURNING number";

const END: &str = "
    UPDATE provider_calls SET ended_at = ?3, outcome = ?4, detail = ?5 WHERE notification_id = ?1 AND number = ?2";

const SELECT: &str = "
    SELECT number, began_at, ended_at, outcome, detail FROM provider_calls WHERE notification_id = ?1 ORDER BY number";

/// A call of a provider, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Call {
    number: u32,
    began_at: Timestamp,
    /// Nothing while it is under way, and for ever if it was cut off.
    ended_at: Option<Timestamp>,
    outcome: Option<String>,
    detail: Option<String>,
}

/// Writes down that the provider is about to be asked to send `id`, and says for which time that is.
pub(crate) async fn begin(db: &Connection, id: NotificationId, now: Timestamp) -> Result<u32, sql::Error> {
    let (number,): (u32,) = db.query_one(BEGIN, params![id, now]).await?;
    Ok(number)
}

/// Writes down what was answered.
pub(crate) async fn end(
    transaction: &Transaction<'_>,
    id: NotificationId,
    number: u32,
    answer: &Answer,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(END, params![id, number, now, answer.name(), answer.detail()]).await?;
    Ok(())
}

/// All calls for `id`, the first one first.
pub(crate) async fn list(db: &Connection, id: NotificationId) -> Result<Vec<Call>, sql::Error> {
    db.query_all(SELECT, params![id]).await
}

impl FromRow for Call {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let (number, began_at, ended_at) = (row.at(0)?, row.at(1)?, row.at(2)?);
        Ok(Self { number, began_at, ended_at, outcome: row.at(3)?, detail: row.at(4)? })
    }
}
