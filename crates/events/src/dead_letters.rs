//! Dead letters: events that a service could not handle, for an operator to inspect, replay or discard. Every consumer has these operations
//! ([`routes::DEAD_LETTERS`](crate::routes::DEAD_LETTERS)); the gateway calls them for its own (`/v1/admin/dead-letters`).

use crate::outbox::read_event;
use const_format::formatcp;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spindle_contracts::event::{PAYMENT_TOKEN, REDACTED};
use spindle_contracts::input::{Integer, Parameter};
use spindle_contracts::{InputErrors, OrderId, Problem, Timestamp, UserId};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{self as platform_http, Request, empty};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection, NOW, Row};
use spindle_platform::{Context, params};
use std::time::Duration;

const SELECT: &str = "
    SELECT id, source, type, subject, time, seq, traceparent, request_id, data, attempts, failures, settled_at FROM inbox
    WHERE state = 'dead' AND (settled_at, id) < (?1, ?2)
    ORDER BY settled_at DESC, id DESC LIMIT ?3";

const SELECT_ONE: &str = "
    SELECT id, source, type, subject, time, seq, traceparent, request_id, data, attempts, failures, settled_at FROM inbox
    WHERE id = ?1 AND state = 'dead' LIMIT 1";

/// Scans: the dead letters, which are few unless something is down.
const SELECT_TYPES_OF_ORDER: &str = "
    SELECT type FROM inbox WHERE state = 'dead' AND data ->> 'order_id' = ?1 LIMIT 100";

const REPLAY: &str = formatcp!(
    "UPDATE inbox SET state = 'pending', attempts = 0, received_at = {NOW}, next_attempt_at = {NOW}, settled_at = NULL
    WHERE id = ?1 AND state = 'dead' RETURNING id, type"
);

/// Scans: dead letters until there are enough of the type.
const REPLAY_SOME: &str = formatcp!(
    "UPDATE inbox SET state = 'pending', attempts = 0, received_at = {NOW}, next_attempt_at = {NOW}, settled_at = NULL
    WHERE state = 'dead' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'dead' AND (?1 IS NULL OR type = ?1) ORDER BY settled_at LIMIT ?2)
    RETURNING id, type"
);

/// Takes up letters that died ?1 ago. The attempts stay counted, so that the next one that fails makes a dead letter again. Of the failures the
/// first and the last twenty stay.
const RETAKE: &str = formatcp!(
    "UPDATE inbox SET state = 'pending', next_attempt_at = {NOW}, settled_at = NULL,
        failures = CASE WHEN json_array_length(failures) >= 40 THEN json_remove(failures, '$[20]') ELSE failures END
    WHERE state = 'dead' AND (id, source) IN (
        SELECT id, source FROM inbox WHERE state = 'dead' AND settled_at <= {NOW} - ?1 ORDER BY settled_at LIMIT ?2)
    RETURNING id"
);

/// Nothing of what a discarded event carried stays, as of one that is done.
const DISCARD: &str = formatcp!(
    "UPDATE inbox SET state = 'discarded', settled_at = {NOW}, data = '{{}}', failures = '[]'
    WHERE id = ?1 AND state = 'dead' RETURNING id, type"
);

/// Scans: the dead letters, which are few unless something is down.
const SELECT_OF_USER: &str = "
    SELECT id, source, type, data, failures FROM inbox
    WHERE state = 'dead'
        AND (CASE WHEN json_valid(data) THEN data ->> 'user_id' END = ?1 OR subject IN (SELECT value FROM json_each(?2)))";

const SET_TEXTS: &str = "
    UPDATE inbox SET data = ?3, failures = ?4 WHERE id = ?1 AND source = ?2 AND state = 'dead' RETURNING id";

/// The error of each failure of a letter about an erased user.
const ERASED: &str = "removed with the data of the user";

/// The most letters in one response, and the most that are replayed together.
const MAX_LETTERS: i64 = 1_000;

/// The time after its last failure at which the tick takes up a dead letter of a consumer that
/// [retakes](crate::Consumer::retakes_dead_letters) them.
pub const RETAKE_AFTER: Duration = Duration::from_secs(15 * 60);

/// The most letters that a tick takes up.
const RETAKEN_TOGETHER: i64 = 16;

