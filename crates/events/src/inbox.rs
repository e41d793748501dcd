//! Step 4 of an event: the inbox of a consumer, which stores each event once until it is handled and for a while after. A pushed event is stored
//! with what the first transaction of its first attempt writes ([`leased`], [`done`]), or with the failure before that ([`insert_attempted`]); all others
//! are stored before their first attempt ([`insert`]).
//!
//! The table is in `inbox/schema.sql`, a migration of every service that consumes events (`migrations/<service>/shared.txt`).

use const_format::formatcp;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row};
use std::collections::BTreeMap;
use std::time::Duration;

/// A duplicate changes nothing. The first ?2 events are leased for ?3, the others are due. Sorts: the events of one call.
const INSERT: &str = formatcp!(
    "INSERT INTO inbox (id, source, type, subject, time, seq, traceparent, request_id, data, state, attempts, next_attempt_at, received_at)
    SELECT e.value ->> 'id', e.value ->> 'source', e.value ->> 'type', e.value ->> 'subject', e.value ->> 'time', e.value ->> 'seq',
           e.value ->> 'traceparent', e.value ->> 'request_id', e.value ->> 'data', 'pending', e.key < ?2, {NOW} + iif(e.key < ?2, ?3, 0), {NOW}
    FROM json_each(?1) AS e WHERE true ORDER BY e.key
    ON CONFLICT (id, source) DO NOTHING
    RETURNING id, source, attempts = 1 AS is_leased"
);

/// An event that was not stored before its first attempt, as that leaves it: due ?13 after ?12, or after now. A duplicate changes nothing.
const INSERT_ATTEMPTED: &str = formatcp!(
    "INSERT INTO inbox (id, source, type, subject, time, seq, traceparent, request_id, data, state, attempts, next_attempt_at, failures,
        received_at, settled_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, coalesce(?12, {NOW}) + ?13, ?14, {NOW}, ?15)
    ON CONFLICT (id, source) DO NOTHING
    RETURNING id"
);

/// Scans: what waits, which is little unless something is down.
const COUNT_PENDING: &str = "SELECT count(*) FROM inbox WHERE state = 'pending'";

/// The state of the inbox for the metrics, and the cursors of the sources ?1, a JSON array. Counts up to ?2.
const SELECT_METRICS: &str = formatcp!(
    "SELECT
        (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state = 'pending' AND next_attempt_at >= 0 LIMIT ?2)) AS waiting,
        (SELECT max(0, {NOW} - min(next_attempt_at)) FROM inbox WHERE state = 'pending' AND next_attempt_at >= 0) AS oldest_ms,
        (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state = 'dead' AND settled_at >= 0 LIMIT ?2)) AS dead,
        (SELECT json_group_object(source, seq) FROM event_cursors WHERE source IN (SELECT value FROM json_each(?1))) AS cursors"
);

/// Dead letters stay until an operator decides.
const PRUNE: &str = "
    DELETE FROM inbox WHERE (id, source) IN (
        SELECT id, source FROM inbox WHERE state IN ('done', 'discarded') AND settled_at < ?1 ORDER BY settled_at LIMIT ?2)
    RETURNING id";

const SELECT_CURSOR: &str = "SELECT seq FROM event_cursors WHERE source = ?1";

const SET_CURSOR: &str = "
    INSERT INTO event_cursors (source, seq) VALUES (?1, ?2)
    ON CONFLICT (source) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq";

/// An event that is done is only kept so that a duplicate is recognised: nothing of what it carried is stored.
const NO_DATA: &str = "{}";

/// The state in which an attempt leaves its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AttemptState {
    /// It is over since this time.
    Done(Timestamp),
    /// This was no attempt: the event is due a delay after a time, or after now.
    Postponed(Option<Timestamp>, Duration),
    /// It has failed, for the reason in this JSON object: the event is due after a delay.
    Failed(String, Duration),
    /// It has failed for good, for the reason in this JSON object, at this time.
    Dead(String, Timestamp),
}

/// The state of an inbox.
#[derive(Debug)]
pub(crate) struct InboxState {
    /// The number of events that wait to be handled.
    pub(crate) waiting: i64,
    /// The time for which the longest waiting one has been due, in milliseconds; 0 if none is.
    pub(crate) oldest_ms: i64,
    /// The number of dead letters.
    pub(crate) dead: i64,
    /// The number of the last event that was pulled from each source.
    pub(crate) cursors: BTreeMap<String, i64>,
}

/// The new events of one call of [`insert`].
#[derive(Debug, Default)]
pub(crate) struct Inserted {
    /// Those that are leased.
    pub(crate) leased: Vec<CloudEvent>,
    /// The ids of the others, which are due.
    pub(crate) due: Vec<String>,
}

impl Inserted {
    /// Returns whether no event was new.
    pub(crate) fn is_empty(&self) -> bool {
        self.leased.is_empty() && self.due.is_empty()
    }
}

