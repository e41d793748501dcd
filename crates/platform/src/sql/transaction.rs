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

/// Whether the log has the row ?1 with the id ?2, and the outbox.
const SELECT_ROW: &str = "SELECT 1 FROM audit_log WHERE seq = ?1 AND id = ?2";
const SELECT_EVENT: &str = "SELECT 1 FROM outbox WHERE seq = ?1 AND id = ?2";

/// The head after the statement.
const HEAD: &str = "(SELECT seq FROM audit_head) AS head_seq, (SELECT mac FROM audit_head) AS head_mac";

/// An open transaction: it runs statements like its [`Connection`], and is rolled back unless it is committed.
///
/// A statement that a constraint refuses leaves the transaction open and rolls back only itself, so that a caller may recover. After any other error
/// every statement returns that error. Returning an error with `?` drops the transaction and rolls it back.
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

/// A row of which the database is asked whether it was committed, with its transaction: its number and its id.
struct Evidence {
    select: &'static str,
    seq: sql::Value,
    id: sql::Value,
}

/// The end of a transaction before its COMMIT.
#[derive(Default)]
pub(crate) struct Written {
    /// The number of its last event.
    last_event: Option<i64>,
    /// Its last row in the outbox or the audit log, if it has one.
    evidence: Option<Evidence>,
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
    /// [`Error::OutcomeUnknown`] if the response to COMMIT was lost and the database cannot be asked for the transaction.
    pub async fn commit(self) -> Result<(), Error> {
        let numbers = std::mem::take(&mut self.buffer.borrow_mut().numbers);
        let Written { last_event, evidence } = self.write_buffer().await?;
        self.open.check()?;
        match self.open.commit().await {
            Err(Error::Unavailable(cause)) => was_committed(self.connection, evidence, cause).await?,
            result => result?,
        }
        // One statement numbers them one after the other.
        for (EventNumber(number), last) in numbers.iter().rev().zip((1..=last_event.unwrap_or_default()).rev()) {
            number.set(Some(last));
        }
        Ok(())
    }

    /// Writes what is buffered: in one statement, and one more for each audit row after the first.
    pub(crate) async fn write_buffer(&self) -> Result<Written, Error> {
        let Buffer { rows, events, deliveries, .. } = self.buffer.take();
        let last_id = events.last().and_then(|event| event["id"].as_str()).map(str::to_owned);
        let json = |values: Vec<Value>| (!values.is_empty()).then(|| Value::Array(values).to_string());
        let (events, deliveries) = (json(events), json(deliveries));
        let mut rows = rows.into_iter();
        let mut end = Written::default();
        if events.is_some() || deliveries.is_some() {
            let written = match rows.next() {
                None => self.execute(APPEND_EVENTS, params![events, deliveries]).await?,
                Some(row) => self.append(APPEND, &row, [events.into(), deliveries.into()], &mut end).await?,
            };
            end.last_event = written.iter().next().map_or(Ok(None), |row| row.get("last_event"))?;
            if let (Some(seq), Some(id)) = (end.last_event, last_id) {
                end.evidence = Some(Evidence { select: SELECT_EVENT, seq: seq.into(), id: id.into() });
            }
        }
        for row in rows {
            self.append(APPEND_ROW, &row, [], &mut end).await?;
        }
        Ok(end)
    }

    /// Appends `row` to the audit log with `statement`, which has `more` values.
    async fn append<const N: usize>(
        &self,
        statement: &str,
        row: &UnchainedRow,
        more: [sql::Value; N],
        end: &mut Written,
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
        if let [seq, id, ..] = &*values {
            end.evidence = Some(Evidence { select: SELECT_ROW, seq: seq.clone(), id: id.clone() });
        }
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

/// Asks the database whether it has the transaction that wrote `evidence`, after the response to its COMMIT was lost. It is asked under the write lock,
/// which the transaction had: so the COMMIT is not on its way any more.
///
/// # Errors
///
/// [`Error::Unavailable`] with `cause` if the transaction was not committed, [`Error::OutcomeUnknown`] if that cannot be found out.
async fn was_committed(connection: &Connection, evidence: Option<Evidence>, cause: String) -> Result<(), Error> {
    let unknown = |why: &dyn std::fmt::Display| Error::OutcomeUnknown(format!("{cause}: {why}"));
    let Some(Evidence { select, seq, id }) = evidence else {
        return Err(unknown(&"it has neither an event nor an audit row"));
    };
    let transaction = connection.session.begin().await.map_err(|error| unknown(&error))?;
    let rows = connection.session.execute(select, &[seq, id]).await.map_err(|error| unknown(&error))?;
    drop(transaction);
    if rows.is_empty() { Err(Error::Unavailable(cause)) } else { Ok(()) }
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