/// An event that a service could not handle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// The service that could not handle it.
    pub service: String,
    /// The event's id.
    pub id: String,
    /// The service that published it.
    pub source: String,
    /// The type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the thing that it is about.
    pub subject: String,
    /// The time at which it happened.
    pub occurred_at: Timestamp,
    /// The time of its last failure. Letters of orders and payments, for which money waits, are tried again 15 minutes after it.
    pub died_at: Timestamp,
    /// The number of attempts since it arrived, or since its last replay.
    pub attempts: u32,
    /// The error of the last attempt.
    pub last_error: String,
    /// The failed attempts, the first ones and the latest ones.
    pub failures: Vec<Failure>,
    /// The request in which it happened.
    pub request_id: String,
    /// The trace in which it happened.
    pub traceparent: String,
    /// The data of the event, with the means of payment redacted.
    pub data: Value,
}

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FailedAttempt")]
pub struct Failure {
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The time at which it failed.
    // The database has it as `at`.
    #[serde(alias = "at")]
    pub failed_at: Timestamp,
    /// The error.
    pub error: String,
    /// The time of the next attempt, or null if there was none.
    pub next_attempt_at: Option<Timestamp>,
}

/// Dead letters of a service, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetters {
    /// The letters.
    pub items: Vec<DeadLetter>,
}

/// The types of the dead letters about one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetterTypes {
    /// The event types, one for each letter.
    pub types: Vec<String>,
}

/// The letters to replay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayFilter {
    /// The type of the letters; all letters if there is none.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// The number of letters that were replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayCount {
    /// The number, 1,000 at most: repeat the request while it is that.
    pub replayed: usize,
}

/// The parameters of [`list`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct ListParameters {
    #[deserr(default)]
    limit: Option<Parameter<Integer<1, MAX_LETTERS>>>,
    #[deserr(default)]
    before: Option<Parameter<i64>>,
    #[deserr(default)]
    before_id: String,
}

/// `GET /internal/<service>/dead-letters?limit=&before=&before_id=`: 200 with letters that died before `before` (milliseconds), or at that
/// time and have a smaller id.
///
/// # Errors
///
/// 400 for another query; the errors of the database.
pub async fn list(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let ListParameters { limit, before, before_id } = request.query()?;
    let limit = limit.map_or(100, |Parameter(limit)| limit.get());
    let before = before.map_or(i64::MAX, |Parameter(before)| before);
    let values = params![before, before_id, limit];
    let rows = context.sql().await?.execute(SELECT, values).await?;
    let items = rows.iter().map(|row| dead_letter(&row, context.service())).collect::<Result<_, _>>()?;
    Ok(platform_http::json(StatusCode::OK, &DeadLetters { items }))
}

/// Handles `GET /internal/<service>/orders/{order_id}/dead-letters`: 200 with the [types](DeadLetterTypes) of the dead letters about the order, for a
/// service that shows why the order does not go on. The letters' data stays with operators.
///
/// # Errors
///
/// The database's error.
pub async fn list_types_of_order(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let types = types_of_order(&context.sql().await?, request.param("order_id")?).await?;
    Ok(platform_http::json(StatusCode::OK, &DeadLetterTypes { types }))
}

/// Returns the types of the dead letters about the order `order_id`, 100 at most: of each event whose data names it.
///
/// # Errors
///
/// The database's error.
pub async fn types_of_order(db: &Connection, order_id: OrderId) -> Result<Vec<String>, sql::Error> {
    let rows: Vec<(String,)> = db.query_all(SELECT_TYPES_OF_ORDER, params![order_id]).await?;
    Ok(rows.into_iter().map(|(kind,)| kind).collect())
}

/// `GET /internal/<service>/dead-letters/{id}`: 200 with one letter, or 404.
///
/// # Errors
///
/// The errors of the database.
pub async fn get(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let id: String = request.param("id")?;
    let rows = context.sql().await?.execute(SELECT_ONE, params![id]).await?;
    let row = rows.iter().next().ok_or_else(no_such_letter)?;
    let letter = dead_letter(&row, context.service())?;
    Ok(platform_http::json(StatusCode::OK, &letter))
}

/// `POST /internal/<service>/dead-letters/{id}/replay`: 202; the next tick handles the event again.
///
/// # Errors
///
/// 404 if there is no such letter; the errors of the database.
pub async fn replay(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    decide(context, &peer, request.param("id")?, REPLAY, "dead_letter.replayed").await?;
    Ok(platform_http::json(StatusCode::ACCEPTED, &ReplayCount { replayed: 1 }))
}

