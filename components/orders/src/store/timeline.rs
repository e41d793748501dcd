//! Timelines.

use crate::timeline::Entry;
use serde_json::json;
use spindle_contracts::OrderId;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// All entries of a step in one statement, behind those that are there.
const APPEND: &str = "
    INSERT INTO order_timeline (order_id, position, at, kind, detail)
    SELECT ?1, e.key + 1 + (SELECT coalesce(max(position), 0) FROM order_timeline WHERE order_id = ?1),
        e.value ->> 'at', e.value ->> 'kind', e.value ->> 'detail'
    FROM json_each(?2) AS e";

const SELECT: &str = "SELECT at, kind, detail FROM order_timeline WHERE order_id = ?1 ORDER BY position";

/// Adds `entries` to the timeline of the order.
pub(crate) async fn append(
    transaction: &Transaction<'_>,
    order_id: OrderId,
    entries: &[Entry],
) -> Result<(), sql::Error> {
    let row = |entry: &Entry| json!({ "at": entry.at.as_millis(), "kind": entry.kind, "detail": entry.detail });
    let rows: Vec<_> = entries.iter().map(row).collect();
    transaction.execute(APPEND, params![order_id, json!(rows).to_string()]).await?;
    Ok(())
}

/// What happened to the order, from the first on.
pub(crate) async fn list(db: &Connection, order_id: OrderId) -> Result<Vec<Entry>, sql::Error> {
    db.query_all(SELECT, params![order_id]).await
}

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { at: row.at(0)?, kind: row.at(1)?, detail: row.at(2)? })
    }
}
