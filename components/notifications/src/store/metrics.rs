//! The numbers of the notifications, for the metrics: from an index, since they are read every few seconds.

use crate::channel::{ALL, Channel};
use crate::metrics::Count;
use crate::notification::Status;
use serde_json::json;
use spindle_contracts::{Timestamp, lowest_id_at};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};
use std::time::Duration;

/// The window of notifications by channel and status.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The most notifications of a status that are counted, the latest first: the index does not have the channel, so each is read.
const COUNTED: i64 = 100_000;

/// The number of notifications of each channel, in the order of [`ALL`], of the statuses ?1, a JSON array, from the id ?2 on, the latest ?3 of each status.
const SELECT_METRICS: &str = "
    SELECT status.value AS status, (
        SELECT json_array(
            count(*) FILTER (WHERE channel = 'email'), count(*) FILTER (WHERE channel = 'sms'), count(*) FILTER (WHERE channel = 'push'))
        FROM (
            SELECT channel FROM notifications WHERE status = status.value AND id >= ?2 ORDER BY id DESC LIMIT ?3)) AS by_channel
    FROM json_each(?1) AS status";

/// The notifications of a status, by channel.
struct OfStatus {
    status: String,
    by_channel: [i64; ALL.len()],
}

/// Reads the numbers of all channels and statuses at `now`.
pub(crate) async fn read(db: &Connection, now: Timestamp) -> Result<Vec<Count>, sql::Error> {
    let statuses = json!(Status::ALL.map(Status::name)).to_string();
    let values = params![statuses, lowest_id_at(now.minus(DAY)), COUNTED];
    let rows: Vec<OfStatus> = db.query_all(SELECT_METRICS, values).await?;
    let counts = rows.into_iter().flat_map(|OfStatus { status, by_channel }| {
        let of_channel = move |(channel, count): (Channel, i64)| Count { channel, status: status.clone(), count };
        ALL.into_iter().zip(by_channel).map(of_channel)
    });
    Ok(counts.collect())
}

impl FromRow for OfStatus {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let invalid = |error| sql::Error::Other(format!("by_channel is not read: {error}"));
        let by_channel = serde_json::from_str(row.get("by_channel")?).map_err(invalid)?;
        Ok(Self { status: row.get("status")?, by_channel })
    }
}
