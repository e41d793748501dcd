//! The inbox: what a service was told, each event once, and how far it has got with it.
//!
//! The table is in `inbox/schema.sql`, which every service that listens has among its migrations, byte for byte. An event is taken for a
//! while (its lease): if whoever took it dies, the next tick takes it again, and that counts as an attempt. Whoever settles it says
//! which attempt it was: one that took longer than its lease settles nothing.

use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::{CloudEvent, EventData};
use spindle_platform::sql::{self, Connection, FromRow, Row};
use spindle_platform::{Context, params};

/// A copy of what is there already changes nothing. Sorts: the events of one call.
const INSERT: &str = "
    INSERT INTO inbox (id, source, type, subject, time, seq, traceparent, request_id, data, state, next_attempt_at, received_at)
    SELECT e.value ->> 'id', e.value ->> 'source', e.value ->> 'type', e.value ->> 'subject', e.value ->> 'time', e.value ->> 'seq',
           e.value ->> 'traceparent', e.value ->> 'request_id', e.value ->> 'data', 'pending', ?2, ?2
    FROM json_each(?1) AS e WHERE true ORDER BY e.key
    ON CONFLICT (id, source) DO NOTHING
    RETURNING id";

const TAKE_DUE: &str = "
    UPDATE inbox SET attempts = attempts + 1, next_attempt_at = ?2
    WHERE state = 'pending' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'pending' AND next_attempt_at <= ?1 ORDER BY next_attempt_at LIMIT ?3)
    RETURNING id, source, type, subject, time, seq, traceparent, request_id, data, attempts,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1";

const TAKE_THESE: &str = "
    UPDATE inbox SET attempts = attempts + 1, next_attempt_at = ?2
    WHERE state = 'pending' AND next_attempt_at <= ?1 AND id IN (SELECT value FROM json_each(?3))
    RETURNING id, source, type, subject, time, seq, traceparent, request_id, data, attempts,
              attempts > 1 AND coalesce(failures ->> '$[#-1].attempt', 0) <> attempts - 1";

const GIVE_BACK: &str = "
    UPDATE inbox SET attempts = attempts - 1, next_attempt_at = ?2
    WHERE state = 'pending' AND (id, source, attempts) IN (
        SELECT value ->> 'id', value ->> 'source', value ->> 'attempt' FROM json_each(?1))
    RETURNING id";

const SET_DONE: &str = "
    UPDATE inbox SET state = 'done', settled_at = ?4
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

const SET_FAILED: &str = "
    UPDATE inbox SET next_attempt_at = ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

const SET_DEAD: &str = "
    UPDATE inbox SET state = 'dead', settled_at = ?4, failures = json_insert(failures, '$[#]', json(?5))
    WHERE id = ?1 AND source = ?2 AND state = 'pending' AND attempts = ?3 RETURNING id";

/// Scans: what waits, which is little unless something is down.
const COUNT_PENDING: &str = "SELECT count(*) FROM inbox WHERE state = 'pending'";

/// Dead letters stay until somebody decides.
const PRUNE: &str = "
    DELETE FROM inbox WHERE (id, source) IN (
        SELECT id, source FROM inbox WHERE state IN ('done', 'discarded') AND settled_at < ?1 ORDER BY settled_at LIMIT ?2)
    RETURNING id";

const SELECT_CURSOR: &str = "SELECT seq FROM event_cursors WHERE source = ?1";

const SET_CURSOR: &str = "
    INSERT INTO event_cursors (source, seq) VALUES (?1, ?2)
    ON CONFLICT (source) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq";

/// An event as it was received.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxMessage {
    /// Its id.
    pub id: String,
    /// The service that tells it, or whoever else does.
    pub source: String,
    /// What happened.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// When.
    pub time: Timestamp,
    /// Where it stands among the events of its source; 0 where they are not counted.
    pub seq: i64,
    /// The trace in which it happened.
    pub traceparent: String,
    /// The request in which it happened.
    pub request_id: String,
    /// What there is to know of it, as JSON text.
    pub data: String,
}

/// An event that was taken to be handled: it is nobody else's until its lease is over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) event: InboxMessage,
    /// The number of this attempt, from 1.
    pub(crate) attempt: u32,
    /// Whether the attempt before this one ended without a word: whoever made it died, perhaps of this event.
    pub(crate) is_suspect: bool,
}

/// What is to be taken.
pub(crate) enum Which<'a> {
    /// Those with these ids, whose time has come.
    These(&'a [String]),
    /// So many whose time has come, the longest waiting first.
    Due(usize),
}

