//! Calls of the provider: one at a time for each payment, each recorded before it is made.

use crate::payment::Operation;
use crate::provider::ProviderResult;
use spindle_contracts::{PaymentId, Timestamp};
use spindle_platform::params;
use spindle_platform::sql::{self, FromRow, Row, Transaction};

/// Inserts the next call of a payment, unless one is in progress.
const BEGIN: &str = "
    INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
    SELECT ?1, coalesce(max(number), 0) + 1, ?2, count(*) FILTER (WHERE operation = ?2) + 1, ?3, ?4
    FROM provider_calls WHERE payment_id = ?1
    HAVING coalesce(max(lease_until) FILTER (WHERE ended_at IS NULL), 0) <= ?3
    RETURNING number, attempt";

/// Ends a call, unless a later one exists: then this one outlived its lease.
const END: &str = "
    UPDATE provider_calls SET ended_at = ?3, outcome = ?4, detail = ?5
    WHERE payment_id = ?1 AND number = ?2 AND ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM provider_calls AS later WHERE later.payment_id = ?1 AND later.number > ?2)
    RETURNING number";

/// A call in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StartedCall {
    number: i64,
    /// The number of this attempt at the operation, from 1.
    pub(crate) attempt: u32,
}

/// Records a call for `operation` with a lease until `lease_until`. Returns `None` if another call is in progress.
pub(crate) async fn begin(
    transaction: &Transaction<'_>,
    payment: PaymentId,
    operation: Operation,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<StartedCall>, sql::Error> {
    transaction.query_optional(BEGIN, params![payment, operation.name(), now, lease_until]).await
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

impl FromRow for StartedCall {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { number: row.get("number")?, attempt: row.get("attempt")? })
    }
}
