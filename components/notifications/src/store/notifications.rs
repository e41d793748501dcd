//! Notifications: queued, sent, given up, and forgotten.

use crate::channel;
use crate::error::Error;
use crate::notification::{Notification, Occasion, Status};
use serde_json::{Value, json};
use spindle_contracts::{NotificationId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// Those that are not there yet. Sorts: the channels of one occasion.
const INSERT: &str = "
    INSERT INTO notifications (id, event_id, event_type, user_id, channel, template, template_version, data, status, created_at, updated_at)
    SELECT n.value ->> 'id', n.value ->> 'event_id', n.value ->> 'event_type', n.value ->> 'user_id', n.value ->> 'channel',
           n.value ->> 'template', n.value ->> 'template_version', n.value -> 'data', 'queued', ?2, ?2
    FROM json_each(?1) AS n WHERE true ORDER BY n.key
    ON CONFLICT (event_id, user_id, channel) DO NOTHING
    RETURNING id";

const SELECT: &str = "
    SELECT id, event_id, event_type, user_id, channel, template, template_version, data, status,
        (SELECT count(*) FROM provider_calls WHERE notification_id = id), provider_reference, last_error, created_at, updated_at, sent_at
    FROM notifications WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)";

const PAGE: &str = "
    SELECT id, event_id, event_type, user_id, channel, template, template_version, data, status,
        (SELECT count(*) FROM provider_calls WHERE notification_id = id), provider_reference, last_error, created_at, updated_at, sent_at
    FROM notifications WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

const PAGE_OF_STATUS: &str = "
    SELECT id, event_id, event_type, user_id, channel, template, template_version, data, status,
        (SELECT count(*) FROM provider_calls WHERE notification_id = id), provider_reference, last_error, created_at, updated_at, sent_at
    FROM notifications WHERE status = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

const PAGE_OF_USER: &str = "
    SELECT id, event_id, event_type, user_id, channel, template, template_version, data, status,
        (SELECT count(*) FROM provider_calls WHERE notification_id = id), provider_reference, last_error, created_at, updated_at, sent_at
    FROM notifications WHERE user_id = ?3 AND id < ?1 AND (?4 IS NULL OR status = ?4) ORDER BY id DESC LIMIT ?2";

/// Also one that was cancelled meanwhile: what is sent is sent.
const SET_SENT: &str = "
    UPDATE notifications SET status = 'sent', provider_reference = ?2, last_error = NULL, updated_at = ?3, sent_at = ?3 WHERE id = ?1";

const SET_ERROR: &str = "UPDATE notifications SET last_error = ?2, updated_at = ?3 WHERE id = ?1 AND status = 'queued'";

const CANCEL: &str = "
    UPDATE notifications SET status = 'cancelled', last_error = ?2, updated_at = ?3 WHERE id = ?1 AND status = 'queued'";

const FORGET: &str = "
    UPDATE notifications SET data = '{}', last_error = NULL, updated_at = ?2,
        status = CASE WHEN status IN ('queued', 'dead') THEN 'cancelled' ELSE status END
    WHERE user_id = ?1";

const FORGET_CALLS: &str = "
    UPDATE provider_calls SET detail = NULL
    WHERE notification_id IN (SELECT id FROM notifications WHERE user_id = ?1) AND detail IS NOT NULL";

/// The oldest first, and those are at the front. Scans: no more than it may remove.
const PRUNE_CALLS: &str = "
    DELETE FROM provider_calls WHERE notification_id IN (
        SELECT id FROM notifications WHERE created_at < ?1 AND id IN (SELECT id FROM notifications ORDER BY id LIMIT ?2))";

/// Scans: no more than it may remove.
const PRUNE: &str = "
    DELETE FROM notifications WHERE created_at < ?1 AND id IN (SELECT id FROM notifications ORDER BY id LIMIT ?2) RETURNING id";

