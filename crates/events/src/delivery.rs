//! Step 6 of an event: one attempt to handle it. An attempt leases the event from the inbox, and ends as complete, failed or postponed. If
//! the instance dies, the lease expires: the next tick leases the event again, and that counts as an attempt. Whatever ends an attempt names
//! its number, so that one that took longer than its lease changes nothing any more.
//!
//! The first attempt at a pushed event has no lease: the event is not in the inbox yet. The first thing that the attempt commits stores it: done,
//! if it commits once; leased, if it goes on; with its failure, if it has failed before. If the event is in the inbox by then, because a pull or
//! another push was faster, nothing is committed, and the attempt is [superseded](HandlerError::Superseded). If the instance dies before, it has
//! done nothing, and the next tick pulls the event.

use crate::error::HandlerError;
use crate::inbox::{self, AttemptState};
use crate::outbox::read_event;
use const_format::formatcp;
use futures::channel::oneshot;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{CloudEvent, EventData, PAYMENT_TOKEN, without_token};
use spindle_platform::sql::{self, Connection, NOW, Rows};
use spindle_platform::{Context, params};
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
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

/// One attempt to handle an event: the event, which is this instance's for the time of a lease, and the connection on which it has its effect.
pub struct Delivery<'a> {
    db: &'a Connection,
    event: CloudEvent,
    attempt: u32,
    /// The time since the event arrived, or was replayed, when the attempt began.
    age: Duration,
    may_be_poison: bool,
    is_complete: Cell<bool>,
    /// Whether the event is in the inbox, as all but a pushed one are before their first attempt.
    is_stored: Cell<bool>,
    /// For how long the attempt has the event to itself, from when it stores it.
    lease: Duration,
    /// Where the attempt reports that it has stored the event.
    on_stored: Cell<Option<oneshot::Sender<()>>>,
}

/// A transaction of a handler. It derefs to the database's, and only its [`Delivery`] commits it: [`complete`](Delivery::complete) does if the
/// handler ends with it, [`commit`](Delivery::commit) if it goes on.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Transaction<'a>(sql::Transaction<'a>);

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
        let event = read_event(&row, row.get("source")?)?;
        leased.push(Delivery {
            attempt: row.get("attempts")?,
            age: u64::try_from(row.get::<i64>("age")?).map_or(Duration::ZERO, Duration::from_millis),
            may_be_poison: row.get("may_be_poison")?,
            ..Delivery::first(db, event)
        });
    }
    // RETURNING has no order, and of the same source the events are best handled in the order in which they happened.
    leased.sort_by_key(|delivery| (delivery.event.time, delivery.event.position()));
    Ok(leased)
}

/// Returns the leases of `deliveries`, as if they had not begun: their events are due. One that is not stored yet is stored.
pub(crate) async fn return_leases(db: &Connection, deliveries: &[Delivery<'_>]) -> Result<(), sql::Error> {
    let (stored, unstored): (Vec<_>, Vec<_>) = deliveries.iter().partition(|delivery| delivery.is_stored.get());
    for delivery in unstored {
        delivery.postpone(None, Duration::ZERO).await?;
    }
    if stored.is_empty() {
        return Ok(());
    }
    let rows: Value = stored.into_iter().map(Delivery::key).collect();
    db.execute(RETURN_LEASES, params![rows.to_string(), None::<Timestamp>, Duration::ZERO]).await?;
    Ok(())
}

impl<'a> Deref for Transaction<'a> {
    type Target = sql::Transaction<'a>;

    fn deref(&self) -> &sql::Transaction<'a> {
        &self.0
    }
}

impl<'a> Delivery<'a> {
    /// Returns the first attempt to handle `event`, which was leased when it was stored.
    pub(crate) fn first(db: &'a Connection, event: CloudEvent) -> Self {
        Self {
            db,
            event,
            attempt: 1,
            age: Duration::ZERO,
            may_be_poison: false,
            is_complete: Cell::new(false),
            is_stored: Cell::new(true),
            lease: Duration::ZERO,
            on_stored: Cell::new(None),
        }
    }

    /// Returns the first attempt to handle `event`, which is not stored yet. If the attempt goes on when it stores it, it leases it for `lease`, and
    /// reports it to `on_stored`.
    pub(crate) fn pushed(
        db: &'a Connection,
        event: CloudEvent,
        lease: Duration,
        on_stored: oneshot::Sender<()>,
    ) -> Self {
        let (is_stored, on_stored) = (Cell::new(false), Cell::new(Some(on_stored)));
        Self { is_stored, lease, on_stored, ..Self::first(db, event) }
    }

