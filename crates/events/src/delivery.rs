//! Step 6 of an event: one attempt to handle it. An attempt leases the event from the inbox, and ends as complete, failed or postponed. If
//! the instance dies, the lease expires: the next tick leases the event again, and that counts as an attempt. Whatever ends an attempt names
//! its number, so that one that took longer than its lease changes nothing any more.

use crate::error::HandlerError;
use crate::outbox::read_event;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{CloudEvent, EventData};
use spindle_platform::sql::{self, Connection, Rows, Transaction};
use spindle_platform::{Context, params};
use std::cell::Cell;
use std::fmt;
use std::time::Duration;

const LEASE_DUE: &str = "
    UPDATE inbox SET attempts = attempts + 1, next_attempt_at = ?2
    WHERE state = 'pending' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'pending' AND next_attempt_at <= ?1 ORDER BY next_attempt_at LIMIT ?3)
    RETURNING source, id, type, subject, time, seq, traceparent, request_id, data, attempts, received_at,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1 AS may_be_poison";

const LEASE_NEW: &str = "
    UPDATE inbox SET attempts = attempts + 1, next_attempt_at = ?2
    WHERE state = 'pending' AND next_attempt_at <= ?1 AND id IN (SELECT value FROM json_each(?3))
    RETURNING source, id, type, subject, time, seq, traceparent, request_id, data, attempts, received_at,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1 AS may_be_poison";

const RETURN_LEASES: &str = "
    UPDATE inbox SET attempts = attempts - 1, next_attempt_at = ?2
    WHERE state = 'pending' AND (id, source, attempts) IN (
        SELECT value ->> 'id', value ->> 'source', value ->> 'attempt' FROM json_each(?1))
    RETURNING id";

const COMPLETE: &str = "
    UPDATE inbox SET state = 'done', settled_at = ?4
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

const RETRY_LATER: &str = "
    UPDATE inbox SET next_attempt_at = ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

const MAKE_DEAD_LETTER: &str = "
    UPDATE inbox SET state = 'dead', settled_at = ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

/// One attempt to handle an event: the event, leased to this instance, and the connection on which it has its effect.
pub struct Delivery<'a> {
    db: &'a Connection,
    event: CloudEvent,
    attempt: u32,
    received_at: Timestamp,
    may_be_poison: bool,
    is_complete: Cell<bool>,
}

/// Leases up to `limit` due events until `lease_until`, the longest waiting first.
pub(crate) async fn lease_due(
    db: &Connection,
    limit: usize,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Vec<Delivery<'_>>, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    leased(db, &db.execute(LEASE_DUE, params![now, lease_until, limit]).await?)
}

/// Leases the events with these ids that are due, until `lease_until`.
pub(crate) async fn lease_new<'a>(
    db: &'a Connection,
    ids: &[String],
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Vec<Delivery<'a>>, sql::Error> {
    leased(db, &db.execute(LEASE_NEW, params![now, lease_until, json!(ids).to_string()]).await?)
}

fn leased<'a>(db: &'a Connection, rows: &Rows) -> Result<Vec<Delivery<'a>>, sql::Error> {
    let mut leased = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        leased.push(Delivery {
            db,
            event: read_event(&row, row.get("source")?)?,
            attempt: row.get("attempts")?,
            received_at: row.get("received_at")?,
            may_be_poison: row.get("may_be_poison")?,
            is_complete: Cell::new(false),
        });
    }
    // RETURNING has no order, and of the same source the events are best handled in the order in which they happened.
    leased.sort_by_key(|delivery| (delivery.event.time, delivery.event.position()));
    Ok(leased)
}

/// Returns the leases of `deliveries`, as if they had not begun: their events are due at `time`.
pub(crate) async fn return_leases(
    db: &Connection,
    deliveries: &[Delivery<'_>],
    time: Timestamp,
) -> Result<(), sql::Error> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let rows: Value = deliveries.iter().map(Delivery::key).collect();
    db.execute(RETURN_LEASES, params![rows.to_string(), time]).await?;
    Ok(())
}

impl<'a> Delivery<'a> {
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

    /// Returns the time since the event arrived, or was replayed.
    pub(crate) fn age(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(now.as_millis() - self.received_at.as_millis()).unwrap_or_default())
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

    /// Returns the lease until `time`.
    pub(crate) async fn postpone(&self, time: Timestamp) -> Result<(), sql::Error> {
        let rows = Value::from_iter([self.key()]);
        self.db.execute(RETURN_LEASES, params![rows.to_string(), time]).await?;
        Ok(())
    }

    /// Records that the attempt failed with `error`: the event waits until `next`, or is a dead letter if there is no next attempt. Returns
    /// whether this still was the current attempt.
    pub(crate) async fn fail(&self, now: Timestamp, error: &str, next: Option<Timestamp>) -> Result<bool, sql::Error> {
        let (id, source) = (&self.event.id, self.event.producer());
        let failure =
            json!({ "attempt": self.attempt, "at": now, "error": error, "next_attempt_at": next }).to_string();
        let statement = if next.is_some() { RETRY_LATER } else { MAKE_DEAD_LETTER };
        let values = params![id, source, self.attempt, next.unwrap_or(now), failure];
        Ok(!self.db.execute(statement, values).await?.is_empty())
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
