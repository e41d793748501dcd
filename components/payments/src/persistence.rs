//! Writes a payment: its row, the audit row and the event in one transaction.

use crate::error::Error;
use crate::payment::{Payment, PaymentEvent, Status};
use crate::store::payments;
use serde_json::json;
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};
use spindle_events::{Event, PendingEvents, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Transaction;

/// Inserts `payment` on behalf of `actor`, unless its order has one. Returns the payment that the order has then.
pub(crate) async fn insert(
    context: &Context,
    transaction: &Transaction<'_>,
    payment: Payment,
    actor: &str,
) -> Result<(Payment, PendingEvents), Error> {
    if !payments::insert(transaction, &payment).await? {
        let existing = payments::of_order(transaction, payment.order_id).await?;
        return Ok((existing.ok_or(Error::NotFound)?, PendingEvents::default()));
    }
    record(context, transaction, &payment, actor).await?;
    let event = (payment.status == Status::Voided).then_some(PaymentEvent::Voided);
    let pending_events = publish(context, transaction, &payment, event).await?;
    Ok((payment, pending_events))
}

/// Writes the change from `before` to `after` on behalf of `actor`, and publishes `event` if there is one.
///
/// # Errors
///
/// [`Error::Changed`] if `before` is not the payment any more: then nothing is written.
pub(crate) async fn update(
    context: &Context,
    transaction: &Transaction<'_>,
    before: &Payment,
    mut after: Payment,
    event: Option<PaymentEvent>,
    actor: &str,
) -> Result<(Payment, PendingEvents), Error> {
    if after == *before {
        return Ok((after, PendingEvents::default()));
    }
    after.version += 1;
    after.updated_at = context.now();
    if !payments::update(transaction, &mut after).await? {
        return Err(Error::Changed);
    }
    if after.status != before.status {
        record(context, transaction, &after, actor).await?;
    }
    let pending_events = publish(context, transaction, &after, event).await?;
    Ok((after, pending_events))
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
