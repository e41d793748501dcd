//! Maps the actions of the saga to the events that orders publishes. Pure.

use crate::order::{Item, Order};
use crate::saga::Action;
use spindle_contracts::event::{OrderCancelled, OrderCreated, OrderFulfilled, OrderLine, OrderPaid, PaymentRequested};
use spindle_events::Event;

/// Returns the events of `actions` about `order`. A payment is requested with `payment_token`, which only the placing of an order has.
pub(crate) fn of(order: &Order, actions: &[Action], payment_token: Option<&str>) -> Vec<Event> {
    actions.iter().filter_map(|action| event_of(order, *action, payment_token)).collect()
}

fn event_of(order: &Order, action: Action, payment_token: Option<&str>) -> Option<Event> {
    let Order { id: order_id, user_id, total, .. } = *order;
    let number = order.number.clone();
    let line = |item: &Item| OrderLine {
        product_id: item.product_id,
        sku: item.sku.clone(),
        name: item.name.clone(),
        quantity: item.quantity,
        unit_price: item.unit_price,
    };
    match action {
        Action::Place => {
            let lines = order.items.iter().map(line).collect();
            let adjustments = order.adjustments.clone();
            Some(Event::new(order_id, &OrderCreated { order_id, user_id, number, lines, adjustments, total }))
        }
        Action::RequestPayment => {
            let payment_token = payment_token?.to_owned();
            Some(Event::new(order_id, &PaymentRequested { order_id, user_id, amount: total, payment_token }))
        }
        Action::PublishPaid => Some(Event::new(order_id, &OrderPaid { order_id, user_id, number, total })),
        Action::PublishFulfilled => Some(Event::new(order_id, &OrderFulfilled { order_id, user_id, number })),
        Action::PublishCancelled => {
            let reason = order.cancel_reason?;
            Some(Event::new(order_id, &OrderCancelled { order_id, user_id, number, total, reason }))
        }
        Action::CommitStock | Action::ShipStock | Action::ReleaseStock => None,
    }
}
