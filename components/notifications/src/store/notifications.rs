//! Notifications.

use crate::channel;
use crate::error::Error;
use crate::notification::{Notification, Status, Trigger};
use crate::provider::ProviderResult;
use crate::store::calls::FirstCalls;
use const_format::formatcp;
use serde_json::{Value, json};
use spindle_contracts::{CreatedRange, ErasureProgress, ErasureState, NotificationId, OrderId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row, Transaction};

/// Inserts the notifications that do not exist yet. The first call of one with a `place` among those that are to begin is recorded, unless the circuit
/// breaker of its channel is open, or there are ?4 calls in progress with those before it; a call is in progress for at most ?3. Returns whether the
/// provider has failed of late: then its circuit breaker has a row. Sorts: the channels of one trigger.
const INSERT: &str = formatcp!(
    "INSERT INTO notifications (id, event_id, event_type, order_id, user_id, channel, template, template_version, data, status, created_at,
        updated_at, call_to_write)
    SELECT n.value ->> 'id', n.value ->> 'event_id', n.value ->> 'event_type', n.value ->> 'order_id', n.value ->> 'user_id', n.value ->> 'channel',
        n.value ->> 'template', n.value ->> 'template_version', n.value -> 'data', 'queued', ?2, ?2, CASE
        WHEN (n.value ->> 'place') + (SELECT count(*) FROM provider_calls INDEXED BY provider_calls_in_progress
                WHERE ended_at IS NULL AND began_at > {NOW} - ?3) < ?4
            AND NOT EXISTS (SELECT 1 FROM breakers AS b WHERE b.channel = n.value ->> 'channel' AND b.open_until IS NOT NULL)
        THEN json_object('began_at', {NOW}) END
    FROM json_each(?1) AS n WHERE n.value ->> 'user_id' NOT IN (SELECT user_id FROM erased_users) ORDER BY n.key
    ON CONFLICT (event_id, user_id, channel) DO NOTHING
    RETURNING id, call_to_write IS NOT NULL AS has_begun, EXISTS (SELECT 1 FROM breakers AS b WHERE b.channel = notifications.channel) AS has_failed"
);

/// The columns of a notification.
const COLUMNS: &str = "id, event_id, event_type, order_id, user_id, channel, template, template_version, data, status, \
         (SELECT count(*) FROM provider_calls WHERE notification_id = id) AS attempts, provider_reference, last_error, created_at, \
         updated_at, sent_at";

const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM notifications WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)");

const PAGE: &str = formatcp!(
    "SELECT {COLUMNS} FROM notifications WHERE id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 ORDER BY id DESC LIMIT ?5"
);

const PAGE_OF_STATUS: &str = formatcp!(
    "SELECT {COLUMNS} FROM notifications
    WHERE status = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 ORDER BY id DESC LIMIT ?5"
);

const PAGE_OF_USER: &str = formatcp!(
    "SELECT {COLUMNS} FROM notifications
    WHERE user_id = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 AND (?7 IS NULL OR status = ?7)
    ORDER BY id DESC LIMIT ?5"
);

const PAGE_OF_ORDER: &str = formatcp!(
    "SELECT {COLUMNS} FROM notifications
    WHERE order_id = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4
        AND (?7 IS NULL OR status = ?7) AND (?8 IS NULL OR user_id = ?8)
    ORDER BY id DESC LIMIT ?5"
);

/// Sorts: the channels of one trigger.
const PAGE_OF_TRIGGER: &str = formatcp!(
    "SELECT {COLUMNS} FROM notifications INDEXED BY sqlite_autoindex_notifications_2
    WHERE event_id = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4
        AND (?7 IS NULL OR status = ?7) AND (?8 IS NULL OR user_id = ?8) AND (?9 IS NULL OR order_id = ?9)
    ORDER BY id DESC LIMIT ?5"
);

/// The notifications to read. A field that is `None` does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The id of the trigger.
    pub(crate) trigger: Option<String>,
    pub(crate) order: Option<OrderId>,
    pub(crate) user: Option<UserId>,
    pub(crate) status: Option<Status>,
    pub(crate) created: CreatedRange,
}

/// Ends the call ?4 that has sent the message, also if the notification was cancelled during the call. Of a user who was erased meanwhile no reference is
/// stored.
const SET_SENT: &str = "
    UPDATE notifications SET status = 'sent', last_error = NULL, updated_at = ?3, sent_at = ?3,
        provider_reference = CASE WHEN user_id NOT IN (SELECT user_id FROM erased_users) THEN ?2 END,
        call_to_write = json_object('number', ?4, 'ended_at', ?3, 'outcome', ?5,
            'detail', CASE WHEN user_id NOT IN (SELECT user_id FROM erased_users) THEN ?2 END)
    WHERE id = ?1";

