//! Orders one by one, in lists, and those that something is due for.

use crate::error::Error;
use crate::order::{Marks, Order, Status};
use serde_json::json;
use spindle_contracts::event::CancelReason;
use spindle_contracts::{OrderId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction, Value};

const SELECT: &str = "
    SELECT id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at,
        captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments
    FROM orders WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)";

const SELECT_PAGE: &str = "
    SELECT id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at,
        captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments
    FROM orders WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

const SELECT_PAGE_OF_STATUS: &str = "
    SELECT id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at,
        captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments
    FROM orders WHERE status = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

const SELECT_PAGE_OF_USER: &str = "
    SELECT id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at,
        captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments
    FROM orders WHERE user_id = ?3 AND id < ?1 AND (?4 IS NULL OR status = ?4) ORDER BY id DESC LIMIT ?2";

const INSERT: &str = "
    INSERT INTO orders (id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at,
        captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";

const UPDATE: &str = "
    UPDATE orders SET status = ?2, cancel_reason = ?3, authorized_at = ?4, captured_at = ?5, returned_at = ?6, stock_released_at = ?7,
        version = ?8, updated_at = ?9
    WHERE id = ?1 AND version = ?8 - 1
    RETURNING id";

const SELECT_OVERDUE: &str = "
    SELECT id FROM orders INDEXED BY orders_overdue
    WHERE status = 'pending_payment' AND authorized_at IS NULL AND payment_due_at <= ?1
    ORDER BY payment_due_at LIMIT ?2";

const SELECT_TO_TAKE_STOCK: &str = "
    SELECT id FROM orders INDEXED BY orders_to_take_stock
    WHERE status = 'pending_payment' AND authorized_at IS NOT NULL
    ORDER BY authorized_at LIMIT ?1";

/// Scans: an index of the cancelled orders that hold stock, which are few.
const SELECT_TO_RELEASE_STOCK: &str = "
    SELECT id FROM orders INDEXED BY orders_to_release_stock
    WHERE status = 'cancelled' AND stock_released_at IS NULL
    ORDER BY updated_at LIMIT ?1";

/// The order `id`, if it is `owner`'s where that matters.
pub(crate) async fn get(db: &Connection, id: OrderId, owner: Option<UserId>) -> Result<Order, Error> {
    db.query_optional(SELECT, params![id, owner]).await?.ok_or(Error::NotFound)
}

/// Up to `limit` orders, of a user and in a status if those are given, from the one before `after` on, the latest first.
pub(crate) async fn page(
    db: &Connection,
    user: Option<UserId>,
    status: Option<Status>,
    after: Option<OrderId>,
    limit: i64,
) -> Result<Vec<Order>, Error> {
    // The tilde comes after every id.
    let after = after.map_or_else(|| "~".to_owned(), |id| id.to_string());
    let status = status.map(Status::name);
    let orders = match (user, status) {
        (None, None) => db.query_all(SELECT_PAGE, params![after, limit]).await,
        (None, Some(status)) => db.query_all(SELECT_PAGE_OF_STATUS, params![after, limit, status]).await,
        (Some(user), status) => db.query_all(SELECT_PAGE_OF_USER, params![after, limit, user, status]).await,
    };
    Ok(orders?)
}

/// Adds `order`.
pub(crate) async fn insert(transaction: &Transaction<'_>, order: &Order) -> Result<(), sql::Error> {
    let marks = &order.marks;
    let values = params![
        order.id,
        &order.number,
        order.user_id,
        order.status.name(),
        marks.cancel_reason.map(reason_name),
        json!(order.items).to_string(),
        order.total,
        order.currency,
        json!(order.shipping_address).to_string(),
        marks.payment_due_at,
        marks.authorized_at,
        marks.captured_at,
        marks.returned_at,
        marks.stock_released_at,
        version(order),
        order.created_at,
        order.updated_at,
        json!(order.adjustments).to_string(),
    ];
    transaction.execute(INSERT, values).await?;
    Ok(())
}

/// Replaces the version before `order`'s by `order`.
pub(crate) async fn update(transaction: &Transaction<'_>, order: &Order) -> Result<(), Error> {
    let marks = &order.marks;
    let values = params![
        order.id,
        order.status.name(),
        marks.cancel_reason.map(reason_name),
        marks.authorized_at,
        marks.captured_at,
        marks.returned_at,
        marks.stock_released_at,
        version(order),
        order.updated_at,
    ];
    let updated: Option<(OrderId,)> = transaction.query_optional(UPDATE, values).await?;
    updated.map(|_| ()).ok_or(Error::Changed)
}

/// Up to `limit` orders for whose payment nobody has answered in time, the longest overdue first.
pub(crate) async fn overdue(db: &Connection, now: Timestamp, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_OVERDUE, params![now, limit]).await
}

/// Up to `limit` orders whose payment is authorised and whose stock is still to be taken.
pub(crate) async fn to_take_stock(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_TO_TAKE_STOCK, params![limit]).await
}

/// Up to `limit` cancelled orders whose stock is still to be given back.
pub(crate) async fn to_release_stock(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_TO_RELEASE_STOCK, params![limit]).await
}

async fn ids(db: &Connection, statement: &str, values: &[Value]) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(statement, values).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn version(order: &Order) -> i64 {
    i64::try_from(order.version).unwrap_or(i64::MAX)
}

/// A reason as it is stored, which is how it is told.
fn reason_name(reason: CancelReason) -> String {
    json!(reason).as_str().unwrap_or_default().to_owned()
}

impl FromRow for Order {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let corrupt = |column: &str, found: &str| sql::Error::Other(format!("orders.{column} holds {found:?}"));
        // What is in there is not for the log.
        let not_as_written = |column: &str| sql::Error::Other(format!("orders.{column} is not as it was written"));
        let (status, reason): (String, Option<String>) = (row.at(3)?, row.at(4)?);
        let (items, shipping_address, adjustments): (String, String, String) = (row.at(5)?, row.at(8)?, row.at(17)?);
        let cancel_reason = match reason {
            None => None,
            Some(name) => Some(serde_json::from_value(json!(name)).map_err(|_| corrupt("cancel_reason", &name))?),
        };
        Ok(Self {
            id: row.at(0)?,
            number: row.at(1)?,
            user_id: row.at(2)?,
            status: Status::from_name(&status).ok_or_else(|| corrupt("status", &status))?,
            items: serde_json::from_str(&items).map_err(|_| not_as_written("items"))?,
            adjustments: serde_json::from_str(&adjustments).map_err(|_| not_as_written("adjustments"))?,
            total: row.at(6)?,
            currency: row.at(7)?,
            shipping_address: serde_json::from_str(&shipping_address)
                .map_err(|_| not_as_written("shipping_address"))?,
            marks: Marks {
                payment_due_at: row.at(9)?,
                authorized_at: row.at(10)?,
                captured_at: row.at(11)?,
                returned_at: row.at(12)?,
                stock_released_at: row.at(13)?,
                cancel_reason,
            },
            version: row.at(14)?,
            created_at: row.at(15)?,
            updated_at: row.at(16)?,
        })
    }
}
