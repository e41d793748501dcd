//! Calls of providers, each recorded before it is made. The first call usually begins with the insert of its notification, and every call ends with a write
//! of it ([`notifications`](super::notifications)).

use crate::channel::{self, Channel};
use const_format::formatcp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use spindle_contracts::{NotificationId, Timestamp};
use spindle_platform::breaker::{BREAKER_COLUMNS, Gate};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row};
use std::collections::BTreeMap;
use std::time::Duration;

const BEGIN: &str = formatcp!(
    "INSERT INTO provider_calls (notification_id, number, began_at)
    SELECT ?1, coalesce(max(number), 0) + 1, {NOW} FROM provider_calls WHERE notification_id = ?1
    RETURNING number"
);

/// The number of calls in progress on all channels, up to a limit, and the circuit breaker of one. A call that a crash interrupted counts until its
/// lease of ?2 is over.
const GATE: &str = formatcp!(
    "SELECT count(*) AS in_progress, {NOW} AS now, {BREAKER_COLUMNS}
    FROM (SELECT 1 FROM provider_calls WHERE ended_at IS NULL AND began_at > {NOW} - ?2 LIMIT ?3)"
);

const SELECT: &str = "
    SELECT number, began_at, ended_at, outcome, detail FROM provider_calls WHERE notification_id = ?1 ORDER BY number";

/// The calls for several notifications: ?1 is a JSON array of their ids.
const SELECT_OF_NOTIFICATIONS: &str = "
    SELECT notification_id, number, began_at, ended_at, outcome, detail FROM provider_calls
    WHERE notification_id IN (SELECT value FROM json_each(?1)) ORDER BY notification_id, number";

/// The first calls that are to begin with the insert of their notifications; by default, none.
#[derive(Debug, Default)]
pub(crate) struct FirstCalls {
    /// The notifications.
    pub(crate) notifications: Vec<NotificationId>,
    /// The longest time for which a call is in progress.
    pub(crate) lease: Duration,
    /// The number of calls in progress from which on none begins.
    pub(crate) max_calls: u32,
}

/// A call of a provider, as operators read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "NotificationCall")]
pub(crate) struct Call {
    /// The number of the call, from 1.
    number: u32,
    /// When the call was made.
    began_at: Timestamp,
    /// When it was over; null while it is in progress, and for good if a crash interrupted it.
    ended_at: Option<Timestamp>,
    /// The answer: `sent`, or one of the failures `rejected`, `retryable`, `other` and `silent` (the provider gave no answer); null without one.
    outcome: Option<String>,
    /// The provider's reference, or its text about the failure; null once the user is erased.
    detail: Option<String>,
}

/// Returns the state that decides whether the provider for `channel` may be called. A call is in progress for at most `lease`.
pub(crate) async fn gate(
    db: &Connection,
    channel: Channel,
    lease: Duration,
    max_calls: u32,
) -> Result<Gate, sql::Error> {
    db.query_one(GATE, params![channel::name(channel), lease, max_calls]).await
}

/// Records a call for the notification `id`, and returns its number, from 1.
pub(crate) async fn begin(db: &Connection, id: NotificationId) -> Result<u32, sql::Error> {
    let (number,): (u32,) = db.query_one(BEGIN, params![id]).await?;
    Ok(number)
}

/// Returns all calls for the notification `id`, in their order.
pub(crate) async fn list(db: &Connection, id: NotificationId) -> Result<Vec<Call>, sql::Error> {
    db.query_all(SELECT, params![id]).await
}

/// Returns all calls for each of `notifications`, in their order.
pub(crate) async fn of_notifications(
    db: &Connection,
    notifications: &[NotificationId],
) -> Result<BTreeMap<NotificationId, Vec<Call>>, sql::Error> {
    let mut calls: BTreeMap<NotificationId, Vec<Call>> = BTreeMap::new();
    let values = params![json!(notifications).to_string()];
    for OfNotification(notification, call) in db.query_all(SELECT_OF_NOTIFICATIONS, values).await? {
        calls.entry(notification).or_default().push(call);
    }
    Ok(calls)
}

/// A call with its notification.
struct OfNotification(NotificationId, Call);

impl FromRow for OfNotification {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self(row.get("notification_id")?, Call::from_row(row)?))
    }
}

impl FromRow for Call {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            number: row.get("number")?,
            began_at: row.get("began_at")?,
            ended_at: row.get("ended_at")?,
            outcome: row.get("outcome")?,
            detail: row.get("detail")?,
        })
    }
}
