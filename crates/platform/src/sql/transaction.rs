//! Transactions. Audit rows, events and deliveries are buffered, and written by one statement right before the commit.
//!
//! That statement is an insert into the view `audit_append` (`audit/append.sql`), whose triggers write them; those of events and deliveries are in
//! `crates/events`. A row of the audit log is made for the head that this connection has seen last. If the log has grown since, the
//! statement does not write the row and returns the head, and the row is made again: the write lock is held, so that the second one fits.

use super::session::OpenTransaction;
use super::{self as sql, Connection, Error, Rows};
use crate::audit::{ChainHead, UnchainedRow};
use crate::params;
use const_format::formatcp;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

/// An audit row that was made for the head with the MAC ?12.
const APPEND_ROW: &str = formatcp!(
    "INSERT INTO audit_append (seq, id, at, actor, action, subject, request_id, source, detail, mac, head_mac, previous_mac)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING {HEAD}"
);

/// The same, with the events ?13 and the deliveries ?14.
const APPEND: &str = formatcp!(
    "INSERT INTO audit_append (seq, id, at, actor, action, subject, request_id, source, detail, mac, head_mac, previous_mac, events, deliveries)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING {HEAD}, (SELECT max(seq) FROM outbox) AS last_event"
);

/// Events and deliveries without an audit row.
const APPEND_EVENTS: &str = "
    INSERT INTO audit_append (events, deliveries) VALUES (?1, ?2) RETURNING (SELECT max(seq) FROM outbox) AS last_event";

/// The head after the statement.
const HEAD: &str = "(SELECT seq FROM audit_head) AS head_seq, (SELECT mac FROM audit_head) AS head_mac";

/// An open transaction: it runs statements like its [`Connection`], and is rolled back unless it is committed.
///
/// A statement that fails leaves the transaction open and rolls back only itself, so that a caller may recover; returning the error with `?`
/// drops the transaction and rolls it back.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Transaction<'c> {
    connection: &'c Connection,
    open: OpenTransaction<'c>,
    buffer: RefCell<Buffer>,
}

/// The rows that the transaction writes at its end, each kind in its order.
#[derive(Default)]
struct Buffer {
    rows: Vec<UnchainedRow>,
    events: Vec<Value>,
    numbers: Vec<EventNumber>,
    deliveries: Vec<Value>,
}

/// The number of an event in the outbox, which it has from the commit on.
#[derive(Clone, Debug, Default)]
pub struct EventNumber(Rc<Cell<Option<i64>>>);

impl EventNumber {
    /// Returns the number, or `None` if the transaction of the event is not committed.
    #[must_use]
    pub fn get(&self) -> Option<i64> {
        self.0.get()
    }
}

impl<'c> Transaction<'c> {
    pub(super) fn new(connection: &'c Connection, open: OpenTransaction<'c>) -> Self {
        Self { connection, open, buffer: RefCell::default() }
    }

    /// Writes what is buffered, makes everything durable and releases the write lock.
    ///
    /// # Errors
    ///
    /// SQLite's error, for example [`Error::Full`] or a constraint that a buffered row violates; then the whole transaction is rolled back.
    pub async fn commit(self) -> Result<(), Error> {
        let numbers = std::mem::take(&mut self.buffer.borrow_mut().numbers);
        let last_event = self.write_buffer().await?;
        self.open.commit().await?;
        // One statement numbers them one after the other.
        for (EventNumber(number), last) in numbers.iter().rev().zip((1..=last_event.unwrap_or_default()).rev()) {
            number.set(Some(last));
        }
        Ok(())
    }

    /// Writes what is buffered: in one statement, and one more for each audit row after the first. Returns the number of the last event.
    pub(crate) async fn write_buffer(&self) -> Result<Option<i64>, Error> {
        let Buffer { rows, events, deliveries, .. } = self.buffer.take();
        let json = |values: Vec<Value>| (!values.is_empty()).then(|| Value::Array(values).to_string());
        let (events, deliveries) = (json(events), json(deliveries));
        let mut rows = rows.into_iter();
        let mut last_event = None;
        if events.is_some() || deliveries.is_some() {
            let written = match rows.next() {
                None => self.execute(APPEND_EVENTS, params![events, deliveries]).await?,
                Some(row) => self.append(APPEND, &row, [events.into(), deliveries.into()]).await?,
            };
            last_event = written.iter().next().map_or(Ok(None), |row| row.get("last_event"))?;
        }
        for row in rows {
            self.append(APPEND_ROW, &row, []).await?;
        }
        Ok(last_event)
    }

    /// Appends `row` to the audit log with `statement`, which has `more` values.
    async fn append<const N: usize>(
        &self,
        statement: &str,
        row: &UnchainedRow,
        more: [sql::Value; N],
    ) -> Result<Rows, Error> {
        let (mut values, mut expected) = row.chained(&self.connection.head());
        values.extend(more);
        let written = self.execute(statement, &values).await?;
        let mut head = stored_head(&written)?;
        if head != expected {
            // The log has grown since this connection has seen its head. The row is not written, and everything else is.
            (values, expected) = row.chained(&head);
            head = stored_head(&self.execute(APPEND_ROW, &values).await?)?;
        }
        if head != expected {
            return Err(Error::Other("the audit log has not taken its row".to_owned()));
        }
        self.connection.set_head(head);
        Ok(written)
    }

    pub(crate) fn buffer_audit_row(&self, row: UnchainedRow) {
        self.buffer.borrow_mut().rows.push(row);
    }

    /// Buffers a row of the outbox: an object with its columns but `seq`. `data` is JSON.
    pub fn buffer_event(&self, event: Value) -> EventNumber {
        let (number, mut buffer) = (EventNumber::default(), self.buffer.borrow_mut());
        buffer.events.push(event);
        buffer.numbers.push(number.clone());
        number
    }

    /// Buffers an event that the transaction stores, or the end of the attempt at one: a row of the inbox as its trigger reads it (`inbox/append.sql`
    /// in `crates/events`).
    pub fn buffer_delivery(&self, delivery: Value) {
        self.buffer.borrow_mut().deliveries.push(delivery);
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

/// Returns the head of the audit log after a statement.
fn stored_head(written: &Rows) -> Result<ChainHead, Error> {
    let (seq, mac) = match written.iter().next() {
        Some(row) => (row.get("head_seq")?, row.get("head_mac")?),
        None => (None, None),
    };
    match (seq, mac) {
        (Some(seq), Some(mac)) => Ok(ChainHead { seq, mac }),
        _ => Err(Error::Other("the head of the audit log is missing".to_owned())),
    }
}
