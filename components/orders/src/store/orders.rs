//! The table `orders`.

mod sums;

use crate::error::Error;
use crate::limits::{Limits, Unpaid};
use crate::order::{Decline, Order, Status};
use crate::order_query::{OrderQuery, Position, Sort};
use crate::store::adjuster::GATE_COLUMNS;
use crate::store::erasures::IS_ERASED;
use crate::timeline::Entry;
use const_format::{concatcp, formatcp};
use serde_json::json;
use spindle_contracts::event::{CancelReason, DeclineCode};
use spindle_contracts::{Currency, Money, OrderId, Timestamp, UserId};
use spindle_idempotency as idempotency;
use spindle_platform::breaker::Gate;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction, Value};

/// The columns, in the order in which [`Order`] is read and inserted.
const COLUMNS: &str = "id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at, authorized_at, \
     captured_at, returned_at, stock_released_at, version, created_at, updated_at, adjustments, refund_id, decline_code, decline_reason";

const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM orders WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)");

/// The order with the number ?1, if it is in the list that the other parameters select.
const SELECT_BY_NUMBER: &str = formatcp!(
    "SELECT {COLUMNS} FROM orders
     WHERE number = ?1 AND (?2 IS NULL OR user_id = ?2) AND (?3 IS NULL OR status = ?3) AND created_at > ?4 AND created_at < ?5"
);

/// The rows of a page, the latest first: from before (?1, ?2), and created after ?3.
const LATEST_FIRST: &str = "(created_at, id) < (?1, ?2) AND created_at > ?3 ORDER BY created_at DESC, id DESC LIMIT ?4";

/// The rows of a page, the oldest first: from after (?1, ?2), and created before ?3.
const OLDEST_FIRST: &str = "(created_at, id) > (?1, ?2) AND created_at < ?3 ORDER BY created_at, id LIMIT ?4";

const SELECT_LATEST: &str =
    formatcp!("SELECT {COLUMNS} FROM orders INDEXED BY orders_by_creation WHERE {LATEST_FIRST}");

const SELECT_OLDEST: &str =
    formatcp!("SELECT {COLUMNS} FROM orders INDEXED BY orders_by_creation WHERE {OLDEST_FIRST}");

const SELECT_LATEST_OF_STATUS: &str = formatcp!(
    "SELECT {COLUMNS} FROM orders INDEXED BY orders_by_status_and_creation WHERE status = ?5 AND {LATEST_FIRST}"
);

const SELECT_OLDEST_OF_STATUS: &str = formatcp!(
    "SELECT {COLUMNS} FROM orders INDEXED BY orders_by_status_and_creation WHERE status = ?5 AND {OLDEST_FIRST}"
);

/// Reads the orders of one user in every status, which are few.
const OF_USER: &str = "user_id = ?6 AND (?5 IS NULL OR status = ?5)";

const SELECT_LATEST_OF_USER: &str =
    formatcp!("SELECT {COLUMNS} FROM orders INDEXED BY orders_by_user_and_creation WHERE {OF_USER} AND {LATEST_FIRST}");

const SELECT_OLDEST_OF_USER: &str =
    formatcp!("SELECT {COLUMNS} FROM orders INDEXED BY orders_by_user_and_creation WHERE {OF_USER} AND {OLDEST_FIRST}");

/// The unpaid orders of the user ?1 and the pieces that they hold, as a JSON object.
const SELECT_UNPAID: &str = "
    SELECT json_object('orders', count(*),
        'pieces', coalesce(sum((SELECT sum(item.value ->> 'quantity') FROM json_each(items) AS item)), 0)) AS unpaid
    FROM orders INDEXED BY orders_unpaid_by_user WHERE user_id = ?1 AND status = 'pending_payment'";

/// The other requests for an order of the user ?1 that have no response yet: ?2 is the operation, ?3 the key of the request that counts them.
const COUNT_UNANSWERED: &str = "
    SELECT count(*) FROM idempotency_keys INDEXED BY idempotency_keys_unanswered_by_user
    WHERE user_id = ?1 AND operation = ?2 AND key <> ?3 AND status IS NULL";

