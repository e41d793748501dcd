//! Dead letters: events that a service could not handle, for whoever finds out why. The handlers are the same for every service that
//! listens; the gateway asks them for its own (`/v1/admin/dead-letters`).

use crate::inbox::InboxMessage;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spindle_contracts::{Problem, Timestamp};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{self as answer, Request, empty};
use spindle_platform::sql::{self, FromRow, Row};
use spindle_platform::{Context, params};

const SELECT: &str = "
    SELECT id, source, type, subject, time, seq, traceparent, request_id, data, attempts, failures, settled_at FROM inbox
    WHERE state = 'dead' AND (settled_at, id) < (?1, ?2)
    ORDER BY settled_at DESC, id DESC LIMIT ?3";

const SELECT_ONE: &str = "
    SELECT id, source, type, subject, time, seq, traceparent, request_id, data, attempts, failures, settled_at FROM inbox
    WHERE id = ?1 AND state = 'dead' LIMIT 1";

const REPLAY: &str = "
    UPDATE inbox SET state = 'pending', attempts = 0, next_attempt_at = ?2, settled_at = NULL
    WHERE id = ?1 AND state = 'dead' RETURNING id, type";

/// Scans: dead letters until there are enough of the type.
const REPLAY_SOME: &str = "
    UPDATE inbox SET state = 'pending', attempts = 0, next_attempt_at = ?2, settled_at = NULL
    WHERE state = 'dead' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'dead' AND (?1 IS NULL OR type = ?1) ORDER BY settled_at LIMIT ?3)
    RETURNING id, type";

const DISCARD: &str = "
    UPDATE inbox SET state = 'discarded', settled_at = ?2 WHERE id = ?1 AND state = 'dead' RETURNING id, type";

/// The most letters in one answer, and the most that are replayed at once.
const AT_ONCE: usize = 1_000;

/// A dead letter as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The service that could not handle it.
    pub service: String,
    /// The event's id.
    pub id: String,
    /// The service that told it.
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// When it happened.
    pub time: Timestamp,
    /// When it was given up.
    pub died_at: Timestamp,
    /// How often it was tried since it came, or since it was last replayed.
    pub attempts: u32,
    /// What went wrong at last.
    pub error: String,
    /// Each failure: `{attempt, at, error, next_attempt_at}`.
    pub failures: Value,
    /// The request in which it happened.
    pub request_id: String,
    /// The trace in which it happened.
    pub traceparent: String,
    /// What there is to know of it.
    pub data: Value,
}

/// Some dead letters of a service, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetters {
    /// The letters.
    pub items: Vec<DeadLetter>,
}

/// Which letters are to be replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Those of this type; all if there is none.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// How many letters were replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// The number, 1,000 at most: ask again while it is that.
    pub replayed: usize,
}

/// `GET /internal/<service>/dead-letters?limit=&before=&before_id=`: 200 with letters that died before `before` (milliseconds), or then and with
/// a smaller id.
///
/// # Errors
///
/// 400 for another query; what the database says.
pub async fn list(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    request.only_query(&["limit", "before", "before_id"])?;
    let malformed = |name: &str| Problem::malformed(format!("{name} is a whole number."));
    let limit = match request.query("limit")? {
        Some(text) => text.parse::<usize>().map_err(|_| malformed("limit"))?.clamp(1, AT_ONCE),
        None => 100,
    };
    let before = match request.query("before")? {
        Some(text) => text.parse::<i64>().map_err(|_| malformed("before"))?,
        None => i64::MAX,
    };
    let before_id = request.query("before_id")?.unwrap_or_default().into_owned();
    let values = params![before, before_id, i64::try_from(limit).unwrap_or(i64::MAX)];
    let stored: Vec<Stored> = context.sql().await?.query_all(SELECT, values).await?;
    let items = stored.into_iter().map(|stored| stored.into_letter(context.service())).collect();
    Ok(answer::json(StatusCode::OK, &DeadLetters { items }))
}

