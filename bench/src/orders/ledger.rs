//! What the services have written down, read beside them: when each order came and was paid, what waits, and how much room it takes.

use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};

use crate::load::{Latency, latency};

/// The databases in which an order leaves something.
const DATABASES: [&str; 3] = ["catalog", "orders", "payments"];

const COUNT_UNSETTLED: &str = "SELECT count(*) FROM orders WHERE captured_at IS NULL";
const SELECT_LAST_ORDER: &str = "SELECT coalesce(max(rowid), 0) FROM orders";
const SELECT_PAID: &str = "
    SELECT max(t.at - o.created_at, 0) FROM orders AS o
    JOIN order_timeline AS t ON t.order_id = o.id AND t.kind = 'paid' WHERE o.rowid > ?1";
const COUNT_ORDERS: &str = "SELECT count(*) FROM orders WHERE rowid > ?1";
const SELECT_BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

/// How many events with a listener an order that is paid and captured has told: `PaymentRequested`, `PaymentAuthorized`, `OrderPaid`,
/// `PaymentCaptured`.
const EVENTS_PER_ORDER: u32 = 4;

/// The databases, open to be read.
pub(super) struct Ledger {
    all: Vec<Connection>,
}

impl Ledger {
    /// Opens those in `state`.
    pub(super) fn open(state: &Path) -> Result<Self> {
        let open = |name: &&str| {
            let file = state.join(format!("{name}.db"));
            let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            Ok(connection)
        };
        Ok(Self { all: DATABASES.iter().map(open).collect::<Result<_>>()? })
    }

    fn orders(&self) -> &Connection {
        &self.all[1]
    }

    /// How many orders are not paid and captured yet.
    pub(super) fn unsettled(&self) -> Result<u32> {
        Ok(self.orders().query_row(COUNT_UNSETTLED, [], |row| row.get(0))?)
    }

    /// Where the orders end.
    pub(super) fn last_order(&self) -> Result<u32> {
        Ok(self.orders().query_row(SELECT_LAST_ORDER, [], |row| row.get(0))?)
    }

    /// How many events the orders after `order` have told to somebody.
    pub(super) fn events_since(&self, order: u32) -> Result<u32> {
        let orders: u32 = self.orders().query_row(COUNT_ORDERS, [order], |row| row.get(0))?;
        Ok(orders * EVENTS_PER_ORDER)
    }

    /// How long each order after `order` took from being placed to being paid.
    pub(super) fn paid_since(&self, order: u32) -> Result<Latency> {
        let mut statement = self.orders().prepare(SELECT_PAID)?;
        let mut paid = latency();
        for millis in statement.query_map([order], |row| row.get::<_, u32>(0))? {
            paid.record(u64::from(millis?) * 1_000_000)?;
        }
        Ok(paid)
    }

    /// How many bytes all of it takes.
    pub(super) fn bytes(&self) -> Result<i64> {
        let bytes = |connection: &Connection| connection.query_row(SELECT_BYTES, [], |row| row.get::<_, i64>(0));
        Ok(self.all.iter().map(bytes).sum::<Result<i64, _>>()?)
    }
}