/// Claims an idempotency key, and reads in the same statement the [`Customer`]: what its user has not paid yet, whether the user was erased, and whether
/// the price adjuster may be called.
pub(crate) const CLAIM: &str = concatcp!(
    idempotency::CLAIM,
    ", (",
    SELECT_UNPAID,
    ") AS unpaid, (",
    COUNT_UNANSWERED,
    ") AS unanswered, ",
    IS_ERASED,
    ", ",
    GATE_COLUMNS
);

/// Inserts an order with its first entries of the timeline, unless the user ?3 has ?22 unpaid orders, or would hold more than ?24 pieces with the ?23
/// of this one, or was erased.
const INSERT: &str = formatcp!(
    "INSERT INTO orders ({COLUMNS}, entries_to_append)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?25
     WHERE (
         SELECT count(*) < ?22
             AND ?23 + coalesce(sum((SELECT sum(item.value ->> 'quantity') FROM json_each(items) AS item)), 0) <= ?24
         FROM orders INDEXED BY orders_unpaid_by_user WHERE user_id = ?3 AND status = 'pending_payment')
         AND NOT EXISTS (SELECT 1 FROM erased_users WHERE user_id = ?3)
     RETURNING id"
);

/// Writes an order with its new entries of the timeline.
const UPDATE: &str = "
    UPDATE orders SET status = ?2, cancel_reason = ?3, authorized_at = ?4, captured_at = ?5, returned_at = ?6, stock_released_at = ?7,
        version = ?8, updated_at = ?9, refund_id = ?10, decline_code = ?11, decline_reason = ?12, entries_to_append = ?13
    WHERE id = ?1 AND version = ?8 - 1
    RETURNING id";

/// Records that the payment of an order in the phase `AwaitingCapture` is captured, with the entries of the timeline.
const SET_CAPTURED: &str = "
    UPDATE orders SET captured_at = ?2, updated_at = ?2, version = version + 1, entries_to_append = ?3
    WHERE id = ?1 AND status = 'paid' AND captured_at IS NULL
    RETURNING id";

const SELECT_OVERDUE: &str = "
    SELECT id FROM orders INDEXED BY orders_overdue
    WHERE status = 'pending_payment' AND authorized_at IS NULL AND payment_due_at <= ?1
    ORDER BY payment_due_at LIMIT ?2";

const SELECT_AWAITING_STOCK: &str = "
    SELECT id FROM orders INDEXED BY orders_to_take_stock
    WHERE status = 'pending_payment' AND authorized_at IS NOT NULL
    ORDER BY authorized_at LIMIT ?1";

/// Scans: an index of the cancelled orders with stock, which are few.
const SELECT_CANCELLING: &str = "
    SELECT id FROM orders INDEXED BY orders_to_release_stock
    WHERE status = 'cancelled' AND stock_released_at IS NULL
    ORDER BY updated_at LIMIT ?1";

/// The user who places an order.
pub(crate) struct Customer {
    pub(crate) unpaid: Unpaid,
    pub(crate) is_erased: bool,
    /// The state that decides whether the price adjuster may be called.
    pub(crate) adjuster: Gate,
}

/// Returns the order `id`; with `owner_filter`, only if it belongs to that user.
pub(crate) async fn get(db: &Connection, id: OrderId, owner_filter: Option<UserId>) -> Result<Order, Error> {
    db.query_optional(SELECT, params![id, owner_filter]).await?.ok_or(Error::NotFound)
}