/// `GET /internal/<service>/dead-letters/{id}`: 200 with one letter, or 404.
///
/// # Errors
///
/// What the database says.
pub async fn get(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let id: String = request.param("id")?;
    let stored: Option<Stored> = context.sql().await?.query_optional(SELECT_ONE, params![id]).await?;
    let letter = stored.ok_or_else(no_such_letter)?.into_letter(context.service());
    Ok(answer::json(StatusCode::OK, &letter))
}

/// `POST /internal/<service>/dead-letters/{id}/replay`: 202, and the event is handled again with the next tick.
///
/// # Errors
///
/// 404 if there is no such letter; what the database says.
pub async fn replay(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    settle(context, &peer, request.param("id")?, REPLAY, "dead_letter.replayed").await?;
    Ok(answer::json(StatusCode::ACCEPTED, &Replayed { replayed: 1 }))
}

/// `DELETE /internal/<service>/dead-letters/{id}`: 204, and nobody tries the event again.
///
/// # Errors
///
/// 404 if there is no such letter; what the database says.
pub async fn discard(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    settle(context, &peer, request.param("id")?, DISCARD, "dead_letter.discarded").await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// `POST /internal/<service>/dead-letters/replay` with a [`Replay`]: 202 with how many, the longest dead first.
///
/// # Errors
///
/// What the database says.
pub async fn replay_some(context: &Context, peer: ServiceCaller, mut request: Request) -> HandlerResult {
    let Replay { kind } = request.json().await?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let values = params![kind.as_deref(), context.now(), i64::try_from(AT_ONCE).unwrap_or(i64::MAX)];
    let rows: Vec<(String, String)> = transaction.query_all(REPLAY_SOME, values).await?;
    if !rows.is_empty() {
        let detail = json!({ "type": kind, "events": rows.iter().map(|(id, _)| id).collect::<Vec<_>>() });
        let entry = Entry { actor: Some(peer.actor()), action: "dead_letters.replayed", subject: None, detail };
        audit::record(&transaction, context, &entry).await?;
    }
    transaction.commit().await?;
    Ok(answer::json(StatusCode::ACCEPTED, &Replayed { replayed: rows.len() }))
}

async fn settle(
    context: &Context,
    peer: &ServiceCaller,
    id: String,
    statement: &'static str,
    action: &'static str,
) -> Result<(), Problem> {
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let row: Option<(String, String)> = transaction.query_optional(statement, params![&id, context.now()]).await?;
    let (id, kind) = row.ok_or_else(no_such_letter)?;
    let detail = json!({ "type": kind });
    let entry = Entry { actor: Some(peer.actor()), action, subject: Some(id), detail };
    audit::record(&transaction, context, &entry).await?;
    Ok(transaction.commit().await?)
}

fn no_such_letter() -> Problem {
    Problem::not_found("There is no such dead letter.")
}

/// A row.
struct Stored {
    event: InboxMessage,
    attempts: u32,
    failures: String,
    died_at: Timestamp,
}

impl Stored {
    fn into_letter(self, service: &str) -> DeadLetter {
        let Self { event, attempts, failures, died_at } = self;
        let failures: Value = serde_json::from_str(&failures).unwrap_or_default();
        let last = failures.as_array().and_then(|failures| failures.last());
        let error = last.and_then(|failure| failure["error"].as_str()).unwrap_or_default().to_owned();
        DeadLetter {
            service: service.to_owned(),
            id: event.id,
            source: event.source,
            kind: event.kind,
            subject: event.subject,
            time: event.time,
            died_at,
            attempts,
            error,
            failures,
            request_id: event.request_id,
            traceparent: event.traceparent,
            data: serde_json::from_str(&event.data).unwrap_or_default(),
        }
    }
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let (attempts, failures, died_at) = (row.at(9)?, row.at(10)?, row.at(11)?);
        Ok(Self { event: InboxMessage::from_row(row)?, attempts, failures, died_at })
    }
}
