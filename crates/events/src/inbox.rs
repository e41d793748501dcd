//! Step 4 of an event: the inbox of a consumer, which stores each event once until it is handled and for a while after.
//!
//! The table is in `inbox/schema.sql`, a migration of every service that consumes events (`migrations/<service>/shared.txt`).

use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{CloudEvent, EventData};
use spindle_platform::sql::{self, Connection, FromRow, Row};
use spindle_platform::{Context, params};

/// A duplicate changes nothing. Sorts: the events of one call.
const INSERT: &str = "
    INSERT INTO inbox (id, source, type, subject, time, seq, traceparent, request_id, data, state, next_attempt_at, received_at)
    SELECT e.value ->> 'id', e.value ->> 'source', e.value ->> 'type', e.value ->> 'subject', e.value ->> 'time', e.value ->> 'seq',
           e.value ->> 'traceparent', e.value ->> 'request_id', e.value ->> 'data', 'pending', ?2, ?2
    FROM json_each(?1) AS e WHERE true ORDER BY e.key
    ON CONFLICT (id, source) DO NOTHING
    RETURNING id";

/// Scans: what waits, which is little unless something is down.
const COUNT_PENDING: &str = "SELECT count(*) FROM inbox WHERE state = 'pending'";

/// Dead letters stay until an operator decides.
const PRUNE: &str = "
    DELETE FROM inbox WHERE (id, source) IN (
        SELECT id, source FROM inbox WHERE state IN ('done', 'discarded') AND settled_at < ?1 ORDER BY settled_at LIMIT ?2)
    RETURNING id";

const SELECT_CURSOR: &str = "SELECT seq FROM event_cursors WHERE source = ?1";

const SET_CURSOR: &str = "
    INSERT INTO event_cursors (source, seq) VALUES (?1, ?2)
    ON CONFLICT (source) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq";

/// An event in the inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxMessage {
    /// Its id, unique together with its source.
    pub id: String,
    /// The service that published it, or the name of another source.
    pub source: String,
    /// The type of the event.
    pub kind: String,
    /// The id of the thing that it is about.
    pub subject: String,
    /// The time at which it happened.
    pub time: Timestamp,
    /// Its position among the events of its source; 0 where they are not counted.
    pub seq: i64,
    /// The trace in which it happened.
    pub traceparent: String,
    /// The request in which it happened.
    pub request_id: String,
    /// Its data, as JSON text.
    pub data: String,
}

impl InboxMessage {
    /// Makes a message of `data` about `subject`, with the trace and the request of `context`, as `source` publishes it under `id`: for
    /// facts that do not arrive as events, and are to be handled as such.
    ///
    /// # Panics
    ///
    /// If `data` has no JSON form, which plain data has.
    pub fn new<T: EventData>(
        context: &Context,
        id: impl std::fmt::Display,
        source: impl Into<String>,
        subject: impl std::fmt::Display,
        data: &T,
    ) -> Self {
        Self {
            id: id.to_string(),
            source: source.into(),
            kind: T::NAME.to_owned(),
            subject: subject.to_string(),
            time: context.now(),
            seq: 0,
            traceparent: context.trace().to_string(),
            request_id: context.request_id().to_owned(),
            data: serde_json::to_string(data).expect("events are plain data"),
        }
    }
}

impl From<CloudEvent> for InboxMessage {
    fn from(event: CloudEvent) -> Self {
        Self {
            source: event.producer().to_owned(),
            data: event.data.to_string(),
            seq: event.sequence.parse().unwrap_or(0),
            id: event.id,
            kind: event.kind,
            subject: event.subject,
            time: event.time,
            traceparent: event.traceparent,
            request_id: event.requestid,
        }
    }
}

impl FromRow for InboxMessage {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            id: row.get("id")?,
            source: row.get("source")?,
            kind: row.get("type")?,
            subject: row.get("subject")?,
            time: row.get("time")?,
            seq: row.get("seq")?,
            traceparent: row.get("traceparent")?,
            request_id: row.get("request_id")?,
            data: row.get("data")?,
        })
    }
}

/// Stores `messages`, due at once, and returns the ids of the new ones.
///
/// # Errors
///
/// The errors of the database.
pub async fn insert(db: &Connection, messages: &[InboxMessage], now: Timestamp) -> Result<Vec<String>, sql::Error> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let row = |message: &InboxMessage| {
        json!({
            "id": message.id, "source": message.source, "type": message.kind, "subject": message.subject,
            "time": message.time.as_millis(), "seq": message.seq, "traceparent": message.traceparent,
            "request_id": message.request_id, "data": message.data,
        })
    };
    let rows: Value = messages.iter().map(row).collect();
    let inserted: Vec<(String,)> = db.query_all(INSERT, params![rows.to_string(), now]).await?;
    Ok(inserted.into_iter().map(|(id,)| id).collect())
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

/// Records that the events of `source` were pulled up to `seq`.
pub(crate) async fn set_cursor(db: &Connection, source: &str, seq: i64) -> Result<(), sql::Error> {
    db.execute(SET_CURSOR, params![source, seq]).await?;
    Ok(())
}
