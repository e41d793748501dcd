//! Keeping a payment: its row, the audit row and the event are one transaction.

use crate::error::Error;
use crate::payment::{Fact, Payment, Status};
use crate::store::payments;
use serde_json::json;
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};
use spindle_events::{Event, PendingEvents, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Transaction;

/// Adds `payment`, of which `actor` told, unless its order has one; gives the one that the order has then.
pub(crate) async fn add(
    context: &Context,
    transaction: &Transaction<'_>,
    payment: Payment,
    actor: &str,
) -> Result<(Payment, PendingEvents), Error> {
    if !payments::insert(transaction, &payment).await? {
        let there = payments::of_order(transaction, payment.order_id).await?;
        return Ok((there.ok_or(Error::NotFound)?, PendingEvents::default()));
    }
    record(context, transaction, &payment, actor).await?;
    let fact = (payment.status == Status::Voided).then_some(Fact::Voided);
    let told = tell(context, transaction, &payment, fact).await?;
    Ok((payment, told))
}

/// Writes what `before` has become through `actor`, and tells `fact` if there is one.
pub(crate) async fn change(
    context: &Context,
    transaction: &Transaction<'_>,
    before: &Payment,
    mut after: Payment,
    fact: Option<Fact>,
    actor: &str,
) -> Result<(Payment, PendingEvents), Error> {
    if after == *before {
        return Ok((after, PendingEvents::default()));
    }
    after.version += 1;
    after.updated_at = context.now();
    payments::update(transaction, &after).await?;
    if after.status != before.status {
        record(context, transaction, &after, actor).await?;
    }
    let told = tell(context, transaction, &after, fact).await?;
    Ok((after, told))
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

async fn tell(
    context: &Context,
    transaction: &Transaction<'_>,
    payment: &Payment,
    fact: Option<Fact>,
) -> Result<PendingEvents, Error> {
    let Some(fact) = fact else { return Ok(PendingEvents::default()) };
    let Payment { id: payment_id, order_id, user_id, amount, .. } = *payment;
    let event = match fact {
        Fact::Authorized => Event::new(payment_id, &PaymentAuthorized { payment_id, order_id, user_id, amount }),
        Fact::Captured => Event::new(payment_id, &PaymentCaptured { payment_id, order_id, user_id, amount }),
        Fact::Voided => Event::new(payment_id, &PaymentVoided { payment_id, order_id, user_id, amount }),
        Fact::Refunded => Event::new(payment_id, &PaymentRefunded { payment_id, order_id, user_id, amount }),
        Fact::Declined => {
            let reason = payment.decline_reason.clone().unwrap_or_default();
            Event::new(payment_id, &PaymentDeclined { payment_id, order_id, user_id, amount, reason })
        }
    };
    Ok(outbox::append(transaction, context, &[event]).await?)
}