    /// Moves the attempt to another connection.
    pub(crate) fn on<'b>(self, db: &'b Connection) -> Delivery<'b>
    where
        'a: 'b,
    {
        Delivery { db, ..self }
    }

    /// Returns whether the handler has marked the event as done.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete.get()
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

    /// Returns the service's database, for what happens outside of a transaction. Before the first commit nothing may be written with it.
    pub fn db(&self) -> &Connection {
        self.db
    }

    /// Opens a transaction in which the event has its effect. Nothing of the handler may be visible outside of it before it is committed: the
    /// event may turn out to be another attempt's.
    ///
    /// # Errors
    ///
    /// The errors of the database.
    pub async fn transaction(&self) -> Result<Transaction<'_>, HandlerError> {
        Ok(Transaction(self.db.transaction().await?))
    }

    /// Commits `transaction`, after which the handler goes on, as with the call of a provider: from now on the event is stored, and this attempt's
    /// for the time of a lease.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Superseded`] if another attempt has stored the event, and the errors of the database. Then nothing is committed.
    pub async fn commit(&self, transaction: Transaction<'_>) -> Result<(), HandlerError> {
        if !self.is_stored.get() {
            transaction.buffer_delivery(inbox::leased(&self.event, self.lease));
        }
        self.end(transaction).await
    }

    /// Marks the event as done in `transaction`, and commits it.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Superseded`] if another attempt has begun, and the errors of the database. Then nothing is committed.
    pub async fn complete(&self, context: &Context, transaction: Transaction<'_>) -> Result<(), HandlerError> {
        let now = context.now();
        transaction.buffer_delivery(match self.is_stored.get() {
            true => inbox::completed(&self.event, self.attempt, now),
            false => inbox::done(&self.event, now),
        });
        self.end(transaction).await?;
        self.is_complete.set(true);
        Ok(())
    }

    /// Commits `transaction`, with which the event is stored.
    async fn end(&self, transaction: Transaction<'_>) -> Result<(), HandlerError> {
        match transaction.0.commit().await {
            Err(error) if inbox::is_superseded(&error) => return Err(HandlerError::Superseded),
            committed => committed?,
        }
        self.set_stored();
        Ok(())
    }

    /// Marks the event as done unless [`complete`](Self::complete) has done so: the handler had nothing to do.
    pub(crate) async fn complete_unless_done(&self, now: Timestamp) -> Result<(), sql::Error> {
        if !self.is_complete.get() {
            self.write(&AttemptState::Done(now)).await?;
        }
        Ok(())
    }

    /// Returns the lease: the event is due `delay` after `time`, or after now.
    pub(crate) async fn postpone(&self, time: Option<Timestamp>, delay: Duration) -> Result<(), sql::Error> {
        self.write(&AttemptState::Postponed(time, delay)).await?;
        Ok(())
    }

    /// Records that the attempt failed with `error`: the event waits until `next`, or is a dead letter if there is no next attempt. Returns
    /// whether this still was the current attempt.
    pub(crate) async fn fail(&self, now: Timestamp, error: &str, next: Option<Timestamp>) -> Result<bool, sql::Error> {
        let failure =
            json!({ "attempt": self.attempt, "at": now, "error": error, "next_attempt_at": next }).to_string();
        let state = match next {
            Some(next) => {
                let millis = u64::try_from(next.as_millis() - now.as_millis()).unwrap_or_default();
                AttemptState::Failed(failure, Duration::from_millis(millis))
            }
            None => AttemptState::Dead(failure, now),
        };
        self.write(&state).await
    }

    /// Writes the state of the event, and stores the event if it is not stored yet. Returns whether this still was the current attempt.
    async fn write(&self, state: &AttemptState) -> Result<bool, sql::Error> {
        let db = self.db;
        if !self.is_stored.get() {
            return inbox::insert_attempted(db, &self.event, state).await;
        }
        let (id, source) = (&self.event.id, self.event.producer());
        let rows = match state {
            AttemptState::Done(now) => db.execute(COMPLETE, params![id, source, self.attempt, *now]).await?,
            AttemptState::Postponed(time, delay) => {
                let rows = Value::from_iter([self.key()]);
                db.execute(RETURN_LEASES, params![rows.to_string(), *time, *delay]).await?
            }
            AttemptState::Failed(failure, delay) => {
                db.execute(RETRY_LATER, params![id, source, self.attempt, *delay, failure]).await?
            }
            AttemptState::Dead(failure, now) => {
                db.execute(MAKE_DEAD_LETTER, params![id, source, self.attempt, *now, failure]).await?
            }
        };
        Ok(!rows.is_empty())
    }

    fn set_stored(&self) {
        self.is_stored.set(true);
        if let Some(on_stored) = self.on_stored.take() {
            // Without a receiver, no response waits for it.
            let _ = on_stored.send(());
        }
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
