//! Calls of the provider: one at a time for each payment, a limited number at a time of all payments, each recorded before it is made. None
//! begins while the provider's circuit breaker is open, but for its probe call.

use crate::payment::Operation;
use crate::provider::ProviderResult;
use const_format::formatcp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use spindle_contracts::{PaymentId, Timestamp};
use spindle_platform::breaker::{BREAKER_COLUMNS, Gate};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row, Transaction};
use std::collections::BTreeMap;
use std::time::Duration;

/// Inserts the next call of a payment, leased for ?3, unless one is in progress, the circuit breaker is open (a probe call may begin then), or
/// there are ?6 calls in progress. Usually a call begins with a write of its payment ([`payments`](super::payments)).
const BEGIN: &str = formatcp!(
    "INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
    SELECT ?1, c.number, ?2, c.attempt, {NOW}, {NOW} + ?3
    FROM (
        SELECT coalesce(max(number), 0) + 1 AS number, count(*) FILTER (WHERE operation = ?2) + 1 AS attempt,
            coalesce(max(lease_until) FILTER (WHERE ended_at IS NULL), 0) AS leased_until
        FROM provider_calls WHERE payment_id = ?1
    ) AS c
    WHERE c.leased_until <= {NOW}
        AND (?5 OR NOT EXISTS (SELECT 1 FROM breakers WHERE channel = ?4 AND open_until IS NOT NULL))
        AND (SELECT count(*) FROM (SELECT 1 FROM provider_calls WHERE ended_at IS NULL AND lease_until > {NOW} LIMIT ?6)) < ?6
    RETURNING number, attempt, EXISTS (SELECT 1 FROM breakers WHERE channel = ?4) AS has_failed"
);

/// The number of calls in progress, up to a limit, and the circuit breaker.
const GATE: &str = formatcp!(
    "SELECT count(*) AS in_progress, {NOW} AS now, {BREAKER_COLUMNS}
    FROM (SELECT 1 FROM provider_calls WHERE ended_at IS NULL AND lease_until > {NOW} LIMIT ?2)"
);

/// The name of the provider among those with circuit breakers.
pub(crate) const PROVIDER: &str = "payment";

/// Ends a call, unless a later one exists: then this one outlived its lease. No text about an erased user is stored.
const END: &str = "
    UPDATE provider_calls SET ended_at = ?3, outcome = ?4, detail = CASE WHEN NOT EXISTS (
            SELECT 1 FROM payments AS p JOIN erased_users AS erased ON erased.user_id = p.user_id WHERE p.id = ?1)
        THEN ?5 END
    WHERE payment_id = ?1 AND number = ?2 AND ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM provider_calls AS later WHERE later.payment_id = ?1 AND later.number > ?2)
    RETURNING number";

/// The calls for several payments: ?1 is a JSON array of their ids.
const SELECT_OF_PAYMENTS: &str = "
    SELECT payment_id, operation, attempt, began_at, ended_at, outcome, detail FROM provider_calls
    WHERE payment_id IN (SELECT value FROM json_each(?1)) ORDER BY payment_id, number";

/// A call of the provider, in a payment and in an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PaymentCall")]
pub(crate) struct Call {
    /// What the provider was asked for.
    operation: Operation,
    /// The number of this attempt at the operation, from 1.
    attempt: u32,
    /// When the call was made.
    began_at: Timestamp,
    /// When it was over; null while it is in progress, and for good if a crash interrupted it.
    ended_at: Option<Timestamp>,
    /// The answer: `authorized`, `pending` or `done`, or one of the failures `declined`, `retryable`, `permanent` and `other`; null without one.
    outcome: Option<String>,
    /// The provider's reference, or its text about the failure; null once the user is erased.
    detail: Option<String>,
}

/// A call that is to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewCall {
    pub(crate) operation: Operation,
    pub(crate) lease: Duration,
    /// The largest number of calls in progress.
    pub(crate) max_calls: u32,
}

/// A call in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StartedCall {
    pub(crate) number: i64,
    /// The number of this attempt at the operation, from 1.
    pub(crate) attempt: u32,
    /// Whether the provider has failed of late: then its circuit breaker has a row.
    pub(crate) has_failed: bool,
}

/// Records `call` for `payment`, or a probe call. Returns `None` if it must not begin: see [`gate`].
pub(crate) async fn begin(
    transaction: &Transaction<'_>,
    payment: PaymentId,
    call: NewCall,
    is_probe: bool,
) -> Result<Option<StartedCall>, sql::Error> {
    let NewCall { operation, lease, max_calls } = call;
    let values = params![payment, operation.name(), lease, PROVIDER, is_probe, max_calls];
    transaction.query_optional(BEGIN, values).await
}

/// Returns the state that decides whether a call may begin.
pub(crate) async fn gate(db: &Connection, max_calls: u32) -> Result<Gate, sql::Error> {
    db.query_one(GATE, params![PROVIDER, max_calls]).await
}

/// Records the result of `call`. Returns whether the call is still the latest one.
pub(crate) async fn end(
    transaction: &Transaction<'_>,
    payment: PaymentId,
    call: StartedCall,
    result: &ProviderResult,
    now: Timestamp,
) -> Result<bool, sql::Error> {
    let values = params![payment, call.number, now, result.name(), result.detail()];
    Ok(!transaction.execute(END, values).await?.is_empty())
}

/// Returns the calls for each of `payments`, in their order.
pub(crate) async fn of_payments(
    db: &Connection,
    payments: &[PaymentId],
) -> Result<BTreeMap<PaymentId, Vec<Call>>, sql::Error> {
    let mut calls: BTreeMap<PaymentId, Vec<Call>> = BTreeMap::new();
    for OfPayment(payment, call) in db.query_all(SELECT_OF_PAYMENTS, params![json!(payments).to_string()]).await? {
        calls.entry(payment).or_default().push(call);
    }
    Ok(calls)
}

/// A call with its payment.
struct OfPayment(PaymentId, Call);

impl FromRow for OfPayment {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let operation = |name: &str| {
            let unknown = || sql::Error::Other(format!("provider_calls.operation holds {name:?}"));
            Operation::from_name(name).ok_or_else(unknown)
        };
        let call = Call {
            operation: operation(row.get("operation")?)?,
            attempt: row.get("attempt")?,
            began_at: row.get("began_at")?,
            ended_at: row.get("ended_at")?,
            outcome: row.get("outcome")?,
            detail: row.get("detail")?,
        };
        Ok(Self(row.get("payment_id")?, call))
    }
}

impl FromRow for StartedCall {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { number: row.get("number")?, attempt: row.get("attempt")?, has_failed: row.get("has_failed")? })
    }
}