/// Ends the call ?4 that has failed. Of a user who was erased meanwhile no detail is stored.
const SET_ERROR: &str = "
    UPDATE notifications SET last_error = iif(status = 'queued', ?2, last_error), updated_at = iif(status = 'queued', ?3, updated_at),
        call_to_write = json_object('number', ?4, 'ended_at', ?3, 'outcome', ?5,
            'detail', CASE WHEN user_id NOT IN (SELECT user_id FROM erased_users) THEN ?6 END)
    WHERE id = ?1";

const CANCEL: &str = "
    UPDATE notifications SET status = 'cancelled', last_error = ?2, updated_at = ?3 WHERE id = ?1 AND status = 'queued'";

const MARK_ERASED: &str = "
    INSERT INTO erased_users (user_id, erased_at) VALUES (?1, ?2) ON CONFLICT (user_id) DO NOTHING";

const ERASE_USER: &str = "
    UPDATE notifications SET data = '{}', last_error = NULL, provider_reference = NULL, updated_at = ?2,
        status = CASE WHEN status IN ('queued', 'dead') THEN 'cancelled' ELSE status END
    WHERE user_id = ?1";

const ERASE_CALLS_OF_USER: &str = "
    UPDATE provider_calls SET detail = NULL
    WHERE notification_id IN (SELECT id FROM notifications WHERE user_id = ?1) AND detail IS NOT NULL";

/// The errors of its deliveries: that of a template may quote its data.
const ERASE_FAILURES_OF_USER: &str = "
    UPDATE inbox SET failures = '[]'
    WHERE source = 'notifications' AND id IN (SELECT id FROM notifications WHERE user_id = ?1) AND failures <> '[]'";

/// Of an operator who is erased: the keys of requests, and their responses.
const DELETE_IDEMPOTENCY_KEYS: &str = "DELETE FROM idempotency_keys WHERE user_id = ?1";

const COUNT_REMAINING: &str = "
    SELECT NOT EXISTS (SELECT 1 FROM erased_users WHERE user_id = ?1) AS pending,
        (SELECT count(*) FROM notifications WHERE user_id = ?1) AS notifications";

/// The oldest rows have the lowest ids. Scans: no more rows than it may remove.
const PRUNE_CALLS: &str = "
    DELETE FROM provider_calls WHERE notification_id IN (
        SELECT id FROM notifications WHERE created_at < ?1 AND id IN (SELECT id FROM notifications ORDER BY id LIMIT ?2))";

/// Scans: no more rows than it may remove.
const PRUNE: &str = "
    DELETE FROM notifications WHERE created_at < ?1 AND id IN (SELECT id FROM notifications ORDER BY id LIMIT ?2) RETURNING id";

/// A notification that was inserted.
pub(crate) struct Inserted {
    pub(crate) id: NotificationId,
    /// Whether its first call has begun.
    pub(crate) has_begun: bool,
    /// Whether the provider of its channel has failed of late.
    pub(crate) has_failed: bool,
}

/// Inserts those of `notifications` whose trigger, user and channel have none, and returns them. With each the one of `first_calls` begins, if its
/// provider may be called now.
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    notifications: &[Notification],
    first_calls: &FirstCalls,
    now: Timestamp,
) -> Result<Vec<Inserted>, sql::Error> {
    let row = |notification: &Notification| {
        json!({
            "place": first_calls.notifications.iter().position(|id| *id == notification.id),
            "id": notification.id, "event_id": notification.trigger.id, "event_type": notification.trigger.kind,
            "order_id": notification.order_id, "user_id": notification.user_id, "channel": notification.channel, "template": notification.template,
            "template_version": notification.template_version, "data": notification.data,
        })
    };
    let rows: Value = notifications.iter().map(row).collect();
    let FirstCalls { lease, max_calls, .. } = *first_calls;
    transaction.query_all(INSERT, params![rows.to_string(), now, lease, max_calls]).await
}

/// Returns the notification `id`, which must be `owner`'s if one is given.
///
/// # Errors
///
/// [`Error::NotFound`] if there is none.
pub(crate) async fn get(db: &Connection, id: NotificationId, owner: Option<UserId>) -> Result<Notification, Error> {
    db.query_optional(SELECT, params![id, owner]).await?.ok_or(Error::NotFound)
}

