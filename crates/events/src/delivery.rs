//! Step 6 of an event: one attempt to handle it. An attempt leases the event from the inbox, and ends as complete, failed or postponed. If
//! the instance dies, the lease expires: the next tick leases the event again, and that counts as an attempt. Whatever ends an attempt names
//! its number, so that one that took longer than its lease changes nothing any more.

use crate::error::HandlerError;
use crate::outbox::read_event;
use const_format::formatcp;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{CloudEvent, EventData, PAYMENT_TOKEN, without_token};
use spindle_platform::sql::{self, Connection, NOW, Rows, Transaction};
use spindle_platform::{Context, params};
use std::cell::Cell;
use std::fmt;
use std::time::Duration;

const LEASE_DUE: &str = formatcp!(
    "UPDATE inbox SET attempts = attempts + 1, next_attempt_at = {NOW} + ?1
    WHERE state = 'pending' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'pending' AND next_attempt_at <= {NOW} ORDER BY next_attempt_at LIMIT ?2)
    RETURNING source, id, type, subject, time, seq, traceparent, request_id, data, attempts, {NOW} - received_at AS age,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1 AS may_be_poison"
);

const LEASE_NEW: &str = formatcp!(
    "UPDATE inbox SET attempts = attempts + 1, next_attempt_at = {NOW} + ?1
    WHERE state = 'pending' AND next_attempt_at <= {NOW} AND id IN (SELECT value FROM json_each(?2))
    RETURNING source, id, type, subject, time, seq, traceparent, request_id, data, attempts, {NOW} - received_at AS age,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1 AS may_be_poison"
);

/// The events are due ?3 after ?2, or after now.
const RETURN_LEASES: &str = formatcp!(
    "UPDATE inbox SET attempts = attempts - 1, next_attempt_at = coalesce(?2, {NOW}) + ?3
    WHERE state = 'pending' AND (id, source, attempts) IN (
        SELECT value ->> 'id', value ->> 'source', value ->> 'attempt' FROM json_each(?1))
    RETURNING id"
);

/// An event that is done is only kept so that a duplicate is recognised: nothing of what it carried stays.
const COMPLETE: &str = "
    UPDATE inbox SET state = 'done', settled_at = ?4, data = '{}', failures = '[]'
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

const RETRY_LATER: &str = formatcp!(
    "UPDATE inbox SET next_attempt_at = {NOW} + ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id"
);

const MAKE_DEAD_LETTER: &str = "
    UPDATE inbox SET state = 'dead', settled_at = ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

/// One attempt to handle an event: the event, leased to this instance, and the connection on which it has its effect.
pub struct Delivery<'a> {
    db: &'a Connection,
    event: CloudEvent,
    attempt: u32,
    /// The time since the event arrived, or was replayed, when the attempt began.
    age: Duration,
    may_be_poison: bool,
    is_complete: Cell<bool>,
}

/// Leases up to `limit` due events for `lease`, the longest waiting first.
pub(crate) async fn lease_due(db: &Connection, limit: usize, lease: Duration) -> Result<Vec<Delivery<'_>>, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    leased(db, &db.execute(LEASE_DUE, params![lease, limit]).await?)
}

/// Leases the events with these ids that are due, for `lease`.
pub(crate) async fn lease_new<'a>(
    db: &'a Connection,
    ids: &[String],
    lease: Duration,
) -> Result<Vec<Delivery<'a>>, sql::Error> {
    leased(db, &db.execute(LEASE_NEW, params![lease, json!(ids).to_string()]).await?)
}

fn leased<'a>(db: &'a Connection, rows: &Rows) -> Result<Vec<Delivery<'a>>, sql::Error> {
    let mut leased = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        leased.push(Delivery {
            db,
            event: read_event(&row, row.get("source")?)?,
            attempt: row.get("attempts")?,
            age: u64::try_from(row.get::<i64>("age")?).map_or(Duration::ZERO, Duration::from_millis),
            may_be_poison: row.get("may_be_poison")?,
            is_complete: Cell::new(false),
        });
    }
    // RETURNING has no order, and of the same source the events are best handled in the order in which they happened.
    leased.sort_by_key(|delivery| (delivery.event.time, delivery.event.position()));
    Ok(leased)
}

