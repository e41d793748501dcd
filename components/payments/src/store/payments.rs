//! Payments. A payment is written together with a call of the provider that begins or ends with it.

use crate::error::Error;
use crate::payment::{Decline, Operation, Payment, Status, TargetState};
use crate::provider::ProviderResult;
use crate::store::calls::{NewCall, PROVIDER, StartedCall};
use const_format::formatcp;
use spindle_contracts::event::DeclineCode;
use spindle_contracts::{CreatedRange, Money, OrderId, PaymentId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row, Transaction, Value};
use std::time::Duration;

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

/// A call of the provider may begin: its circuit breaker is closed, and there are fewer calls in progress than the parameter before.
const MAY_BEGIN: &str = formatcp!(
    "> (SELECT count(*) FROM provider_calls INDEXED BY provider_calls_in_progress WHERE ended_at IS NULL AND lease_until > {NOW})
        AND NOT EXISTS (SELECT 1 FROM breakers WHERE channel = '{PROVIDER}' AND open_until IS NOT NULL)"
);

/// The columns of a [`StartedCall`] that began with the write of its payment.
const STARTED: &str = formatcp!(
    "call_to_write ->> 'number' AS number, call_to_write ->> 'attempt' AS attempt, EXISTS (SELECT 1 FROM breakers WHERE channel = '{PROVIDER}') AS has_failed"
);

/// Inserts a payment, unless its order has one, with its first call, of the operation ?15 and leased for ?16, if there is one and it may begin.
const INSERT: &str = formatcp!(
    "INSERT INTO payments ({COLUMNS}, call_to_write)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, CASE WHEN ?15 IS NOT NULL AND ?17 {MAY_BEGIN}
        THEN json_object('number', 1, 'operation', ?15, 'attempt', 1, 'began_at', {NOW}, 'lease_until', {NOW} + ?16) END
    WHERE true ON CONFLICT (order_id) DO NOTHING
    RETURNING decline_reason, {STARTED}"
);

/// Writes a payment, with a call of the operation ?9 that begins, leased for ?10, if there is one, no other is in progress, and it may begin. No reason is
/// stored about an erased user.
const UPDATE: &str = formatcp!(
    "UPDATE payments SET status = ?2, goal = ?3, provider_reference = ?4, version = ?6, updated_at = ?7, decline_code = ?8,
        decline_reason = CASE WHEN NOT EXISTS (SELECT 1 FROM erased_users AS e WHERE e.user_id = payments.user_id) THEN ?5 END,
        call_to_write = CASE WHEN ?9 IS NOT NULL AND ?11 {MAY_BEGIN} THEN (
            SELECT json_object('number', c.number, 'operation', ?9, 'attempt', c.attempt, 'began_at', {NOW}, 'lease_until', {NOW} + ?10)
            FROM (
                SELECT coalesce(max(number), 0) + 1 AS number, count(*) FILTER (WHERE operation = ?9) + 1 AS attempt,
                    coalesce(max(lease_until) FILTER (WHERE ended_at IS NULL), 0) AS leased_until
                FROM provider_calls WHERE payment_id = ?1
            ) AS c WHERE c.leased_until <= {NOW}) END
    WHERE id = ?1 AND version = ?6 - 1
    RETURNING decline_reason, {STARTED}"
);

/// Writes a payment, and ends its call ?9, which must be the latest one and in progress. No reason and no text is stored about an erased user.
const UPDATE_AND_END: &str = "
    UPDATE payments SET status = ?2, goal = ?3, provider_reference = ?4, version = ?6, updated_at = ?7, decline_code = ?8,
        decline_reason = CASE WHEN NOT EXISTS (SELECT 1 FROM erased_users AS e WHERE e.user_id = payments.user_id) THEN ?5 END,
        call_to_write = json_object('number', ?9, 'ended_at', ?7, 'outcome', ?10,
            'detail', CASE WHEN NOT EXISTS (SELECT 1 FROM erased_users AS e WHERE e.user_id = payments.user_id) THEN ?11 END)
    WHERE id = ?1 AND version = ?6 - 1
        AND (SELECT max(number) FROM provider_calls WHERE payment_id = ?1) = ?9
        AND EXISTS (SELECT 1 FROM provider_calls WHERE payment_id = ?1 AND number = ?9 AND ended_at IS NULL)
    RETURNING decline_reason";

