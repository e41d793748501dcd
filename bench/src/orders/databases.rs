//! The databases of the services, read while the services run: the times of orders and payments, the number of uncaptured orders, and the size.

use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};

use crate::load::{Latency, empty_histogram};

/// The databases with rows of an order.
const NAMES: [&str; 3] = ["catalog", "orders", "payments"];

const COUNT_UNCAPTURED: &str = "SELECT count(*) FROM orders WHERE captured_at IS NULL";
const SELECT_LAST_ORDER: &str = "SELECT coalesce(max(rowid), 0) FROM orders";
const SELECT_PAID: &str = "
    SELECT max(t.at - o.created_at, 0) FROM orders AS o
    JOIN order_timeline AS t ON t.order_id = o.id AND t.kind = 'paid' WHERE o.rowid > ?1";
const COUNT_ORDERS: &str = "SELECT count(*) FROM orders WHERE rowid > ?1";
const SELECT_BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

/// The number of events with a consumer that are published for an order until it is captured: `PaymentRequested`, `PaymentAuthorized`,
/// `OrderPaid`, `PaymentCaptured`.
const EVENTS_PER_ORDER: u32 = 4;

/// Read-only connections to the databases.
pub(super) struct Databases {
    all: Vec<Connection>,
}

impl Databases {
    /// Opens the databases in `state`.
    pub(super) fn open(state: &Path) -> Result<Self> {
        let open = |name: &&str| {
            let file = state.join(format!("{name}.db"));
            let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            Ok(connection)
        };
        Ok(Self { all: NAMES.iter().map(open).collect::<Result<_>>()? })
    }

    fn orders(&self) -> &Connection {
        &self.all[1]
    }

    /// Returns the number of orders that are not yet captured.
    pub(super) fn count_uncaptured(&self) -> Result<u32> {
        Ok(self.orders().query_row(COUNT_UNCAPTURED, [], |row| row.get(0))?)
    }

    /// Returns the row id of the last order; 0 without orders.
    pub(super) fn last_order(&self) -> Result<u32> {
        Ok(self.orders().query_row(SELECT_LAST_ORDER, [], |row| row.get(0))?)
    }

    /// Returns the number of events with a consumer that were published for the orders after `order`.
    pub(super) fn count_events_since(&self, order: u32) -> Result<u32> {
        let orders: u32 = self.orders().query_row(COUNT_ORDERS, [order], |row| row.get(0))?;
        Ok(orders * EVENTS_PER_ORDER)
    }

    /// Returns the times between the placement and the payment of the orders after `order`.
    pub(super) fn payment_latency_since(&self, order: u32) -> Result<Latency> {
        let mut statement = self.orders().prepare(SELECT_PAID)?;
        let mut paid = empty_histogram();
        for millis in statement.query_map([order], |row| row.get::<_, u32>(0))? {
            paid.record(u64::from(millis?) * 1_000_000)?;
        }
        Ok(paid)
    }

    /// Returns the size of all databases in bytes.
    pub(super) fn size_in_bytes(&self) -> Result<i64> {
        let bytes = |connection: &Connection| connection.query_row(SELECT_BYTES, [], |row| row.get::<_, i64>(0));
        Ok(self.all.iter().map(bytes).sum::<Result<i64, _>>()?)
    }
}
