//! Calls of the provider: one at a time for each payment, and each written down before it is made.

use crate::payment::Operation;
use crate::provider::Answer;
use spindle_contracts::{PaymentId, Timestamp};
use spindle_platform::params;
use spindle_platform::sql::{self, FromRow, Row, Transaction};

/// The next call of a payment, unless one is under way.
const BEGIN: &str = "
    INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
    SELECT ?1, coalesce(max(number), 0) + 1, ?2, count(*) FILTER (WHERE operation = ?2) + 1, ?3, ?4
    FROM provider_calls WHERE payment_id = ?1
    HAVING coalesce(max(lease_until) FILTER (WHERE ended_at IS NULL), 0) <= ?3
    RETURNING number, attempt";

/// A call after which another one was begun has taken too long.
const END: &str = "
    UPDATE provider_calls SET ended_at = ?3, outcome = ?4, detail = ?5
    WHERE payment_id = ?1 AND number = ?2 AND ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM provider_calls AS later WHERE later.payment_id = ?1 AND later.number > ?2)
    RETURNING number";

/// A call that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    number: i64,
    /// How often the operation was asked for, from 1.
    pub(crate) attempt: u32,
}

/// Writes down that `operation` is asked for, and has time until `lease_until`. Nothing if another call is under way.
pub(crate) async fn begin(
    transaction: &Transaction<'_>,
    payment: PaymentId,
    operation: Operation,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<Begun>, sql::Error> {
    transaction.query_optional(BEGIN, params![payment, operation.name(), now, lease_until]).await
}

/// Writes down what was answered. Whether anybody still waits for it.
pub(crate) async fn end(
    transaction: &Transaction<'_>,
    payment: PaymentId,
    begun: Begun,
    answer: &Answer,
    now: Timestamp,
) -> Result<bool, sql::Error> {
    let values = params![payment, begun.number, now, answer.name(), answer.detail()];
    Ok(!transaction.execute(END, values).await?.is_empty())
}

impl FromRow for Begun {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { number: row.at(0)?, attempt: row.at(1)? })
    }
}
