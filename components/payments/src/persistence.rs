//! Writes a payment: its row, a call of the provider that begins or ends with it, the audit row and the event in one transaction.

use crate::error::Error;
use crate::payment::{Payment, PaymentEvent, Status};
use crate::provider::ProviderResult;
use crate::store::calls::{NewCall, StartedCall};
use crate::store::payments;
use serde_json::json;
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};
use spindle_events::{Event, PendingEvents, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Transaction;

/// A payment as it is stored now, in an open transaction.
pub(crate) struct StoredPayment {
    pub(crate) payment: Payment,
    /// The events to push once the transaction is committed.
    pub(crate) pending_events: PendingEvents,
    /// The call that began with the write.
    pub(crate) started: Option<StartedCall>,
}

/// A change of a payment, and the event to publish about it.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) before: Payment,
    pub(crate) after: Payment,
    pub(crate) event: Option<PaymentEvent>,
}

/// Inserts `payment` on behalf of `actor` with its first `call`, unless its order has a payment, which is returned then.
pub(crate) async fn insert(
    context: &Context,
    transaction: &Transaction<'_>,
    payment: Payment,
    call: Option<NewCall>,
    actor: &str,
) -> Result<StoredPayment, Error> {
    let Some(written) = payments::insert(transaction, &payment, call).await? else {
        let existing = payments::of_order(transaction, payment.order_id).await?;
        return Ok(StoredPayment::unchanged(existing.ok_or(Error::NotFound)?));
    };
    record(context, transaction, &payment, actor).await?;
    let event = (payment.status == Status::Voided).then_some(PaymentEvent::Voided);
    let pending_events = publish(context, transaction, &payment, event).await?;
    Ok(StoredPayment { payment, pending_events, started: written.started })
}

/// Writes `change` on behalf of `actor`, with a `call` that is due after it. Without a change nothing is written, and no call begins.
///
/// # Errors
///
/// [`Error::Changed`] if the payment has changed meanwhile: then nothing is written.
pub(crate) async fn update(
    context: &Context,
    transaction: &Transaction<'_>,
    change: Change,
    call: Option<NewCall>,
    actor: &str,
) -> Result<StoredPayment, Error> {
    let Change { before, mut after, event } = change;
    if after == before {
        return Ok(StoredPayment::unchanged(after));
    }
    after.version += 1;
    after.updated_at = context.now();
    let written = payments::update(transaction, &mut after, call).await?.ok_or(Error::Changed)?;
    let pending_events = record_change(context, transaction, &before, &after, event, actor).await?;
    Ok(StoredPayment { payment: after, pending_events, started: written.started })
}

/// Writes `change` on behalf of `actor` with the end of the `call` that it results from. Returns `None`, and writes nothing, if there is no change, or the
/// payment has changed meanwhile, or the call is not the latest one.
pub(crate) async fn update_and_end(
    context: &Context,
    transaction: &Transaction<'_>,
    change: Change,
    (call, result): (StartedCall, &ProviderResult),
    actor: &str,
) -> Result<Option<StoredPayment>, Error> {
    let Change { before, mut after, event } = change;
    if after == before {
        return Ok(None);
    }
    after.version += 1;
    after.updated_at = context.now();
    if !payments::update_and_end(transaction, &mut after, call, result).await? {
        return Ok(None);
    }
    let pending_events = record_change(context, transaction, &before, &after, event, actor).await?;
    Ok(Some(StoredPayment { payment: after, pending_events, started: None }))
}

impl StoredPayment {
    fn unchanged(payment: Payment) -> Self {
        Self { payment, pending_events: PendingEvents::default(), started: None }
    }
}

/// Writes the audit row of a change, if the status is another one, and publishes `event`.
async fn record_change(
    context: &Context,
    transaction: &Transaction<'_>,
    before: &Payment,
    after: &Payment,
    event: Option<PaymentEvent>,
    actor: &str,
) -> Result<PendingEvents, Error> {
    if after.status != before.status {
        record(context, transaction, after, actor).await?;
    }
    publish(context, transaction, after, event).await
}

async fn record(context: &Context, transaction: &Transaction<'_>, payment: &Payment, actor: &str) -> Result<(), Error> {
    let action = match payment.status {
        Status::Requested => "payment.requested",
        Status::Authorized => "payment.authorized",
        Status::Captured => "payment.captured",
        Status::Declined => "payment.declined",
        Status::Refunded => "payment.refunded",
        Status::Voided => "payment.voided",
    };
    let detail = json!({ "order_id": payment.order_id, "amount": payment.amount });
    let entry = Entry { actor: Some(actor.to_owned()), action, subject: Some(payment.id.to_string()), detail };
    Ok(audit::record(transaction, context, &entry).await?)
}

async fn publish(
    context: &Context,
    transaction: &Transaction<'_>,
    payment: &Payment,
    event: Option<PaymentEvent>,
) -> Result<PendingEvents, Error> {
    let Some(event) = event else { return Ok(PendingEvents::default()) };
    let Payment { id: payment_id, order_id, user_id, amount, .. } = *payment;
    let event = match event {
        PaymentEvent::Authorized => {
            Event::new(payment_id, &PaymentAuthorized { payment_id, order_id, user_id, amount })
        }
        PaymentEvent::Captured => Event::new(payment_id, &PaymentCaptured { payment_id, order_id, user_id, amount }),
        PaymentEvent::Voided => Event::new(payment_id, &PaymentVoided { payment_id, order_id, user_id, amount }),
        PaymentEvent::Refunded => Event::new(payment_id, &PaymentRefunded { payment_id, order_id, user_id, amount }),
        PaymentEvent::Declined => {
            let (code, reason) = payment.decline.clone().map(|decline| (decline.code, decline.reason)).unzip();
            let (code, reason) = (code.unwrap_or_default(), reason.flatten().unwrap_or_default());
            Event::new(payment_id, &PaymentDeclined { payment_id, order_id, user_id, amount, code, reason })
        }
    };
    Ok(outbox::append(transaction, context, &[event]).await?)
}
