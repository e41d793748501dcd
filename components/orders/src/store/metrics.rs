//! The numbers of the orders, for the metrics: from indexes, since they are read every few seconds.

use crate::metrics::{Numbers, PhaseNumbers};
use crate::order::Status;
use crate::saga::Phase;
use serde::de::DeserializeOwned;
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_events::metrics::COUNTED;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};
use std::time::Duration;

/// The window of orders by status, and that of the time until they are paid.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// All numbers: of the statuses ?1, a JSON array, since ?2; of the phases, up to ?3; and of the times until they were paid, of the ?3 latest orders
/// since ?4.
const SELECT_METRICS: &str = "
    SELECT
        (SELECT json_group_object(value, (SELECT count(*) FROM orders WHERE status = value AND created_at >= ?2)) FROM json_each(?1)) AS by_status,
        (SELECT count(*) FROM (
            SELECT 1 FROM orders INDEXED BY orders_overdue
            WHERE status = 'pending_payment' AND authorized_at IS NULL AND payment_due_at >= 0 LIMIT ?3)) AS awaiting_payment,
        (SELECT created_at FROM orders INDEXED BY orders_overdue
            WHERE status = 'pending_payment' AND authorized_at IS NULL AND payment_due_at >= 0 ORDER BY payment_due_at LIMIT 1) AS awaiting_payment_since,
        (SELECT count(*) FROM (
            SELECT 1 FROM orders INDEXED BY orders_to_take_stock
            WHERE status = 'pending_payment' AND authorized_at >= 0 LIMIT ?3)) AS awaiting_stock,
        (SELECT min(authorized_at) FROM orders INDEXED BY orders_to_take_stock
            WHERE status = 'pending_payment' AND authorized_at >= 0) AS awaiting_stock_since,
        (SELECT count(*) FROM (
            SELECT 1 FROM orders INDEXED BY orders_to_capture
            WHERE status = 'paid' AND captured_at IS NULL AND updated_at >= 0 LIMIT ?3)) AS awaiting_capture,
        (SELECT min(updated_at) FROM orders INDEXED BY orders_to_capture
            WHERE status = 'paid' AND captured_at IS NULL AND updated_at >= 0) AS awaiting_capture_since,
        (SELECT count(*) FROM (
            SELECT 1 FROM orders INDEXED BY orders_to_release_stock
            WHERE status = 'cancelled' AND stock_released_at IS NULL AND updated_at >= 0 LIMIT ?3)) AS cancelling,
        (SELECT min(updated_at) FROM orders INDEXED BY orders_to_release_stock
            WHERE status = 'cancelled' AND stock_released_at IS NULL AND updated_at >= 0) AS cancelling_since,
        (SELECT json_group_array(took) FROM (
            SELECT captured_at - created_at AS took FROM orders INDEXED BY orders_by_creation
            WHERE created_at >= ?4 ORDER BY created_at DESC LIMIT ?3) WHERE took IS NOT NULL) AS times_to_paid";

/// Reads the numbers at `now`.
pub(crate) async fn read(db: &Connection, now: Timestamp) -> Result<Numbers, sql::Error> {
    let statuses = json!(Status::ALL.map(Status::name)).to_string();
    db.query_one(SELECT_METRICS, params![statuses, now.minus(DAY), COUNTED, now.minus(HOUR)]).await
}

impl FromRow for Numbers {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let phase = |phase, count, since| Ok(PhaseNumbers { phase, count: row.get(count)?, since: row.get(since)? });
        let phases = [
            phase(Phase::AwaitingPayment, "awaiting_payment", "awaiting_payment_since"),
            phase(Phase::AwaitingStock, "awaiting_stock", "awaiting_stock_since"),
            phase(Phase::AwaitingCapture, "awaiting_capture", "awaiting_capture_since"),
            phase(Phase::Cancelling, "cancelling", "cancelling_since"),
        ];
        let phases = phases.into_iter().collect::<Result<_, sql::Error>>()?;
        Ok(Self { by_status: parsed(row, "by_status")?, phases, times_to_paid: parsed(row, "times_to_paid")? })
    }
}

fn parsed<T: DeserializeOwned>(row: &Row<'_>, column: &'static str) -> Result<T, sql::Error> {
    let invalid = |error| sql::Error::Other(format!("{column} is not read: {error}"));
    serde_json::from_str(row.get(column)?).map_err(invalid)
}
