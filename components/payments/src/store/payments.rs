//! Payments.

use crate::error::Error;
use crate::payment::{Operation, Payment, Status, TargetState};
use const_format::formatcp;
use spindle_contracts::{Money, OrderId, PaymentId, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction, Value};
use uuid::Uuid;

/// The highest id: the start of a list with the latest first.
const LAST: PaymentId = PaymentId(Uuid::max());

/// The columns of a payment, in the order in which [`insert`] writes them.
const COLUMNS: &str = "id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version, created_at, updated_at";

/// The expressions that [`FromRow`] reads: the columns, and the operation of the last call if its result is not known.
const READ: &str = formatcp!(
    "{COLUMNS}, (SELECT CASE WHEN outcome IS NULL OR outcome IN ('retryable', 'other') THEN operation END FROM provider_calls
    WHERE payment_id = payments.id ORDER BY number DESC LIMIT 1) AS unresolved"
);

/// Inserts a payment, unless its order has one.
const INSERT: &str = formatcp!(
    "INSERT INTO payments ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (order_id) DO NOTHING RETURNING id"
);

/// No reason is stored about an erased user.
const UPDATE: &str = "
    UPDATE payments SET status = ?2, goal = ?3, provider_reference = ?4, version = ?6, updated_at = ?7,
        decline_reason = CASE WHEN NOT EXISTS (SELECT 1 FROM erased_users WHERE user_id = payments.user_id) THEN ?5 END
    WHERE id = ?1 AND version = ?6 - 1 RETURNING decline_reason";

const SELECT: &str = formatcp!("SELECT {READ} FROM payments WHERE id = ?1");

const SELECT_OF_ORDER: &str = formatcp!("SELECT {READ} FROM payments WHERE order_id = ?1");

const PAGE: &str = formatcp!("SELECT {READ} FROM payments WHERE id < ?1 ORDER BY id DESC LIMIT ?2");

const PAGE_OF_USER: &str =
    formatcp!("SELECT {READ} FROM payments WHERE user_id = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2");

/// Inserts `payment`, unless its order has one. Returns whether it did.
pub(crate) async fn insert(transaction: &Transaction<'_>, payment: &Payment) -> Result<bool, sql::Error> {
    let Money { amount, currency } = payment.amount;
    let values = params![
        payment.id,
        payment.order_id,
        payment.user_id,
        amount,
        currency,
        payment.status.name(),
        payment.target.name(),
        &payment.provider,
        payment.provider_reference.as_deref(),
        payment.decline_reason.as_deref(),
        version(payment),
        payment.created_at,
        payment.updated_at,
    ];
    Ok(!transaction.execute(INSERT, values).await?.is_empty())
}

/// Writes the columns of `payment` that can change, if the stored version is the one before. Returns whether it is; then `payment` is as stored, without
/// a reason if its user was erased.
pub(crate) async fn update(transaction: &Transaction<'_>, payment: &mut Payment) -> Result<bool, sql::Error> {
    let values = params![
        payment.id,
        payment.status.name(),
        payment.target.name(),
        payment.provider_reference.as_deref(),
        payment.decline_reason.as_deref(),
        version(payment),
        payment.updated_at,
    ];
    let stored: Option<(Option<String>,)> = transaction.query_optional(UPDATE, values).await?;
    let Some((decline_reason,)) = stored else { return Ok(false) };
    payment.decline_reason = decline_reason;
    Ok(true)
}

/// Returns the payment `id`.
///
/// # Errors
///
/// [`Error::NotFound`] if it does not exist.
pub(crate) async fn get(db: &Connection, id: PaymentId) -> Result<Payment, Error> {
    db.query_optional(SELECT, params![id]).await?.ok_or(Error::NotFound)
}

/// Returns the payment of `order`, if it has one.
pub(crate) async fn of_order(db: &Connection, order: OrderId) -> Result<Option<Payment>, sql::Error> {
    db.query_optional(SELECT_OF_ORDER, params![order]).await
}

/// Returns up to `limit` payments before `before`, of all users or of `user`, the latest first.
pub(crate) async fn page(
    db: &Connection,
    user: Option<UserId>,
    before: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<Payment>, sql::Error> {
    let before = before.unwrap_or(LAST);
    match user {
        None => db.query_all(PAGE, params![before, limit]).await,
        Some(user) => db.query_all(PAGE_OF_USER, params![before, limit, user]).await,
    }
}

fn version(payment: &Payment) -> Value {
    Value::Integer(i64::try_from(payment.version).unwrap_or(i64::MAX))
}

impl FromRow for Payment {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let corrupt = |column: &str, text: &str| sql::Error::Other(format!("payments.{column} holds {text:?}"));
        let status = |text: &str| Status::from_name(text).ok_or_else(|| corrupt("status", text));
        let target = |text: &str| TargetState::from_name(text).ok_or_else(|| corrupt("goal", text));
        let unresolved = |name: &str| Operation::from_name(name).ok_or_else(|| corrupt("unresolved", name));
        Ok(Self {
            id: row.get("id")?,
            order_id: row.get("order_id")?,
            user_id: row.get("user_id")?,
            amount: Money::new(row.get("amount")?, row.get("currency")?),
            status: status(row.get("status")?)?,
            target: target(row.get("goal")?)?,
            provider: row.get("provider")?,
            provider_reference: row.get("provider_reference")?,
            decline_reason: row.get("decline_reason")?,
            unresolved: row.get::<Option<&str>>("unresolved")?.map(unresolved).transpose()?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}