/// `DELETE /internal/<service>/dead-letters/{id}`: 204; the event is never handled again.
///
/// # Errors
///
/// 404 if there is no such letter; the errors of the database.
pub async fn discard(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    decide(context, &peer, request.param("id")?, DISCARD, "dead_letter.discarded").await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// `POST /internal/<service>/dead-letters/replay` with a [`ReplayFilter`]: 202 with the number of letters, the longest dead first.
///
/// # Errors
///
/// The errors of the database.
pub async fn replay_some(context: &Context, peer: ServiceCaller, mut request: Request) -> HandlerResult {
    let ReplayFilter { kind } = request.internal_json().await?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let values = params![kind.as_deref(), MAX_LETTERS];
    let rows: Vec<(String, String)> = transaction.query_all(REPLAY_SOME, values).await?;
    if !rows.is_empty() {
        let detail = json!({ "type": kind, "events": rows.iter().map(|(id, _)| id).collect::<Vec<_>>() });
        let entry = Entry { actor: Some(peer.actor()), action: "dead_letters.replayed", subject: None, detail };
        audit::record(&transaction, context, &entry).await?;
    }
    transaction.commit().await?;
    Ok(platform_http::json(StatusCode::ACCEPTED, &ReplayCount { replayed: rows.len() }))
}

/// Removes what the dead letters about `user` say about the person: the errors of their failures, and the text in the member `member` of each event of
/// the type `kind` for each `(kind, member)` in `texts`. Letters are about the user that their data names, and about `subjects`. They can be replayed as
/// before, and this may be repeated.
///
/// # Errors
///
/// The errors of the database.
pub async fn erase_texts(
    db: &Connection,
    user: UserId,
    subjects: &[String],
    texts: &[(&str, &str)],
) -> Result<(), sql::Error> {
    let rows = db.execute(SELECT_OF_USER, params![user, json!(subjects).to_string()]).await?;
    for row in rows.iter() {
        let (kind, mut data): (&str, Value) = (row.get("type")?, parsed(row.get("data")?));
        let mut failures = parsed(row.get("failures")?);
        for (_, member) in texts.iter().filter(|(of, _)| *of == kind) {
            if let Some(text) = data.get_mut(member).filter(|text| text.is_string()) {
                *text = Value::from("");
            }
        }
        for failure in failures.as_array_mut().into_iter().flatten() {
            failure["error"] = Value::from(ERASED);
        }
        let (id, source): (&str, &str) = (row.get("id")?, row.get("source")?);
        db.execute(SET_TEXTS, params![id, source, data.to_string(), failures.to_string()]).await?;
    }
    Ok(())
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Takes up the letters that died long enough ago, a few at a time: each gets one more attempt, as if it had not been the last one.
pub(crate) async fn retake(context: &Context, db: &Connection) -> Result<(), sql::Error> {
    let retaken = db.execute(RETAKE, params![RETAKE_AFTER, RETAKEN_TOGETHER]).await?;
    if !retaken.is_empty() {
        context.log(Level::Info, "dead letters taken up again", &[("events", retaken.len().into())]);
    }
    Ok(())
}

/// Runs `statement` on the letter `id`, and records the decision in the audit log.
async fn decide(
    context: &Context,
    peer: &ServiceCaller,
    id: String,
    statement: &'static str,
    action: &'static str,
) -> Result<(), Problem> {
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let row: Option<(String, String)> = transaction.query_optional(statement, params![&id]).await?;
    let (id, kind) = row.ok_or_else(no_such_letter)?;
    let detail = json!({ "type": kind });
    let entry = Entry { actor: Some(peer.actor()), action, subject: Some(id), detail };
    audit::record(&transaction, context, &entry).await?;
    Ok(transaction.commit().await?)
}

fn no_such_letter() -> Problem {
    Problem::not_found("There is no such dead letter.")
}

fn dead_letter(row: &Row<'_>, service: &str) -> Result<DeadLetter, sql::Error> {
    let event = read_event(row, row.get("source")?)?;
    let attempts = row.get("attempts")?;
    let failures: Vec<Failure> = serde_json::from_str(row.get("failures")?).unwrap_or_default();
    let last_error = failures.last().map(|failure| failure.error.clone()).unwrap_or_default();
    Ok(DeadLetter {
        service: service.to_owned(),
        source: event.producer().to_owned(),
        id: event.id,
        kind: event.kind,
        subject: event.subject,
        occurred_at: event.time,
        died_at: row.get("settled_at")?,
        attempts,
        last_error,
        failures,
        request_id: event.requestid,
        traceparent: event.traceparent,
        data: without_means_of_payment(parsed(event.data.get())),
    })
}

/// Redacts the means of payment in the data of an event. The letter keeps it, so that it can be replayed.
fn without_means_of_payment(mut data: Value) -> Value {
    if let Some(token) = data.get_mut(PAYMENT_TOKEN).filter(|token| **token != "") {
        *token = Value::from(REDACTED);
    }
    data
}