/// Returns up to `limit` orders of the list `query` that come after `after`.
pub(crate) async fn page(
    db: &Connection,
    query: &OrderQuery,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Order>, Error> {
    let OrderQuery { user_id: user, sort, .. } = *query;
    let status = query.status.map(Status::name);
    let created_after = query.created_after.map_or(i64::MIN, Timestamp::as_millis);
    let created_before = query.created_before.map_or(i64::MAX, Timestamp::as_millis);
    if let Some(number) = &query.number {
        let values = params![number.as_str(), user, status, created_after, created_before];
        return Ok(db.query_all(SELECT_BY_NUMBER, values).await?);
    }
    // Every id is between the empty text and the tilde.
    let (start, end) = match sort {
        Sort::Latest => ((created_before, ""), created_after),
        Sort::Oldest => ((created_after, "~"), created_before),
    };
    let (time, id) = after.map_or((start.0, start.1.to_owned()), |(time, id)| (time.as_millis(), id.to_string()));
    let (of_user, of_status, of_all) = match sort {
        Sort::Latest => (SELECT_LATEST_OF_USER, SELECT_LATEST_OF_STATUS, SELECT_LATEST),
        Sort::Oldest => (SELECT_OLDEST_OF_USER, SELECT_OLDEST_OF_STATUS, SELECT_OLDEST),
    };
    let orders = match (user, status) {
        (Some(user), status) => db.query_all(of_user, params![time, id, end, limit, status, user]).await,
        (None, Some(status)) => db.query_all(of_status, params![time, id, end, limit, status]).await,
        (None, None) => db.query_all(of_all, params![time, id, end, limit]).await,
    };
    Ok(orders?)
}

/// Returns what `user` has not paid yet.
pub(crate) async fn unpaid(db: &Connection, user: UserId) -> Result<Unpaid, sql::Error> {
    let (unpaid,): (String,) = db.query_one(SELECT_UNPAID, params![user]).await?;
    read_unpaid(&unpaid)
}

/// Inserts `order` with the `entries` of its timeline within `limits`. Returns false, and inserts nothing, if its user would exceed them, or was erased.
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    order: &Order,
    entries: &[Entry],
    limits: Limits,
) -> Result<bool, sql::Error> {
    let values = params![
        order.id,
        &order.number,
        order.user_id,
        order.status.name(),
        order.cancel_reason.map(reason_name),
        sums::write_items(&order.items),
        order.total.amount,
        order.total.currency,
        json!(order.shipping_address).to_string(),
        order.payment_due_at,
        order.authorized_at,
        order.captured_at,
        order.returned_at,
        order.stock_released_at,
        version(order),
        order.created_at,
        order.updated_at,
        sums::write_adjustments(&order.adjustments),
        order.refund_id,
        order.decline.as_ref().map(|decline| decline.code.name()),
        order.decline.as_ref().and_then(|decline| decline.detail.as_deref()),
        limits.orders,
        order.items.iter().map(|item| i64::from(item.quantity)).sum::<i64>(),
        limits.pieces,
        write_entries(entries),
    ];
    Ok(!transaction.execute(INSERT, values).await?.is_empty())
}

/// Replaces the version before that of `order` by `order`, and appends `entries` to its timeline.
///
/// # Errors
///
/// [`Error::Changed`] if the row has another version: then nothing is written.
pub(crate) async fn update(transaction: &Transaction<'_>, order: &Order, entries: &[Entry]) -> Result<(), Error> {
    let values = params![
        order.id,
        order.status.name(),
        order.cancel_reason.map(reason_name),
        order.authorized_at,
        order.captured_at,
        order.returned_at,
        order.stock_released_at,
        version(order),
        order.updated_at,
        order.refund_id,
        order.decline.as_ref().map(|decline| decline.code.name()),
        order.decline.as_ref().and_then(|decline| decline.detail.as_deref()),
        write_entries(entries),
    ];
    let updated: Option<(OrderId,)> = transaction.query_optional(UPDATE, values).await?;
    updated.map(|_| ()).ok_or(Error::Changed)
}

