//! The outbox: a fact and its event come to be together or not at all.
//!
//! The table is in `schema.sql`, which every service that tells events has among its migrations, byte for byte. What CloudEvents 1.0
//! wants beside its columns is the same for all events of a service: `specversion`, `source` and `datacontenttype`.

use serde_json::{Value, json};
use spindle_platform::sql::{self, Transaction};
use spindle_platform::{Context, params};

/// All events of a transaction in one statement, in their order.
const APPEND: &str = "
    INSERT INTO outbox (id, type, subject, time, traceparent, request_id, data)
    SELECT e.value ->> 'id', e.value ->> 'type', e.value ->> 'subject', ?2, ?3, ?4, e.value -> 'data'
    FROM json_each(?1) AS e ORDER BY e.key";

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened: `ProductCreated`, `OrderPaid`.
    pub kind: &'static str,
    /// What it happened to: an id.
    pub subject: String,
    /// What there is to know of it, as a JSON object.
    pub data: Value,
}

/// Appends `events` as part of `transaction`. Their ids, time, trace and request come from `context`.
///
/// # Errors
///
/// What the database says.
pub async fn append(transaction: &Transaction<'_>, context: &Context, events: &[Event]) -> Result<(), sql::Error> {
    if events.is_empty() {
        return Ok(());
    }
    let row = |Event { kind, subject, data }: &Event| json!({ "id": context.new_id(), "type": kind, "subject": subject, "data": data });
    let rows: Value = events.iter().map(row).collect();
    let values = params![rows.to_string(), context.now(), context.trace().to_string(), context.request_id()];
    transaction.execute(APPEND, values).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
