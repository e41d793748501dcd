//! The table `erased_users`, and the columns of orders with the state of their erasure.

use crate::timeline::EntryKind;
use const_format::formatcp;
use serde_json::json;
use spindle_contracts::{OrderId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// The user ?1 is erased, as a column of other statements.
pub(crate) const IS_ERASED: &str = "EXISTS (SELECT 1 FROM erased_users WHERE user_id = ?1) AS is_erased";

const SELECT_IS_ERASED: &str = formatcp!("SELECT {IS_ERASED}");

/// A user who is erased once more is looked at once more.
const INSERT: &str = "
    INSERT INTO erased_users (user_id, erased_at, next_at) VALUES (?1, ?2, ?2)
    ON CONFLICT (user_id) DO UPDATE SET next_at = excluded.next_at";

const SELECT_DUE: &str = "
    SELECT user_id, erased_at FROM erased_users INDEXED BY erased_users_due
    WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2";

const SET_NEXT: &str = "UPDATE erased_users SET next_at = ?2 WHERE user_id = ?1";

/// The orders whose payment is not captured, and which are not cancelled.
const SELECT_OPEN: &str = "
    SELECT id FROM orders INDEXED BY orders_by_user
    WHERE user_id = ?1 AND (status = 'pending_payment' OR (status = 'paid' AND captured_at IS NULL))
    ORDER BY id LIMIT ?2";

/// The orders whose stock and payment are settled. One whose payment was captured, also if it was refunded, is kept from its last change on. The
/// refund may be known before its capture is.
const SCHEDULE: &str = "
    UPDATE orders SET erase_from = CASE
        WHEN captured_at IS NOT NULL THEN updated_at
        WHEN EXISTS (SELECT 1 FROM order_timeline WHERE order_id = orders.id AND kind = 'payment_refunded') THEN updated_at
        ELSE 0 END
    WHERE id IN (
        SELECT id FROM orders INDEXED BY orders_by_user
        WHERE user_id = ?1 AND erase_from IS NULL
            AND (status = 'fulfilled' OR (status = 'cancelled' AND stock_released_at IS NOT NULL AND returned_at IS NOT NULL))
        ORDER BY id LIMIT ?2)
    RETURNING id";

const HAS_OPEN: &str = "
    SELECT EXISTS (SELECT 1 FROM orders INDEXED BY orders_by_user WHERE user_id = ?1 AND erase_from IS NULL)";

const SELECT_TO_ERASE: &str = "
    SELECT id FROM orders INDEXED BY orders_to_erase
    WHERE erase_from <= ?1 AND erased_at IS NULL
    ORDER BY erase_from LIMIT ?2";

/// The country stays, for the tax of the sale. The reason of the payment provider may say something about the person.
const ERASE: &str = "
    UPDATE orders SET erased_at = ?2, updated_at = ?2, version = version + 1, decline_reason = NULL,
        shipping_address = json_object('name', '', 'lines', json_array(), 'city', '', 'postal_code', '',
            'country', CASE WHEN json_valid(shipping_address) THEN shipping_address ->> 'country' ELSE '' END)
    WHERE id IN (SELECT value FROM json_each(?1)) AND erased_at IS NULL
    RETURNING id";

const ERASE_REASONS: &str = "
    UPDATE order_timeline SET detail = ?2
    WHERE kind = 'payment_declined' AND order_id IN (SELECT value FROM json_each(?1))";

const APPEND_TO_TIMELINES: &str = "
    INSERT INTO order_timeline (order_id, position, at, kind, detail)
    SELECT e.value, 1 + (SELECT coalesce(max(position), 0) FROM order_timeline WHERE order_id = e.value), ?2, ?3, ?4
    FROM json_each(?1) AS e";

const SELECT_STATE: &str = "
    SELECT coalesce((SELECT next_at IS NULL FROM erased_users WHERE user_id = ?1), 0) AS is_done,
        count(*) FILTER (WHERE erased_at IS NULL AND coalesce(erase_from, 0) = 0) AS open_orders,
        count(*) FILTER (WHERE erased_at IS NULL AND erase_from > 0) AS retained_orders,
        max(erase_from) FILTER (WHERE erased_at IS NULL AND erase_from > 0) AS retained_from
    FROM orders INDEXED BY orders_by_user WHERE user_id = ?1";

/// An erased user whose orders are to be looked at.
pub(crate) struct ErasedUser {
    pub(crate) id: UserId,
    pub(crate) erased_at: Timestamp,
}

/// The state of the erasure of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// Each order is erased, or kept for a time.
    pub(crate) is_done: bool,
    pub(crate) open_orders: i64,
    pub(crate) retained_orders: i64,
    /// The time from which the last of the kept orders is kept.
    pub(crate) retained_from: Option<Timestamp>,
}