/// Records that the payment of the order `id` is captured, if the order waits for that, and appends `entries` to its timeline. Returns whether it did.
pub(crate) async fn set_captured(
    transaction: &Transaction<'_>,
    id: OrderId,
    now: Timestamp,
    entries: &[Entry],
) -> Result<bool, sql::Error> {
    Ok(!transaction.execute(SET_CAPTURED, params![id, now, write_entries(entries)]).await?.is_empty())
}

/// Returns up to `limit` orders whose payment was not decided in time, the longest overdue first.
pub(crate) async fn overdue(db: &Connection, now: Timestamp, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_OVERDUE, params![now, limit]).await
}

/// Returns up to `limit` orders whose payment is authorised and whose stock is not committed yet.
pub(crate) async fn awaiting_stock(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_AWAITING_STOCK, params![limit]).await
}

/// Returns up to `limit` cancelled orders whose stock is not released yet.
pub(crate) async fn cancelling(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    ids(db, SELECT_CANCELLING, params![limit]).await
}

async fn ids(db: &Connection, statement: &str, values: &[Value]) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(statement, values).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn version(order: &Order) -> i64 {
    i64::try_from(order.version).unwrap_or(i64::MAX)
}

/// Returns `entries` as the column `entries_to_append` takes them.
fn write_entries(entries: &[Entry]) -> String {
    let row = |entry: &Entry| json!({ "at": entry.at.as_millis(), "kind": entry.kind, "detail": entry.detail });
    entries.iter().map(row).collect::<serde_json::Value>().to_string()
}

/// Returns the stored form of a reason, which is the one in events as well.
fn reason_name(reason: CancelReason) -> String {
    json!(reason).as_str().unwrap_or_default().to_owned()
}

fn read_unpaid(json: &str) -> Result<Unpaid, sql::Error> {
    serde_json::from_str(json).map_err(|error| sql::Error::Other(format!("the unpaid orders cannot be read: {error}")))
}

/// Reads the columns that [`CLAIM`] has beside the claim.
impl FromRow for Customer {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let unpaid = read_unpaid(row.get("unpaid")?)?;
        let orders = unpaid.orders + row.get::<i64>("unanswered")?;
        Ok(Self {
            unpaid: Unpaid { orders, ..unpaid },
            is_erased: row.get("is_erased")?,
            adjuster: Gate::from_row(row)?,
        })
    }
}

impl FromRow for Order {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let corrupt = |column: &str, found: &str| sql::Error::Other(format!("orders.{column} holds {found:?}"));
        // The log must not have the content of these.
        let unreadable = |column: &str| sql::Error::Other(format!("orders.{column} cannot be read"));
        let currency: Currency = row.get("currency")?;
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            user_id: row.get("user_id")?,
            status: {
                let name = row.get("status")?;
                Status::from_name(name).ok_or_else(|| corrupt("status", name))?
            },
            cancel_reason: match row.get::<Option<&str>>("cancel_reason")? {
                None => None,
                Some(name) => Some(serde_json::from_value(json!(name)).map_err(|_| corrupt("cancel_reason", name))?),
            },
            items: sums::read_items(row.get("items")?, currency).map_err(|_| unreadable("items"))?,
            total: Money::new(row.get("total")?, currency),
            shipping_address: serde_json::from_str(row.get("shipping_address")?)
                .map_err(|_| unreadable("shipping_address"))?,
            payment_due_at: row.get("payment_due_at")?,
            authorized_at: row.get("authorized_at")?,
            captured_at: row.get("captured_at")?,
            returned_at: row.get("returned_at")?,
            stock_released_at: row.get("stock_released_at")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            adjustments: sums::read_adjustments(row.get("adjustments")?, currency)
                .map_err(|_| unreadable("adjustments"))?,
            refund_id: row.get("refund_id")?,
            decline: match row.get::<Option<&str>>("decline_code")? {
                None => None,
                Some(name) => {
                    let code = DeclineCode::from_name(name).ok_or_else(|| corrupt("decline_code", name))?;
                    Some(Decline { code, detail: row.get("decline_reason")? })
                }
            },
        })
    }
}