impl InboxMessage {
    /// That `data` happened to `subject` in the request of `context`, as `source` tells under `id`: for what does not come as an event, and is to
    /// be handled as one.
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

/// Keeps `events`, to be handled at once, and gives the ids of those that are news.
///
/// # Errors
///
/// What the database says.
pub async fn insert(db: &Connection, events: &[InboxMessage], now: Timestamp) -> Result<Vec<String>, sql::Error> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let row = |event: &InboxMessage| {
        json!({
            "id": event.id, "source": event.source, "type": event.kind, "subject": event.subject, "time": event.time.as_millis(),
            "seq": event.seq, "traceparent": event.traceparent, "request_id": event.request_id, "data": event.data,
        })
    };
    let rows: Value = events.iter().map(row).collect();
    let inserted: Vec<(String,)> = db.query_all(INSERT, params![rows.to_string(), now]).await?;
    Ok(inserted.into_iter().map(|(id,)| id).collect())
}

/// Takes events until `lease_until`.
pub(crate) async fn take(
    db: &Connection,
    which: Which<'_>,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Vec<Taken>, sql::Error> {
    let mut taken: Vec<Taken> = match which {
        Which::These(ids) => db.query_all(TAKE_THESE, params![now, lease_until, json!(ids).to_string()]).await?,
        Which::Due(limit) => {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            db.query_all(TAKE_DUE, params![now, lease_until, limit]).await?
        }
    };
    // RETURNING knows no order, and of the same source what happened first comes best first.
    taken.sort_by_key(|taken| (taken.event.time, taken.event.seq));
    Ok(taken)
}

/// Undoes that `taken` were taken.
pub(crate) async fn give_back(db: &Connection, taken: &[&Taken], now: Timestamp) -> Result<(), sql::Error> {
    if taken.is_empty() {
        return Ok(());
    }
    let row =
        |Taken { event, attempt, .. }: &&Taken| json!({ "id": event.id, "source": event.source, "attempt": attempt });
    let rows: Value = taken.iter().map(row).collect();
    db.execute(GIVE_BACK, params![rows.to_string(), now]).await?;
    Ok(())
}

/// Settles `taken` as done. Whether it still was this attempt's to settle.
pub(crate) async fn set_done(db: &Connection, taken: &Taken, now: Timestamp) -> Result<bool, sql::Error> {
    let Taken { event, attempt, .. } = taken;
    let done: Option<(String,)> = db.query_optional(SET_DONE, params![&event.id, &event.source, *attempt, now]).await?;
    Ok(done.is_some())
}

/// Notes that `taken` failed with `error`: it waits until `next`, or is dead if there is no next attempt. Whether it still was this
/// attempt's to settle.
pub(crate) async fn set_failed(
    db: &Connection,
    taken: &Taken,
    now: Timestamp,
    error: &str,
    next: Option<Timestamp>,
) -> Result<bool, sql::Error> {
    let Taken { event, attempt, .. } = taken;
    let failure = json!({ "attempt": attempt, "at": now, "error": error, "next_attempt_at": next }).to_string();
    let statement = if next.is_some() { SET_FAILED } else { SET_DEAD };
    let values = params![&event.id, &event.source, *attempt, next.unwrap_or(now), failure];
    let failed: Option<(String,)> = db.query_optional(statement, values).await?;
    Ok(failed.is_some())
}

/// How many events wait.
pub(crate) async fn count_pending(db: &Connection) -> Result<i64, sql::Error> {
    let (count,): (i64,) = db.query_one(COUNT_PENDING, &[]).await?;
    Ok(count)
}

/// Removes up to `limit` events that were settled before `time`, and says how many.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: usize) -> Result<usize, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(db.query_all::<(String,)>(PRUNE, params![time, limit]).await?.len())
}

/// How far `source` was asked.
pub(crate) async fn cursor(db: &Connection, source: &str) -> Result<i64, sql::Error> {
    let row: Option<(i64,)> = db.query_optional(SELECT_CURSOR, params![source]).await?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// Notes that `source` was asked up to `seq`.
pub(crate) async fn set_cursor(db: &Connection, source: &str, seq: i64) -> Result<(), sql::Error> {
    db.execute(SET_CURSOR, params![source, seq]).await?;
    Ok(())
}

/// The first nine columns of a row.
impl FromRow for InboxMessage {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            id: row.at(0)?,
            source: row.at(1)?,
            kind: row.at(2)?,
            subject: row.at(3)?,
            time: row.at(4)?,
            seq: row.at(5)?,
            traceparent: row.at(6)?,
            request_id: row.at(7)?,
            data: row.at(8)?,
        })
    }
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { event: InboxMessage::from_row(row)?, attempt: row.at(9)?, is_suspect: row.at(10)? })
    }
}