/// Returns the leases of `deliveries`, as if they had not begun: their events are due.
pub(crate) async fn return_leases(db: &Connection, deliveries: &[Delivery<'_>]) -> Result<(), sql::Error> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let rows: Value = deliveries.iter().map(Delivery::key).collect();
    db.execute(RETURN_LEASES, params![rows.to_string(), None::<Timestamp>, Duration::ZERO]).await?;
    Ok(())
}

impl<'a> Delivery<'a> {
    /// Returns the first attempt to handle `event`, which was leased when it was stored.
    pub(crate) fn first(db: &'a Connection, event: CloudEvent) -> Self {
        Self { db, event, attempt: 1, age: Duration::ZERO, may_be_poison: false, is_complete: Cell::new(false) }
    }

    /// Moves the attempt to another connection.
    pub(crate) fn on<'b>(self, db: &'b Connection) -> Delivery<'b>
    where
        'a: 'b,
    {
        Delivery { db, ..self }
    }

    /// Returns whether the attempt before this one ended without a result: its instance died, perhaps because of this event.
    pub(crate) fn may_be_poison(&self) -> bool {
        self.may_be_poison
    }

    /// Returns the event.
    pub fn event(&self) -> &CloudEvent {
        &self.event
    }

    /// Returns the number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the time since the event arrived, or was replayed, when the attempt began: by the clock of the database.
    pub(crate) fn age(&self) -> Duration {
        self.age
    }

    /// Reads the event's data as a `T`.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Permanent`] if it has another form.
    pub fn data<T: EventData>(&self) -> Result<T, HandlerError> {
        serde_json::from_str(self.event.data.get())
            .map_err(|error| HandlerError::Permanent(format!("invalid {}: {error}", T::NAME)))
    }

    /// Returns `text`, such as the error of a provider, with the means of payment redacted that the event has.
    pub(crate) fn without_means_of_payment(&self, text: &str) -> String {
        let data: Value = serde_json::from_str(self.event.data.get()).unwrap_or_default();
        let token = data.get(PAYMENT_TOKEN).and_then(Value::as_str).unwrap_or_default();
        without_token(text.to_owned(), token)
    }

    /// Returns the service's database, for what happens outside the transaction.
    pub fn db(&self) -> &Connection {
        self.db
    }

    /// Opens the transaction in which the event has its effect; [`complete`](Self::complete) commits it.
    ///
    /// # Errors
    ///
    /// The errors of the database.
    pub async fn transaction(&self) -> Result<Transaction<'_>, HandlerError> {
        Ok(self.db.transaction().await?)
    }

    /// Marks the event as done in `transaction`, and commits it.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Superseded`] if another attempt has begun, and the errors of the database. Then nothing is committed.
    pub async fn complete(&self, context: &Context, transaction: Transaction<'_>) -> Result<(), HandlerError> {
        if !self.set_done(&transaction, context.now()).await? {
            return Err(HandlerError::Superseded);
        }
        transaction.commit().await?;
        self.is_complete.set(true);
        Ok(())
    }

    /// Marks the event as done unless [`complete`](Self::complete) has done so: the handler had nothing to do.
    pub(crate) async fn complete_unless_done(&self, now: Timestamp) -> Result<(), sql::Error> {
        if !self.is_complete.get() {
            self.set_done(self.db, now).await?;
        }
        Ok(())
    }

    /// Returns the lease: the event is due `delay` after `time`, or after now.
    pub(crate) async fn postpone(&self, time: Option<Timestamp>, delay: Duration) -> Result<(), sql::Error> {
        let rows = Value::from_iter([self.key()]);
        self.db.execute(RETURN_LEASES, params![rows.to_string(), time, delay]).await?;
        Ok(())
    }

    /// Records that the attempt failed with `error`: the event waits until `next`, or is a dead letter if there is no next attempt. Returns
    /// whether this still was the current attempt.
    pub(crate) async fn fail(&self, now: Timestamp, error: &str, next: Option<Timestamp>) -> Result<bool, sql::Error> {
        let (id, source) = (&self.event.id, self.event.producer());
        let failure =
            json!({ "attempt": self.attempt, "at": now, "error": error, "next_attempt_at": next }).to_string();
        let (statement, time) = match next {
            Some(next) => (RETRY_LATER, next.as_millis() - now.as_millis()),
            None => (MAKE_DEAD_LETTER, now.as_millis()),
        };
        Ok(!self.db.execute(statement, params![id, source, self.attempt, time, failure]).await?.is_empty())
    }

    /// Returns whether this still was the current attempt.
    async fn set_done(&self, db: &Connection, now: Timestamp) -> Result<bool, sql::Error> {
        let (id, source) = (&self.event.id, self.event.producer());
        Ok(!db.execute(COMPLETE, params![id, source, self.attempt, now]).await?.is_empty())
    }

    fn key(&self) -> Value {
        json!({ "id": self.event.id, "source": self.event.producer(), "attempt": self.attempt })
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("event", &self.event).field("attempt", &self.attempt).finish_non_exhaustive()
    }
}
