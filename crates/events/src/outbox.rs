//! Step 1 of an event: the outbox of a producer. A fact and its event are one transaction.
//!
//! The table is in `outbox/schema.sql`, a migration of every service that publishes events (`migrations/<service>/shared.txt`). The other
//! attributes that CloudEvents 1.0 requires are the same for all events of a service: `specversion`, `source` and `datacontenttype`.

use crate::publication;
use deserr::Deserr;
use http::StatusCode;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, EventData, EventPage, EventType, types_consumed_from};
use spindle_contracts::input::Parameter;
use spindle_contracts::{InputErrors, Timestamp};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::http::Request;
use spindle_platform::sql::{self, Connection, EventNumber, FromRow, Row, Rows, Transaction};
use spindle_platform::{Context, params};
use std::collections::BTreeMap;

const SELECT_LAST: &str = "SELECT coalesce(max(seq), 0) FROM outbox";

const SELECT_AFTER: &str = "
    SELECT id, type, subject, time, seq, traceparent, request_id, data FROM outbox
    WHERE seq > ?1 AND seq <= ?2 AND type IN (SELECT value FROM json_each(?3))
    ORDER BY seq LIMIT ?4";

/// For each consumer in ?1, a JSON object, the number of events after its cursor that it consumes, among the next ?2, and the time of the oldest.
const SELECT_METRICS: &str = "
    SELECT consumer.key AS consumer, (
        SELECT json_array(count(*), min(time))
        FROM (SELECT type, time FROM outbox WHERE seq > (consumer.value ->> 'after') ORDER BY seq LIMIT ?2)
        WHERE type IN (SELECT value FROM json_each(consumer.value, '$.types'))) AS unread
    FROM json_each(?1) AS consumer";

/// The oldest first, which are at the front. Scans: no more than it may remove.
const PRUNE: &str = "
    DELETE FROM outbox WHERE time < ?1 AND seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT ?2) RETURNING seq";

/// The most events in one page.
pub(crate) const PAGE: usize = 100;

/// An event to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its type: `ProductCreated`, `OrderPaid`.
    pub kind: &'static str,
    /// The id of the thing that it is about.
    pub subject: String,
    /// Its data, a JSON object.
    pub data: Value,
}

/// Events of a transaction that are to be pushed once it is committed. They get their numbers then.
#[derive(Debug, Default)]
#[must_use = "push the events once they are committed; else their consumers receive them with their next tick only"]
pub struct PendingEvents(Vec<(CloudEvent, EventNumber)>);

impl Event {
    /// Makes an event of `data` about `subject`.
    ///
    /// # Panics
    /// If `data` has no JSON form, which the types of the contracts all have.
    pub fn new<T: EventData>(subject: impl std::fmt::Display, data: &T) -> Self {
        let data = serde_json::to_value(data).expect("events are plain data");
        Self { kind: T::NAME, subject: subject.to_string(), data }
    }

    /// Returns the event as `source` publishes it under `id` in the trace and the request of `context`, without a number: for
    /// [`accept`](crate::accept), where a fact does not arrive as an event, and is to be handled as one.
    ///
    /// # Panics
    /// If the data has no JSON form, which every [`Value`] has.
    pub fn published_by(self, context: &Context, source: &str, id: impl std::fmt::Display) -> CloudEvent {
        self.published(context, source, id.to_string(), context.now())
    }

    fn published(&self, context: &Context, source: &str, id: String, time: Timestamp) -> CloudEvent {
        CloudEvent {
            specversion: CloudEvent::VERSION.to_owned(),
            id,
            source: CloudEvent::source_of(source),
            kind: self.kind.to_owned(),
            subject: self.subject.clone(),
            time,
            datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
            sequence: "0".to_owned(),
            traceparent: context.trace().to_string(),
            requestid: context.request_id().to_owned(),
            data: to_raw_value(&self.data).expect("a value has a JSON form"),
        }
    }
}

impl PendingEvents {
    /// Adds the events of another call in the same transaction.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Pushes the events to their consumers after the response, if their transaction is committed by then. A push may be lost: the consumers pull at
    /// their next tick.
    pub fn push(self, context: &Context) {
        if self.0.is_empty() {
            return;
        }
        let later = context.clone();
        context.after_response(async move {
            let numbered = |(event, number): (CloudEvent, EventNumber)| {
                Some(CloudEvent { sequence: number.get()?.to_string(), ..event })
            };
            publication::push(&later, self.0.into_iter().filter_map(numbered).collect()).await;
        });
    }
}