/// Sets the target of the authorised payment of an order from ?5, with the call of the operation ?6 that is due then, leased for ?7, if it has no other and
/// this one may begin. Returns the payment as it was before the call.
const BEGIN_CAPTURE: &str = formatcp!(
    "UPDATE payments SET goal = ?4, version = version + 1, updated_at = ?2, call_to_write = (
        SELECT json_object('number', coalesce(max(number), 0) + 1, 'operation', ?6, 'attempt', 1, 'began_at', {NOW}, 'lease_until', {NOW} + ?7)
        FROM provider_calls WHERE payment_id = payments.id)
    WHERE order_id = ?1 AND status = ?3 AND goal = ?5 AND ?8 {MAY_BEGIN}
        AND NOT EXISTS (SELECT 1 FROM provider_calls AS other WHERE other.payment_id = payments.id
            AND (other.operation = ?6 OR other.outcome IS NULL OR other.outcome IN ('retryable', 'other')))
    RETURNING {COLUMNS}, NULL AS unresolved, NULL AS last_error, (call_to_write ->> 'number') - 1 AS attempts, (call_to_write ->> 'number') - 1 AS ended_attempts,
        {STARTED}"
);

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

/// The parts of a written payment that the database decides.
pub(crate) struct Written {
    decline_reason: Option<String>,
    /// The call that began with the write, if one was to, and no other was in the way.
    pub(crate) started: Option<StartedCall>,
}

/// Inserts `payment` with its first `call`, unless its order has one: then it returns `None`.
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    payment: &Payment,
    call: Option<NewCall>,
) -> Result<Option<Written>, sql::Error> {
    let (operation, lease, max_calls) = split(call);
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
        operation,
        lease,
        max_calls,
    ];
    transaction.query_optional(INSERT, values).await
}

/// Writes the columns of `payment` that can change, if the stored version is the one before, with a `call` that begins. Returns `None` if it is another one;
/// otherwise `payment` is as stored, without a reason if its user was erased.
pub(crate) async fn update(
    transaction: &Transaction<'_>,
    payment: &mut Payment,
    call: Option<NewCall>,
) -> Result<Option<Written>, sql::Error> {
    let (operation, lease, max_calls) = split(call);
    let mut values = changes(payment);
    values.extend_from_slice(params![operation, lease, max_calls]);
    let written: Option<Written> = transaction.query_optional(UPDATE, &values).await?;
    if let (Some(decline), Some(written)) = (&mut payment.decline, &written) {
        decline.reason.clone_from(&written.decline_reason);
    }
    Ok(written)
}

/// Writes `payment` as [`update`] does, and ends `call` with its result. Returns false, and writes nothing, if the stored version is another one, or `call` is
/// not the latest one, or over.
pub(crate) async fn update_and_end(
    transaction: &Transaction<'_>,
    payment: &mut Payment,
    call: StartedCall,
    result: &ProviderResult,
) -> Result<bool, sql::Error> {
    let mut values = changes(payment);
    values.extend_from_slice(params![call.number, result.name(), result.detail()]);
    let stored: Option<(Option<String>,)> = transaction.query_optional(UPDATE_AND_END, &values).await?;
    let Some((decline_reason,)) = stored else { return Ok(false) };
    if let Some(decline) = &mut payment.decline {
        decline.reason = decline_reason;
    }
    Ok(true)
}

/// Sets the target state of the payment of `order` to captured, and begins `call`, if the payment is authorised, has no other target and no call whose result
/// is unknown, and `call` may begin. Returns the payment without the call.
pub(crate) async fn begin_capture(
    transaction: &Transaction<'_>,
    order: OrderId,
    call: NewCall,
    now: Timestamp,
) -> Result<Option<(Payment, StartedCall)>, sql::Error> {
    let (operation, lease, max_calls) = split(Some(call));
    let (status, before, target) = (Status::Authorized, TargetState::Authorized, TargetState::Captured);
    let values = params![order, now, status.name(), target.name(), before.name(), operation, lease, max_calls];
    let rows = transaction.execute(BEGIN_CAPTURE, values).await?;
    let read = |row: Row<'_>| Ok((Payment::from_row(&row)?, StartedCall::from_row(&row)?));
    rows.iter().next().map(read).transpose()
}

/// Returns the values of the columns that can change, in the order of [`UPDATE`].
fn changes(payment: &Payment) -> Vec<Value> {
    let decline = payment.decline.as_ref();
    let values = params![
        payment.id,
        payment.status.name(),
        payment.target.name(),
        payment.provider_reference.as_deref(),
        decline.and_then(|decline| decline.reason.as_deref()),
        version(payment),
        payment.updated_at,
        decline.map(|decline| decline.code.name()),
    ];
    values.to_vec()
}

/// Returns the values of a call that begins.
fn split(call: Option<NewCall>) -> (Option<&'static str>, Duration, u32) {
    call.map_or((None, Duration::ZERO, 0), |NewCall { operation, lease, max_calls }| {
        (Some(operation.name()), lease, max_calls)
    })
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

impl FromRow for Written {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let started = match row.get::<Option<i64>>("number")? {
            Some(_) => Some(StartedCall::from_row(row)?),
            None => None,
        };
        Ok(Self { decline_reason: row.get("decline_reason")?, started })
    }
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
