//! The table `stock_calls`: the calls to the catalog that are still to be made, or whose response was lost.

use spindle_contracts::OrderId;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// Replaces an earlier call: the later one includes its effect.
const INSERT: &str = "
    INSERT INTO stock_calls (order_id, call) VALUES (?1, ?2) ON CONFLICT (order_id) DO UPDATE SET call = excluded.call";

/// Scans: the rows are few, and all of them are due.
const SELECT: &str = "SELECT order_id, call FROM stock_calls ORDER BY order_id LIMIT ?1";

const DELETE: &str = "DELETE FROM stock_calls WHERE order_id = ?1 AND call = ?2";

/// A call to the catalog about the stock of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StockCall {
    /// Commit the stock once more: an earlier release of the catalog took it off the shelf when the order was paid.
    Commit,
    /// Take the stock of a shipped order off the shelf.
    Ship,
}

/// A call that is due.
pub(crate) struct DueCall {
    pub(crate) order_id: OrderId,
    pub(crate) call: StockCall,
}

impl StockCall {
    fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Ship => "ship",
        }
    }
}

/// Records that `call` is to be made for the order.
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    order_id: OrderId,
    call: StockCall,
) -> Result<(), sql::Error> {
    transaction.execute(INSERT, params![order_id, call.name()]).await?;
    Ok(())
}

/// Returns up to `limit` calls that are due, those of the oldest orders first.
pub(crate) async fn due(db: &Connection, limit: i64) -> Result<Vec<DueCall>, sql::Error> {
    db.query_all(SELECT, params![limit]).await
}

/// Records that the catalog has confirmed `call`.
pub(crate) async fn delete(db: &Connection, order_id: OrderId, call: StockCall) -> Result<(), sql::Error> {
    db.execute(DELETE, params![order_id, call.name()]).await?;
    Ok(())
}

impl FromRow for DueCall {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let name: &str = row.get("call")?;
        let corrupt = || sql::Error::Other(format!("stock_calls.call holds {name:?}"));
        let call = [StockCall::Commit, StockCall::Ship].into_iter().find(|call| call.name() == name);
        Ok(Self { order_id: row.get("order_id")?, call: call.ok_or_else(corrupt)? })
    }
}