/// Stores `events`, the first `count` of them leased for `lease`, so that a first attempt costs no further statement; the others are due at once.
///
/// # Errors
///
/// The errors of the database.
pub(crate) async fn insert(
    db: &Connection,
    events: &[CloudEvent],
    count: usize,
    lease: Duration,
) -> Result<Inserted, sql::Error> {
    if events.is_empty() {
        return Ok(Inserted::default());
    }
    let rows: Value = events.iter().map(|event| row(event, event.data.get(), json!({}))).collect();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut inserted = Inserted::default();
    for (id, source, is_leased) in
        db.query_all::<(String, String, bool)>(INSERT, params![rows.to_string(), count, lease]).await?
    {
        let is_same = |event: &&CloudEvent| event.id == id && event.producer() == source;
        match events.iter().find(is_same) {
            Some(event) if is_leased => inserted.leased.push(event.clone()),
            _ => inserted.due.push(id),
        }
    }
    Ok(inserted)
}

/// Stores `event` as its first attempt leaves it. Returns false if it was stored before: then it belongs to another attempt, or is over.
///
/// # Errors
///
/// The errors of the database.
pub(crate) async fn insert_attempted(
    db: &Connection,
    event: &CloudEvent,
    state: &AttemptState,
) -> Result<bool, sql::Error> {
    let none = (None, Duration::ZERO);
    let (name, attempts, (time, delay), failure, settled_at) = match state {
        AttemptState::Done(now) => ("done", 1, none, None, Some(*now)),
        AttemptState::Postponed(time, delay) => ("pending", 0, (*time, *delay), None, None),
        AttemptState::Failed(failure, delay) => ("pending", 1, (None, *delay), Some(failure), None),
        AttemptState::Dead(failure, now) => ("dead", 1, none, Some(failure), Some(*now)),
    };
    let data = if name == "done" { NO_DATA } else { event.data.get() };
    let failures = failure.map_or_else(|| "[]".to_owned(), |failure| format!("[{failure}]"));
    let values = params![
        &event.id,
        event.producer(),
        &event.kind,
        &event.subject,
        event.time,
        event.position(),
        &event.traceparent,
        &event.requestid,
        data,
        name,
        attempts,
        time,
        delay,
        failures,
        settled_at,
    ];
    Ok(!db.execute(INSERT_ATTEMPTED, values).await?.is_empty())
}

/// Returns the row that leases `event` to its first attempt for `lease`, for the end of the transaction that stores it.
pub(crate) fn leased(event: &CloudEvent, lease: Duration) -> Value {
    let lease = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
    row(event, event.data.get(), json!({ "state": "pending", "lease": lease }))
}

/// Returns the row of `event`, which is not stored yet, as its first attempt is over since `now`.
pub(crate) fn done(event: &CloudEvent, now: Timestamp) -> Value {
    row(event, NO_DATA, json!({ "state": "done", "lease": 0, "settled_at": now.as_millis() }))
}

/// Returns the row of `event`, which is stored, as this `attempt` is over since `now`.
pub(crate) fn completed(event: &CloudEvent, attempt: u32, now: Timestamp) -> Value {
    row(event, NO_DATA, json!({ "state": "done", "attempt": attempt, "settled_at": now.as_millis() }))
}

/// Returns whether a transaction was not committed because another attempt has stored its event, or has it by now.
pub(crate) fn is_superseded(error: &sql::Error) -> bool {
    // The text is the trigger's, in `inbox/append.sql`.
    matches!(error, sql::Error::Other(text) if text.contains("another attempt has the event"))
}

/// Returns the columns of `event` with `data`, and `more`.
fn row(event: &CloudEvent, data: &str, mut more: Value) -> Value {
    let row = json!({
        "id": event.id, "source": event.producer(), "type": event.kind, "subject": event.subject,
        "time": event.time.as_millis(), "seq": event.position(),
        "traceparent": event.traceparent, "request_id": event.requestid, "data": data,
    });
    if let (Value::Object(row), Some(more)) = (row, more.as_object_mut()) {
        more.extend(row);
    }
    more
}

/// Returns the number of events that are not handled yet.
pub(crate) async fn count_pending(db: &Connection) -> Result<i64, sql::Error> {
    let (count,): (i64,) = db.query_one(COUNT_PENDING, &[]).await?;
    Ok(count)
}

/// Removes up to `limit` events that were done or discarded before `time`, and returns their number.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: usize) -> Result<usize, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(db.execute(PRUNE, params![time, limit]).await?.len())
}

/// Returns the number of the last event that was pulled from `source`.
pub(crate) async fn cursor(db: &Connection, source: &str) -> Result<i64, sql::Error> {
    let row: Option<(i64,)> = db.query_optional(SELECT_CURSOR, params![source]).await?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// Returns the state of the inbox, with the cursors of `sources`. Counts up to `limit`.
pub(crate) async fn state(db: &Connection, sources: &[&str], limit: i64) -> Result<InboxState, sql::Error> {
    db.query_one(SELECT_METRICS, params![json!(sources).to_string(), limit]).await
}

impl FromRow for InboxState {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let cursors = serde_json::from_str(row.get("cursors")?);
        Ok(Self {
            waiting: row.get("waiting")?,
            oldest_ms: row.get::<Option<i64>>("oldest_ms")?.unwrap_or_default(),
            dead: row.get("dead")?,
            cursors: cursors.map_err(|error| sql::Error::Other(format!("the cursors are not read: {error}")))?,
        })
    }
}

/// Records that the events of `source` were pulled up to `seq`.
pub(crate) async fn set_cursor(db: &Connection, source: &str, seq: i64) -> Result<(), sql::Error> {
    db.execute(SET_CURSOR, params![source, seq]).await?;
    Ok(())
}