/// Returns up to `limit` notifications before `before` that pass `filter`, the latest first.
pub(crate) async fn page(
    db: &Connection,
    filter: &Filter,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Notification>, sql::Error> {
    let Filter { trigger, order, user, status, created } = filter;
    let (first, last) = created.ids();
    let last = before.map_or(last, |before| last.min(before.0));
    let (after, before) = created.bounds();
    let status = status.map(Status::name);
    let mut values = params![first, last, after, before, limit].to_vec();
    let statement = match (trigger, *order, *user, status) {
        (Some(trigger), order, user, status) => {
            values.extend_from_slice(params![trigger, status, user, order]);
            PAGE_OF_TRIGGER
        }
        (None, Some(order), user, status) => {
            values.extend_from_slice(params![order, status, user]);
            PAGE_OF_ORDER
        }
        (None, None, Some(user), status) => {
            values.extend_from_slice(params![user, status]);
            PAGE_OF_USER
        }
        (None, None, None, Some(status)) => {
            values.extend_from_slice(params![status]);
            PAGE_OF_STATUS
        }
        (None, None, None, None) => PAGE,
    };
    db.query_all(statement, &values).await
}

/// Records the `result` of the call `number` for `id`, and marks `id` as sent, with the provider's reference, or with the error.
pub(crate) async fn end_call(
    transaction: &Transaction<'_>,
    id: NotificationId,
    number: u32,
    result: &ProviderResult,
    now: Timestamp,
) -> Result<(), sql::Error> {
    let name = result.name();
    match result {
        ProviderResult::Sent(reference) => {
            transaction.execute(SET_SENT, params![id, reference.as_deref(), now, number, name]).await?;
        }
        _ => {
            let detail = result.detail();
            let error = format!("{name}: {}", detail.unwrap_or_default());
            transaction.execute(SET_ERROR, params![id, error, now, number, name, detail]).await?;
        }
    }
    Ok(())
}

/// Cancels `id` for the reason `why`.
pub(crate) async fn cancel(
    transaction: &Transaction<'_>,
    id: NotificationId,
    why: &str,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(CANCEL, params![id, why, now]).await?;
    Ok(())
}

/// Cancels the unsent notifications of `user`, and erases the personal data in all of them. From then on none is stored. Idempotent.
pub(crate) async fn erase_user(transaction: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), sql::Error> {
    transaction.execute(MARK_ERASED, params![user, now]).await?;
    transaction.execute(ERASE_USER, params![user, now]).await?;
    for statement in [ERASE_CALLS_OF_USER, ERASE_FAILURES_OF_USER, DELETE_IDEMPOTENCY_KEYS] {
        transaction.execute(statement, params![user]).await?;
    }
    Ok(())
}

/// Returns what is still to be erased of `user`: the erasure is one transaction, so that is all or nothing.
pub(crate) async fn erasure_progress(db: &Connection, user: UserId) -> Result<ErasureProgress, sql::Error> {
    let (pending, notifications): (bool, i64) = db.query_one(COUNT_REMAINING, params![user]).await?;
    Ok(if pending {
        // The event has not arrived, or was not handled: also of a user without notifications.
        ErasureProgress::of_counts([("events", 1), ("notifications", notifications)])
    } else {
        ErasureProgress::without_remainder(ErasureState::Done)
    })
}

/// Removes up to `limit` notifications that are older than `time`, and returns their number.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: i64) -> Result<usize, sql::Error> {
    let transaction = db.transaction().await?;
    transaction.execute(PRUNE_CALLS, params![time, limit]).await?;
    let pruned = transaction.execute(PRUNE, params![time, limit]).await?.len();
    transaction.commit().await?;
    Ok(pruned)
}

impl FromRow for Inserted {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { id: row.get("id")?, has_begun: row.get("has_begun")?, has_failed: row.get("has_failed")? })
    }
}

impl FromRow for Notification {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let corrupt = |column: &str, text: &str| sql::Error::Other(format!("notifications.{column} holds {text:?}"));
        let channel = |text: &str| channel::from_name(text).ok_or_else(|| corrupt("channel", text));
        let status = |text: &str| Status::from_name(text).ok_or_else(|| corrupt("status", text));
        let data = |text: &str| serde_json::from_str(text).map_err(|_| corrupt("data", "something else than JSON"));
        Ok(Self {
            id: row.get("id")?,
            trigger: Trigger { id: row.get("event_id")?, kind: row.get("event_type")? },
            order_id: row.get("order_id")?,
            user_id: row.get("user_id")?,
            channel: channel(row.get("channel")?)?,
            template: row.get("template")?,
            template_version: row.get("template_version")?,
            data: data(row.get("data")?)?,
            status: status(row.get("status")?)?,
            attempts: row.get("attempts")?,
            provider_reference: row.get("provider_reference")?,
            last_error: row.get("last_error")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            sent_at: row.get("sent_at")?,
        })
    }
}
