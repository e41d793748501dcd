//! Payments.

use crate::error::Error;
use crate::payment::{Decline, Operation, Payment, Status, TargetState};
use const_format::formatcp;
use spindle_contracts::event::DeclineCode;
use spindle_contracts::{CreatedRange, Money, OrderId, PaymentId, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction, Value};

/// The columns of a payment, in the order in which [`insert`] writes them.
const COLUMNS: &str = "id, order_id, user_id, amount, currency, status, goal, provider, provider_reference, decline_code, decline_reason, version, created_at, updated_at";

/// The expressions that [`FromRow`] reads: the columns; the operation of the last call if its result is not known, and its error if it failed; and the
/// numbers of calls.
const READ: &str = formatcp!(
    "{COLUMNS}, (SELECT CASE WHEN outcome IS NULL OR outcome IN ('retryable', 'other') THEN operation END FROM provider_calls
    WHERE payment_id = payments.id ORDER BY number DESC LIMIT 1) AS unresolved,
    (SELECT CASE WHEN outcome IN ('declined', 'retryable', 'permanent', 'other') THEN operation || ': ' || outcome || coalesce(': ' || detail, '') END
    FROM provider_calls WHERE payment_id = payments.id ORDER BY number DESC LIMIT 1) AS last_error,
    (SELECT count(*) FROM provider_calls WHERE payment_id = payments.id) AS attempts,
    (SELECT count(ended_at) FROM provider_calls WHERE payment_id = payments.id) AS ended_attempts"
);

/// Inserts a payment, unless its order has one.
const INSERT: &str = formatcp!(
    "INSERT INTO payments ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (order_id) DO NOTHING RETURNING id"
);

/// No reason is stored about an erased user.
const UPDATE: &str = "
    UPDATE payments SET status = ?2, goal = ?3, provider_reference = ?4, version = ?6, updated_at = ?7,
        decline_code = ?8,
        decline_reason = CASE WHEN NOT EXISTS (SELECT 1 FROM erased_users WHERE user_id = payments.user_id) THEN ?5 END
    WHERE id = ?1 AND version = ?6 - 1 RETURNING decline_reason";

const SELECT: &str = formatcp!("SELECT {READ} FROM payments WHERE id = ?1");

const SELECT_OF_ORDER: &str = formatcp!("SELECT {READ} FROM payments WHERE order_id = ?1");

const PAGE: &str = formatcp!(
    "SELECT {READ} FROM payments WHERE id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 ORDER BY id DESC LIMIT ?5"
);

const PAGE_OF_STATUS: &str = formatcp!(
    "SELECT {READ} FROM payments WHERE status = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 ORDER BY id DESC LIMIT ?5"
);

const PAGE_OF_USER: &str = formatcp!(
    "SELECT {READ} FROM payments
    WHERE user_id = ?6 AND id > ?1 AND id < ?2 AND created_at > ?3 AND created_at < ?4 AND (?7 IS NULL OR status = ?7)
    ORDER BY id DESC LIMIT ?5"
);

/// The payments to read. A field that is `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) order: Option<OrderId>,
    pub(crate) user: Option<UserId>,
    pub(crate) status: Option<Status>,
    pub(crate) created: CreatedRange,
}

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
        payment.decline.as_ref().map(|decline| decline.code.name()),
        payment.decline.as_ref().and_then(|decline| decline.reason.as_deref()),
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
        payment.decline.as_ref().and_then(|decline| decline.reason.as_deref()),
        version(payment),
        payment.updated_at,
        payment.decline.as_ref().map(|decline| decline.code.name()),
    ];
    let stored: Option<(Option<String>,)> = transaction.query_optional(UPDATE, values).await?;
    let Some((decline_reason,)) = stored else { return Ok(false) };
    if let Some(decline) = &mut payment.decline {
        decline.reason = decline_reason;
    }
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

/// Returns up to `limit` payments before `before` that pass `filter`, the latest first.
pub(crate) async fn page(
    db: &Connection,
    filter: &Filter,
    before: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<Payment>, sql::Error> {
    let Filter { order, user, status, created } = *filter;
    if let Some(order) = order {
        // An order has one payment, so there is no second page.
        let payment = of_order(db, order).await?;
        return Ok(payment.into_iter().filter(|payment| filter.includes(payment)).collect());
    }
    let (first, last) = created.ids();
    let last = before.map_or(last, |before| last.min(before.0));
    let (after, before) = created.bounds();
    let status = status.map(Status::name);
    match (user, status) {
        (None, None) => db.query_all(PAGE, params![first, last, after, before, limit]).await,
        (None, Some(status)) => db.query_all(PAGE_OF_STATUS, params![first, last, after, before, limit, status]).await,
        (Some(user), status) => {
            db.query_all(PAGE_OF_USER, params![first, last, after, before, limit, user, status]).await
        }
    }
}

impl Filter {
    fn includes(&self, payment: &Payment) -> bool {
        self.user.is_none_or(|user| user == payment.user_id)
            && self.status.is_none_or(|status| status == payment.status)
            && self.created.includes(payment.created_at)
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
        let code = |name: &str| DeclineCode::from_name(name).ok_or_else(|| corrupt("decline_code", name));
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
            decline: match row.get::<Option<&str>>("decline_code")? {
                Some(name) => Some(Decline { code: code(name)?, reason: row.get("decline_reason")? }),
                None => None,
            },
            attempts: row.get("attempts")?,
            ended_attempts: row.get("ended_attempts")?,
            last_error: row.get("last_error")?,
            unresolved: row.get::<Option<&str>>("unresolved")?.map(unresolved).transpose()?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}
