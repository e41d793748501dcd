//! Consumes the events of payments: maps each to an event of the saga, and applies it to the order. `UserErased` begins an
//! [erasure](crate::erasure).

use crate::error::Error;
use crate::order::{Decline, Order};
use crate::saga::{self, Action, OrderEvent, Step};
use crate::store;
use crate::transitions::{self, transition};
use spindle_contracts::event::{
    EventData, PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided, UserErased,
};
use spindle_contracts::{Money, OrderId};
use spindle_events::{Consumer, Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::log::Level;
use std::time::Duration;

/// The consumer of the events of payments and users. It calls no provider.
pub(crate) static CONSUMER: Consumer = Consumer {
    handle: |context, delivery| Box::pin(handle(context, delivery)),
    concurrency: 1,
    retakes_dead_letters: true,
    is_paused: None,
    longest_call: |_| Ok(Duration::ZERO),
};

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    match delivery.event().kind.as_str() {
        PaymentAuthorized::NAME => {
            let PaymentAuthorized { order_id, amount, .. } = delivery.data()?;
            payment_authorized(context, delivery, order_id, amount).await
        }
        PaymentDeclined::NAME => {
            let PaymentDeclined { order_id, code, reason, .. } = delivery.data()?;
            // Payments removes the reason if the customer was erased.
            let decline = Decline { code, detail: Some(reason).filter(|reason| !reason.is_empty()) };
            complete(context, delivery, order_id, None, &[OrderEvent::PaymentDeclined], Some(&decline)).await
        }
        PaymentCaptured::NAME => {
            let PaymentCaptured { order_id, .. } = delivery.data()?;
            payment_captured(context, delivery, order_id).await
        }
        PaymentVoided::NAME => {
            let PaymentVoided { order_id, .. } = delivery.data()?;
            complete(context, delivery, order_id, None, &[OrderEvent::PaymentVoided], None).await
        }
        PaymentRefunded::NAME => {
            let PaymentRefunded { order_id, .. } = delivery.data()?;
            complete(context, delivery, order_id, None, &[OrderEvent::PaymentRefunded], None).await
        }
        UserErased::NAME => {
            let UserErased { user_id } = delivery.data()?;
            let transaction = delivery.transaction().await?;
            store::erasures::insert(&transaction, user_id, context.now()).await?;
            delivery.complete(context, transaction).await
        }
        other => Err(HandlerError::Permanent(format!("orders does not consume {other}"))),
    }
}

/// Applies an authorised payment, and commits the stock. Usually the catalog responds at once, and one transaction holds both events; if it does
/// not, the order waits for its stock, and the tick calls the catalog again.
async fn payment_authorized(
    context: &Context,
    delivery: &Delivery<'_>,
    order_id: OrderId,
    amount: Money,
) -> Result<(), HandlerError> {
    let order = store::orders::get(delivery.db(), order_id, None).await?;
    if amount != order.total {
        return Err(HandlerError::Permanent(format!("the amount is {amount:?}, the total is {:?}", order.total)));
    }
    let mut events = vec![OrderEvent::PaymentAuthorized];
    if let Step::To(_, [Action::CommitStock]) = saga::step(order.phase(), OrderEvent::PaymentAuthorized) {
        match transitions::try_commit_stock(context, order_id).await {
            Ok(event) => events.push(event),
            Err(cause) => {
                let fields = [("order", order_id.to_string().into()), ("cause", cause.to_string().into())];
                context.log(Level::Warn, "stock not committed: the next tick repeats it", &fields);
            }
        }
    }
    complete(context, delivery, order_id, Some(order), &events, None).await
}

/// Applies a captured payment. Usually the order waits for it, and is not read.
async fn payment_captured(context: &Context, delivery: &Delivery<'_>, order_id: OrderId) -> Result<(), HandlerError> {
    let transaction = delivery.transaction().await?;
    if transitions::try_capture(&transaction, context, order_id).await? {
        return delivery.complete(context, transaction).await;
    }
    drop(transaction);
    complete(context, delivery, order_id, None, &[OrderEvent::PaymentCaptured], None).await
}

/// Applies `events` to the order in the transaction that completes the delivery. `read` is the order as it was read before: it is written if it has not
/// changed since, and otherwise read again. An event that was a duplicate then is one for each later version as well.
async fn complete(
    context: &Context,
    delivery: &Delivery<'_>,
    order_id: OrderId,
    read: Option<Order>,
    events: &[OrderEvent],
    decline: Option<&Decline>,
) -> Result<(), HandlerError> {
    let (transaction, actor) = (delivery.transaction().await?, delivery.event().producer());
    let order = match read {
        Some(order) => order,
        None => store::orders::get(&transaction, order_id, None).await?,
    };
    let applied = match transition(&transaction, context, order, events, decline, actor).await {
        Err(Error::Changed) => {
            let order = store::orders::get(&transaction, order_id, None).await?;
            transition(&transaction, context, order, events, decline, actor).await?
        }
        result => result?,
    };
    delivery.complete(context, transaction).await?;
    applied.follow_up(context, None);
    Ok(())
}
