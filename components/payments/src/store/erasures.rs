//! The table `erased_users`, and the texts of the provider about the payments of an erased user.

use spindle_contracts::{PaymentId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, Transaction};

/// A user who is erased once more is looked at once more.
const INSERT: &str = "
    INSERT INTO erased_users (user_id, erased_at) VALUES (?1, ?2)
    ON CONFLICT (user_id) DO UPDATE SET cleaned_at = NULL";

/// Scans: an index of the users who are not cleaned yet, which are few.
const SELECT_TO_CLEAN: &str = "
    SELECT user_id FROM erased_users INDEXED BY erased_users_to_clean
    WHERE cleaned_at IS NULL ORDER BY erased_at LIMIT ?1";

const SET_CLEANED: &str = "UPDATE erased_users SET cleaned_at = ?2 WHERE user_id = ?1";

const CLEAN_PAYMENTS: &str = "
    UPDATE payments SET decline_reason = NULL, version = version + 1, updated_at = ?2
    WHERE id IN (
        SELECT id FROM payments INDEXED BY payments_by_user
        WHERE user_id = ?1 AND decline_reason IS NOT NULL ORDER BY id LIMIT ?3)
    RETURNING id";

const CLEAN_CALLS: &str = "
    UPDATE provider_calls SET detail = NULL
    WHERE (payment_id, number) IN (
        SELECT call.payment_id, call.number
        FROM payments AS p INDEXED BY payments_by_user JOIN provider_calls AS call ON call.payment_id = p.id
        WHERE p.user_id = ?1 AND call.detail IS NOT NULL LIMIT ?2)
    RETURNING number";

const CLEAN_EVENTS: &str = "
    UPDATE outbox SET data = json_set(data, '$.reason', '')
    WHERE seq IN (
        SELECT event.seq
        FROM payments AS p INDEXED BY payments_by_user
            JOIN outbox AS event INDEXED BY outbox_declines ON event.subject = p.id AND event.type = 'PaymentDeclined'
        WHERE p.user_id = ?1 AND CASE WHEN json_valid(event.data) THEN event.data ->> 'reason' END <> '' LIMIT ?2)
    RETURNING seq";

/// Scans: the dead letters, which are few unless something is down.
const SELECT_DEAD: &str = "
    SELECT p.id FROM inbox AS letter JOIN payments AS p ON p.id = letter.subject
    WHERE letter.state = 'dead' AND p.user_id = ?1";

/// Counts the payments with a text of the provider.
const SELECT_STATE: &str = "
    SELECT coalesce((SELECT cleaned_at IS NOT NULL FROM erased_users WHERE user_id = ?1), 0) AS is_done, count(*) AS remaining
    FROM payments AS p INDEXED BY payments_by_user
    WHERE user_id = ?1 AND (decline_reason IS NOT NULL
        OR EXISTS (SELECT 1 FROM provider_calls WHERE payment_id = p.id AND detail IS NOT NULL))";

/// Records that `user` was erased.
pub(crate) async fn insert(transaction: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), sql::Error> {
    transaction.execute(INSERT, params![user, now]).await?;
    Ok(())
}

/// Returns up to `limit` erased users whose payments are not cleaned yet, the longest waiting first.
pub(crate) async fn to_clean(db: &Connection, limit: i64) -> Result<Vec<UserId>, sql::Error> {
    let rows: Vec<(UserId,)> = db.query_all(SELECT_TO_CLEAN, params![limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Records that nothing about `user` is left to be removed.
pub(crate) async fn set_cleaned(transaction: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), sql::Error> {
    transaction.execute(SET_CLEANED, params![user, now]).await?;
    Ok(())
}

/// Removes the provider's texts about up to `limit` payments of `user`, as many of its calls and as many events. Returns whether there may be more.
pub(crate) async fn clean(
    transaction: &Transaction<'_>,
    user: UserId,
    now: Timestamp,
    limit: i64,
) -> Result<bool, sql::Error> {
    let payments = transaction.execute(CLEAN_PAYMENTS, params![user, now, limit]).await?.len();
    let calls = transaction.execute(CLEAN_CALLS, params![user, limit]).await?.len();
    let events = transaction.execute(CLEAN_EVENTS, params![user, limit]).await?.len();
    Ok([payments, calls, events].into_iter().any(|count| i64::try_from(count).unwrap_or(i64::MAX) >= limit))
}

/// Returns the payments of `user` that are the subject of a dead letter.
pub(crate) async fn dead_subjects(db: &Connection, user: UserId) -> Result<Vec<String>, sql::Error> {
    let rows: Vec<(PaymentId,)> = db.query_all(SELECT_DEAD, params![user]).await?;
    Ok(rows.into_iter().map(|(id,)| id.to_string()).collect())
}

/// Returns whether the payments of `user` are cleaned, and the number of those that are not.
pub(crate) async fn state(db: &Connection, user: UserId) -> Result<(bool, i64), sql::Error> {
    db.query_one(SELECT_STATE, params![user]).await
}