/// Appends `events` when `transaction` is committed. Their ids, time, trace and request come from `context`.
///
/// # Errors
///
/// None: a row that cannot be written fails the commit.
pub async fn append(
    transaction: &Transaction<'_>,
    context: &Context,
    events: &[Event],
) -> Result<PendingEvents, sql::Error> {
    let mut pending = PendingEvents::default();
    if events.is_empty() {
        return Ok(pending);
    }
    let (time, trace) = (context.now(), context.trace().to_string());
    for event in events {
        let id = context.new_id().to_string();
        let number = transaction.buffer_event(json!({
            "id": id, "type": event.kind, "subject": event.subject, "time": time.as_millis(), "traceparent": trace,
            "request_id": context.request_id(), "data": event.data,
        }));
        // Most events of the catalog have no consumer.
        if EventType::find(event.kind).is_some_and(|kind| !kind.consumers.is_empty()) {
            pending.0.push((event.published(context, context.service(), id, time), number));
        }
    }
    Ok(pending)
}

/// The parameters of [`list`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct EventsAfter {
    after: Parameter<i64>,
}

/// `GET /internal/<service>/events?after=<seq>`: 200 with the next events that the caller consumes, 100 at most, and the number after which
/// the next page begins.
///
/// # Errors
///
/// 400 without a number; the errors of the database.
pub async fn list(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    let EventsAfter { after: Parameter(after) } = request.query()?;
    let types: Vec<&str> =
        types_consumed_from(context.service(), peer.service()).map(|event_type| event_type.name).collect();
    let db = context.sql().await?;
    // Events that are appended meanwhile are on the next page.
    let (last,): (i64,) = db.query_one(SELECT_LAST, &[]).await?;
    let values = params![after, last, json!(types).to_string(), i64::try_from(PAGE).unwrap_or(i64::MAX)];
    let rows = db.execute(SELECT_AFTER, values).await?;
    let next = match rows.iter().last() {
        Some(row) if rows.len() == PAGE => row.get("seq")?,
        _ => last.max(after),
    };
    let events = read_events(&rows, context.service())?;
    Ok(spindle_platform::http::json(StatusCode::OK, &EventPage { events, next }))
}

/// The events that a consumer has not pulled yet.
#[derive(Debug)]
pub(crate) struct UnreadEvents {
    pub(crate) consumer: String,
    pub(crate) events: i64,
    /// The time of the oldest; `None` if there is none.
    pub(crate) oldest: Option<Timestamp>,
}

/// Returns the unread events of each consumer of `service`, given the number of the last event that it has pulled. Looks at the next `limit` events.
pub(crate) async fn unread(
    db: &Connection,
    service: &str,
    cursors: &BTreeMap<String, i64>,
    limit: i64,
) -> Result<Vec<UnreadEvents>, sql::Error> {
    let types = |consumer: &str| types_consumed_from(service, consumer).map(|kind| kind.name).collect::<Vec<_>>();
    let consumers = cursors.iter().map(|(name, after)| (name.clone(), json!({ "after": after, "types": types(name) })));
    let consumers = Value::Object(consumers.collect());
    db.query_all(SELECT_METRICS, params![consumers.to_string(), limit]).await
}

impl FromRow for UnreadEvents {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let unread = serde_json::from_str::<(i64, Option<i64>)>(row.get("unread")?);
        let (events, oldest) =
            unread.map_err(|error| sql::Error::Other(format!("the unread events are not read: {error}")))?;
        Ok(Self { consumer: row.get("consumer")?, events, oldest: oldest.map(Timestamp::from_millis) })
    }
}

/// Removes up to `limit` events that happened before `time`, and returns their number.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: usize) -> Result<usize, sql::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(db.execute(PRUNE, params![time, limit]).await?.len())
}

fn read_events(rows: &Rows, service: &str) -> Result<Vec<CloudEvent>, sql::Error> {
    rows.iter().map(|row| read_event(&row, service)).collect()
}

/// Reads an event of `source` from a row of the outbox or of an inbox. Data that is not JSON is read as `null`, which every handler refuses: so
/// the event becomes a dead letter, and holds up no other.
///
/// # Errors
///
/// If a column has another type.
pub(crate) fn read_event(row: &Row<'_>, source: &str) -> Result<CloudEvent, sql::Error> {
    Ok(CloudEvent {
        specversion: CloudEvent::VERSION.to_owned(),
        id: row.get("id")?,
        source: CloudEvent::source_of(source),
        kind: row.get("type")?,
        subject: row.get("subject")?,
        time: row.get("time")?,
        datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
        sequence: row.get::<i64>("seq")?.to_string(),
        traceparent: row.get("traceparent")?,
        requestid: row.get("request_id")?,
        data: RawValue::from_string(row.get("data")?).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