/// Adds `notifications`, which are new, and gives the ids of those whose occasion, user and channel were not there.
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    notifications: &[Notification],
    now: Timestamp,
) -> Result<Vec<NotificationId>, sql::Error> {
    let row = |notification: &Notification| {
        json!({
            "id": notification.id, "event_id": notification.occasion.id, "event_type": notification.occasion.kind,
            "user_id": notification.user_id, "channel": notification.channel, "template": notification.template,
            "template_version": notification.template_version, "data": notification.data,
        })
    };
    let rows: Value = notifications.iter().map(row).collect();
    let inserted: Vec<(NotificationId,)> = transaction.query_all(INSERT, params![rows.to_string(), now]).await?;
    Ok(inserted.into_iter().map(|(id,)| id).collect())
}

/// The notification `id`, if it is `owner`'s where that matters.
pub(crate) async fn get(db: &Connection, id: NotificationId, owner: Option<UserId>) -> Result<Notification, Error> {
    db.query_optional(SELECT, params![id, owner]).await?.ok_or(Error::NotFound)
}

/// Up to `limit` notifications, of a user and in a status if those are given, from the one before `before` on, the latest first.
pub(crate) async fn page(
    db: &Connection,
    user: Option<UserId>,
    status: Option<Status>,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Notification>, sql::Error> {
    // The tilde comes after every id.
    let before = before.map_or_else(|| "~".to_owned(), |id| id.to_string());
    let status = status.map(Status::name);
    match (user, status) {
        (None, None) => db.query_all(PAGE, params![before, limit]).await,
        (None, Some(status)) => db.query_all(PAGE_OF_STATUS, params![before, limit, status]).await,
        (Some(user), status) => db.query_all(PAGE_OF_USER, params![before, limit, user, status]).await,
    }
}

/// Notes that the provider has sent `id`, and calls it `reference`.
pub(crate) async fn set_sent(
    transaction: &Transaction<'_>,
    id: NotificationId,
    reference: Option<&str>,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(SET_SENT, params![id, reference, now]).await?;
    Ok(())
}

/// Notes why `id` was not sent this time.
pub(crate) async fn set_error(
    transaction: &Transaction<'_>,
    id: NotificationId,
    error: &str,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(SET_ERROR, params![id, error, now]).await?;
    Ok(())
}

/// Notes that `id` is not to be sent any more, and why.
pub(crate) async fn cancel(
    transaction: &Transaction<'_>,
    id: NotificationId,
    why: &str,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(CANCEL, params![id, why, now]).await?;
    Ok(())
}

/// Cancels what `user` was not told yet, and empties what may speak of them.
pub(crate) async fn forget(transaction: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), sql::Error> {
    transaction.execute(FORGET, params![user, now]).await?;
    transaction.execute(FORGET_CALLS, params![user]).await?;
    Ok(())
}

/// Removes up to `limit` notifications from before `time`, and says how many.
pub(crate) async fn prune(db: &Connection, time: Timestamp, limit: i64) -> Result<usize, sql::Error> {
    let transaction = db.transaction().await?;
    transaction.execute(PRUNE_CALLS, params![time, limit]).await?;
    let pruned = transaction.execute(PRUNE, params![time, limit]).await?.len();
    transaction.commit().await?;
    Ok(pruned)
}

impl FromRow for Notification {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let (channel, status, data): (String, String, String) = (row.at(4)?, row.at(8)?, row.at(7)?);
        let corrupt = |column: &str, text: &str| sql::Error::Other(format!("notifications.{column} holds {text:?}"));
        Ok(Self {
            id: row.at(0)?,
            occasion: Occasion { id: row.at(1)?, kind: row.at(2)? },
            user_id: row.at(3)?,
            channel: channel::from_name(&channel).ok_or_else(|| corrupt("channel", &channel))?,
            template: row.at(5)?,
            template_version: row.at(6)?,
            data: serde_json::from_str(&data).map_err(|_| corrupt("data", "something else than JSON"))?,
            status: Status::from_name(&status).ok_or_else(|| corrupt("status", &status))?,
            attempts: row.at(9)?,
            provider_reference: row.at(10)?,
            last_error: row.at(11)?,
            created_at: row.at(12)?,
            updated_at: row.at(13)?,
            sent_at: row.at(14)?,
        })
    }
}
