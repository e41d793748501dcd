//! What orders tells other services, and what it does with what payments tells.

use crate::adjustment::Adjustment;
use crate::course::{self, Happened};
use crate::order::{Item, Order};
use crate::saga::{self, Action, Happening, Step};
use crate::stock;
use crate::store;
use spindle_contracts::event::{
    EventData, OrderAdjustment, OrderCancelled, OrderCreated, OrderFulfilled, OrderLine, OrderPaid, PaymentAuthorized,
    PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentRequested, PaymentVoided,
};
use spindle_contracts::{Money, OrderId};
use spindle_events::{Consumer, Delivery, Event, HandlerError};
use spindle_platform::Context;
use spindle_platform::log::Level;

/// What is done with an event of payments.
pub(crate) static CONSUMER: Consumer =
    Consumer { handle: |context, delivery| Box::pin(handle(context, delivery)), concurrency: 1 };

/// What there is to tell of `order` after `actions`. A payment is asked for with what `payment_token` stands for.
pub(crate) fn of(order: &Order, actions: &[Action], payment_token: Option<&str>) -> Vec<Event> {
    actions.iter().filter_map(|action| told_by(order, *action, payment_token)).collect()
}

fn told_by(order: &Order, action: Action, payment_token: Option<&str>) -> Option<Event> {
    let (order_id, user_id, number, total) = (order.id, order.user_id, order.number.clone(), order.total());
    let line = |item: &Item| OrderLine {
        product_id: item.product_id,
        sku: item.sku.clone(),
        name: item.name.clone(),
        quantity: item.quantity,
        unit_price: Money::new(item.unit_price, order.currency),
    };
    let adjustment = |adjustment: &Adjustment| OrderAdjustment {
        kind: adjustment.kind,
        label: adjustment.label.clone(),
        amount: Money::new(adjustment.amount, order.currency),
    };
    match action {
        Action::Place => {
            let lines = order.items.iter().map(line).collect();
            let adjustments = order.adjustments.iter().map(adjustment).collect();
            Some(Event::new(order_id, &OrderCreated { order_id, user_id, number, lines, adjustments, total }))
        }
        Action::RequestPayment => {
            let payment_token = payment_token?.to_owned();
            Some(Event::new(order_id, &PaymentRequested { order_id, user_id, amount: total, payment_token }))
        }
        Action::TellPaid => Some(Event::new(order_id, &OrderPaid { order_id, user_id, number, total })),
        Action::TellFulfilled => Some(Event::new(order_id, &OrderFulfilled { order_id, user_id, number })),
        Action::TellCancelled => {
            let reason = order.marks.cancel_reason?;
            Some(Event::new(order_id, &OrderCancelled { order_id, user_id, number, total, reason }))
        }
        Action::CommitStock | Action::ReleaseStock => None,
    }
}

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    match delivery.event().kind.as_str() {
        PaymentAuthorized::NAME => {
            let PaymentAuthorized { order_id, amount, .. } = delivery.data()?;
            authorized(context, delivery, order_id, amount).await
        }
        PaymentDeclined::NAME => {
            let PaymentDeclined { order_id, reason, .. } = delivery.data()?;
            let declined = Happened { what: Happening::PaymentDeclined, reason: Some(&reason) };
            settle(context, delivery, order_id, &[declined]).await
        }
        PaymentCaptured::NAME => {
            let PaymentCaptured { order_id, .. } = delivery.data()?;
            settle(context, delivery, order_id, &[Happening::PaymentCaptured.into()]).await
        }
        PaymentVoided::NAME => {
            let PaymentVoided { order_id, .. } = delivery.data()?;
            settle(context, delivery, order_id, &[Happening::PaymentVoided.into()]).await
        }
        PaymentRefunded::NAME => {
            let PaymentRefunded { order_id, .. } = delivery.data()?;
            settle(context, delivery, order_id, &[Happening::PaymentRefunded.into()]).await
        }
        other => Err(HandlerError::Permanent(format!("orders does not listen to {other}"))),
    }
}

/// The payment is there, and the stock is next. Most often the catalog answers at once and one transaction holds both; if it does not, the
/// order waits for its stock, and the tick asks again.
async fn authorized(
    context: &Context,
    delivery: &Delivery<'_>,
    order_id: OrderId,
    amount: Money,
) -> Result<(), HandlerError> {
    let order = store::orders::get(delivery.db(), order_id, None).await?;
    if amount != order.total() {
        return Err(HandlerError::Permanent(format!("{amount:?} are not the total {:?}", order.total())));
    }
    let mut happened = vec![Happening::PaymentAuthorized.into()];
    if let Step::To(_, [Action::CommitStock]) = saga::step(order.phase(), Happening::PaymentAuthorized) {
        match stock::commit(context, order_id).await {
            Ok(outcome) => happened.push(outcome.into()),
            Err(cause) => {
                let fields = [("order", order_id.to_string().into()), ("cause", cause.to_string().into())];
                context.log(Level::Warn, "stock not taken yet", &fields);
            }
        }
    }
    settle(context, delivery, order_id, &happened).await
}

/// Lets `happened` come to the order, in the transaction that settles the event.
async fn settle(
    context: &Context,
    delivery: &Delivery<'_>,
    order_id: OrderId,
    happened: &[Happened<'_>],
) -> Result<(), HandlerError> {
    let transaction = delivery.transaction().await?;
    let order = store::orders::get(&transaction, order_id, None).await?;
    let advanced = course::advance(&transaction, context, order, happened, &delivery.event().source).await?;
    delivery.complete(context, transaction).await?;
    advanced.follow_up(context);
    Ok(())
}
