//! The outbox: a fact and its event come to be together or not at all.
//!
//! The table is in `outbox/schema.sql`, which every service that tells events has among its migrations, byte for byte. What CloudEvents
//! 1.0 wants beside its columns is the same for all events of a service: `specversion`, `source` and `datacontenttype`.

use crate::push;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, EventData, EventType, types_between};
use spindle_contracts::{Problem, Timestamp};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::http::Request;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};
use spindle_platform::{Context, params};

/// All events of a transaction in one statement, in their order. Sorts: just those.
const APPEND: &str = "
    INSERT INTO outbox (id, type, subject, time, traceparent, request_id, data)
    SELECT e.value ->> 'id', e.value ->> 'type', e.value ->> 'subject', ?2, ?3, ?4, e.value -> 'data'
    FROM json_each(?1) AS e ORDER BY e.key
    RETURNING seq, id, type, subject, time, traceparent, request_id, data";

const SELECT_LAST: &str = "SELECT coalesce(max(seq), 0) FROM outbox";

const SELECT_AFTER: &str = "
    SELECT seq, id, type, subject, time, traceparent, request_id, data FROM outbox
    WHERE seq > ?1 AND seq <= ?2 AND type IN (SELECT value FROM json_each(?3))
    ORDER BY seq LIMIT ?4";

/// The oldest first, and those are at the front. Scans: no more than it may remove.
const PRUNE: &str = "
    DELETE FROM outbox WHERE time < ?1 AND seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT ?2) RETURNING seq";

/// The most events in one answer to a listener.
pub(crate) const PAGE: usize = 100;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened: `ProductCreated`, `OrderPaid`.
    pub kind: &'static str,
    /// What it happened to: an id.
    pub subject: String,
    /// What there is to know of it, as a JSON object.
    pub data: Value,
}

/// Events that were appended, and are to be pushed once their transaction is committed.
#[derive(Debug, Default)]
#[must_use = "push what was told once it is committed; else its listeners learn of it with their next tick only"]
pub struct PendingEvents(Vec<CloudEvent>);

/// Some events of a service, for a listener that asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Page {
    /// The events, oldest first.
    pub(crate) events: Vec<CloudEvent>,
    /// After which number to go on.
    pub(crate) next: i64,
}

impl Event {
    /// That `data` happened to `subject`.
    ///
    /// # Panics
    /// If `data` has no JSON form, which the types of the contracts all have.
    pub fn new<T: EventData>(subject: impl std::fmt::Display, data: &T) -> Self {
        let data = serde_json::to_value(data).expect("events are plain data");
        Self { kind: T::NAME, subject: subject.to_string(), data }
    }
}

impl PendingEvents {
    /// Adds what was told elsewhere in the same transaction.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Pushes the events to those who listen, after the response. A push may be lost: a tick makes up for it.
    pub fn push(self, context: &Context) {
        if !self.0.is_empty() {
            let own = context.clone();
            context.after_response(async move { push::push(&own, self.0).await });
        }
    }
}

/// Appends `events` as part of `transaction`. Their ids, time, trace and request come from `context`.
///
/// # Errors
///
/// What the database says.
pub async fn append(
    transaction: &Transaction<'_>,
    context: &Context,
    events: &[Event],
) -> Result<PendingEvents, sql::Error> {
    if events.is_empty() {
        return Ok(PendingEvents::default());
    }
    let row = |Event { kind, subject, data }: &Event| json!({ "id": context.new_id(), "type": kind, "subject": subject, "data": data });
    let rows: Value = events.iter().map(row).collect();
    let values = params![rows.to_string(), context.now(), context.trace().to_string(), context.request_id()];
    let appended = transaction.execute(APPEND, values).await?;
    // Most of a catalog's events have nobody who listens.
    if events.iter().all(|event| EventType::named(event.kind).is_none_or(|kind| kind.consumers.is_empty())) {
        return Ok(PendingEvents::default());
    }
    let stored: Vec<Stored> = appended.all()?;
    Ok(PendingEvents(stored.into_iter().map(|stored| stored.into_event(context.service())).collect()))
}

/// `GET /internal/<service>/events?after=<seq>`: 200 with the next of the events that the caller listens to, 100 at most, and after which
/// number to go on.
///
/// # Errors
///
/// 400 without a number; what the database says.
pub async fn list(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    request.only_query(&["after"])?;
    let after: Option<i64> = request.query("after")?.and_then(|text| text.parse().ok());
    let after = after.ok_or_else(|| Problem::malformed("after is the number of an event, or 0."))?;
    let types: Vec<&str> = types_between(context.service(), peer.service()).map(|event_type| event_type.name).collect();
    let db = context.sql().await?;
    // What is appended meanwhile comes next time.
    let (last,): (i64,) = db.query_one(SELECT_LAST, &[]).await?;
    let values = params![after, last, json!(types).to_string(), i64::try_from(PAGE).unwrap_or(i64::MAX)];
    let stored: Vec<Stored> = db.query_all(SELECT_AFTER, values).await?;
    let next = if stored.len() == PAGE { stored.last().map_or(after, |stored| stored.seq) } else { last.max(after) };
    let events = stored.into_iter().map(|stored| stored.into_event(context.service())).collect();
    Ok(spindle_platform::http::json(StatusCode::OK, &Page { events, next }))
}

/// Removes up to `limit` events from before `time`, and says how many.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: usize) -> Result<usize, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(db.query_all::<(i64,)>(PRUNE, params![time, limit]).await?.len())
}

/// A row.
struct Stored {
    seq: i64,
    id: String,
    kind: String,
    subject: String,
    time: Timestamp,
    traceparent: String,
    request_id: String,
    data: String,
}

impl Stored {
    fn into_event(self, service: &str) -> CloudEvent {
        CloudEvent {
            specversion: CloudEvent::VERSION.to_owned(),
            id: self.id,
            source: CloudEvent::source_of(service),
            kind: self.kind,
            subject: self.subject,
            time: self.time,
            datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
            sequence: self.seq.to_string(),
            traceparent: self.traceparent,
            requestid: self.request_id,
            data: serde_json::from_str(&self.data).unwrap_or_default(),
        }
    }
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            seq: row.at(0)?,
            id: row.at(1)?,
            kind: row.at(2)?,
            subject: row.at(3)?,
            time: row.at(4)?,
            traceparent: row.at(5)?,
            request_id: row.at(6)?,
            data: row.at(7)?,
        })
    }
}

#[cfg(test)]
mod tests;