/// Records that `user` was erased: their orders are due `now`.
pub(crate) async fn insert(transaction: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), sql::Error> {
    transaction.execute(INSERT, params![user, now]).await?;
    Ok(())
}

/// Returns whether `user` was erased.
pub(crate) async fn is_erased(db: &Connection, user: UserId) -> Result<bool, sql::Error> {
    let (is_erased,): (bool,) = db.query_one(SELECT_IS_ERASED, params![user]).await?;
    Ok(is_erased)
}

/// Returns up to `limit` erased users who are due, the longest waiting first.
pub(crate) async fn due(db: &Connection, now: Timestamp, limit: i64) -> Result<Vec<ErasedUser>, sql::Error> {
    db.query_all(SELECT_DUE, params![now, limit]).await
}

/// Sets the time at which `user` is due next; `None` if nothing is left to be looked at.
pub(crate) async fn set_next(db: &Connection, user: UserId, next: Option<Timestamp>) -> Result<(), sql::Error> {
    db.execute(SET_NEXT, params![user, next]).await?;
    Ok(())
}

/// Returns up to `limit` orders of `user` that are to be cancelled, the oldest first.
pub(crate) async fn open(db: &Connection, user: UserId, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(SELECT_OPEN, params![user, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sets for up to `limit` settled orders of `user` from when they are kept, and returns their number.
pub(crate) async fn schedule(transaction: &Transaction<'_>, user: UserId, limit: i64) -> Result<usize, sql::Error> {
    Ok(transaction.execute(SCHEDULE, params![user, limit]).await?.len())
}

/// Returns whether `user` has orders that are not settled.
pub(crate) async fn has_open(db: &Connection, user: UserId) -> Result<bool, sql::Error> {
    let (has_open,): (bool,) = db.query_one(HAS_OPEN, params![user]).await?;
    Ok(has_open)
}

/// Returns up to `limit` orders that are kept from `time` or before, the longest kept first.
pub(crate) async fn to_erase(db: &Connection, time: Timestamp, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(SELECT_TO_ERASE, params![time, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Removes name, address and the reasons of declined payments from `orders` and their timelines, to which `entry`, kind and detail, is appended.
/// Returns the number of orders that were not erased before.
pub(crate) async fn erase(
    transaction: &Transaction<'_>,
    orders: &[OrderId],
    now: Timestamp,
    (kind, detail): (EntryKind, &str),
    declined: &str,
) -> Result<usize, sql::Error> {
    let erased: Vec<(OrderId,)> = transaction.query_all(ERASE, params![json!(orders).to_string(), now]).await?;
    let erased: Vec<OrderId> = erased.into_iter().map(|(id,)| id).collect();
    let ids = json!(erased).to_string();
    transaction.execute(ERASE_REASONS, params![&ids, declined]).await?;
    transaction.execute(APPEND_TO_TIMELINES, params![&ids, now, kind.name(), detail]).await?;
    Ok(erased.len())
}

/// Returns the state of the erasure of `user`.
pub(crate) async fn state(db: &Connection, user: UserId) -> Result<State, sql::Error> {
    db.query_one(SELECT_STATE, params![user]).await
}

impl FromRow for ErasedUser {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { id: row.get("user_id")?, erased_at: row.get("erased_at")? })
    }
}

impl FromRow for State {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            is_done: row.get("is_done")?,
            open_orders: row.get("open_orders")?,
            retained_orders: row.get("retained_orders")?,
            retained_from: row.get("retained_from")?,
        })
    }
}
