//! Payments.

use crate::error::Error;
use crate::payment::{Goal, Payment, Status};
use spindle_contracts::{Money, OrderId, PaymentId, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction, Value};
use uuid::Uuid;

/// The id after all others: where a list begins that has its latest first.
const LAST: PaymentId = PaymentId(Uuid::max());

/// The first to come makes it.
const INSERT: &str = "
    INSERT INTO payments (id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version,
        created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (order_id) DO NOTHING RETURNING id";

const UPDATE: &str = "
    UPDATE payments SET status = ?2, goal = ?3, provider_reference = ?4, decline_reason = ?5, version = ?6, updated_at = ?7 WHERE id = ?1";

const SELECT: &str = "
    SELECT id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version, created_at,
        updated_at
    FROM payments WHERE id = ?1";

const SELECT_OF_ORDER: &str = "
    SELECT id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version, created_at,
        updated_at
    FROM payments WHERE order_id = ?1";

const PAGE: &str = "
    SELECT id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version, created_at,
        updated_at
    FROM payments WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

const PAGE_OF_USER: &str = "
    SELECT id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_reason, version, created_at,
        updated_at
    FROM payments WHERE user_id = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

/// Adds `payment`, unless its order has one; whether it did.
pub(crate) async fn insert(transaction: &Transaction<'_>, payment: &Payment) -> Result<bool, sql::Error> {
    let Money { amount, currency } = payment.amount;
    let values = params![
        payment.id,
        payment.order_id,
        payment.user_id,
        amount,
        currency,
        payment.status.name(),
        payment.goal.name(),
        &payment.provider,
        payment.provider_reference.as_deref(),
        payment.decline_reason.as_deref(),
        version(payment),
        payment.created_at,
        payment.updated_at,
    ];
    Ok(!transaction.execute(INSERT, values).await?.is_empty())
}

/// Writes what can change of `payment`.
pub(crate) async fn update(transaction: &Transaction<'_>, payment: &Payment) -> Result<(), sql::Error> {
    let values = params![
        payment.id,
        payment.status.name(),
        payment.goal.name(),
        payment.provider_reference.as_deref(),
        payment.decline_reason.as_deref(),
        version(payment),
        payment.updated_at,
    ];
    transaction.execute(UPDATE, values).await?;
    Ok(())
}

/// The payment `id`.
pub(crate) async fn get(db: &Connection, id: PaymentId) -> Result<Payment, Error> {
    db.query_optional(SELECT, params![id]).await?.ok_or(Error::NotFound)
}

/// The payment of `order`, if there is one.
pub(crate) async fn of_order(db: &Connection, order: OrderId) -> Result<Option<Payment>, sql::Error> {
    db.query_optional(SELECT_OF_ORDER, params![order]).await
}

/// Up to `limit` payments before `before`, of everyone or of `user`, the latest first.
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
        let (status, goal): (String, String) = (row.at(5)?, row.at(6)?);
        let corrupt = |column: &str, text: &str| sql::Error::Other(format!("payments.{column} holds {text:?}"));
        Ok(Self {
            id: row.at(0)?,
            order_id: row.at(1)?,
            user_id: row.at(2)?,
            amount: Money::new(row.at(3)?, row.at(4)?),
            status: Status::from_name(&status).ok_or_else(|| corrupt("status", &status))?,
            goal: Goal::from_name(&goal).ok_or_else(|| corrupt("goal", &goal))?,
            provider: row.at(7)?,
            provider_reference: row.at(8)?,
            decline_reason: row.at(9)?,
            version: row.at(10)?,
            created_at: row.at(11)?,
            updated_at: row.at(12)?,
        })
    }
}
