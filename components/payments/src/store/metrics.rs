//! The numbers of the payments, for the metrics: from indexes, since they are read every few seconds.

use crate::metrics::Numbers;
use crate::payment::Status;
use const_format::formatcp;
use serde_json::json;
use spindle_contracts::{Timestamp, lowest_id_at};
use spindle_events::metrics::COUNTED;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row};
use std::time::Duration;

/// The window of payments by status.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// All numbers: of the statuses ?1, a JSON array, from the id ?2 on; and of the calls in progress, up to ?3.
const SELECT_METRICS: &str = formatcp!(
    "SELECT
        (SELECT json_group_object(value, (SELECT count(*) FROM payments WHERE status = value AND id >= ?2)) FROM json_each(?1)) AS by_status,
        (SELECT count(*) FROM (
            SELECT 1 FROM provider_calls INDEXED BY provider_calls_in_progress
            WHERE ended_at IS NULL AND lease_until > {NOW} LIMIT ?3)) AS calls_in_progress"
);

/// Reads the numbers at `now`.
pub(crate) async fn read(db: &Connection, now: Timestamp) -> Result<Numbers, sql::Error> {
    let statuses = json!(Status::ALL.map(Status::name)).to_string();
    db.query_one(SELECT_METRICS, params![statuses, lowest_id_at(now.minus(DAY)), COUNTED]).await
}

impl FromRow for Numbers {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let invalid = |error| sql::Error::Other(format!("by_status is not read: {error}"));
        let by_status = serde_json::from_str(row.get("by_status")?).map_err(invalid)?;
        Ok(Self { by_status, calls_in_progress: row.get("calls_in_progress")? })
    }
}
