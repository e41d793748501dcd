//! The table `order_timeline`. Its entries are written with their order ([`orders`](super::orders)).

use crate::timeline::Entry;
use serde_json::json;
use spindle_contracts::OrderId;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};
use std::collections::BTreeMap;

const SELECT: &str = "SELECT at, kind, detail FROM order_timeline WHERE order_id = ?1 ORDER BY position";

/// The entries of several orders: ?1 is a JSON array of their ids.
const SELECT_OF_ORDERS: &str = "
    SELECT order_id, at, kind, detail FROM order_timeline WHERE order_id IN (SELECT value FROM json_each(?1))
    ORDER BY order_id, position";

/// Returns the entries of the order, the oldest first.
pub(crate) async fn list(db: &Connection, order_id: OrderId) -> Result<Vec<Entry>, sql::Error> {
    db.query_all(SELECT, params![order_id]).await
}

/// Returns the entries of each of `orders`, the oldest first.
pub(crate) async fn of_orders(
    db: &Connection,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, Vec<Entry>>, sql::Error> {
    let mut timelines: BTreeMap<OrderId, Vec<Entry>> = BTreeMap::new();
    for OfOrder(order, entry) in db.query_all(SELECT_OF_ORDERS, params![json!(orders).to_string()]).await? {
        timelines.entry(order).or_default().push(entry);
    }
    Ok(timelines)
}

/// An entry with its order.
struct OfOrder(OrderId, Entry);

impl FromRow for OfOrder {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self(row.get("order_id")?, Entry::from_row(row)?))
    }
}

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { at: row.get("at")?, kind: row.get("kind")?, detail: row.get("detail")? })
    }
}
