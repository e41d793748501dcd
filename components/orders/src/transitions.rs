//! Applies events to a stored order: the saga's step, the new row, the timeline, the published events and the audit row, in one transaction.
//! Also commits, ships and releases the stock of an order: the catalog's response to the first and the last is an event, and an event may ship
//! or release the stock.

use crate::catalog;
use crate::error::Error;
use crate::order::{Decline, Order, Status};
use crate::published_events;
use crate::saga::{self, Action, OrderEvent, Phase, Step};
use crate::store;
use crate::store::stock_calls::StockCall;
use crate::timeline::{self, Entry};
use serde_json::json;
use spindle_contracts::{OrderId, Timestamp};
use spindle_events::outbox::{self, PendingEvents};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry as AuditEntry};
use spindle_platform::log::Level;
use spindle_platform::sql::{Connection, Transaction};
use uuid::Uuid;

/// The effect of one event on an order.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    order: Order,
    entries: Vec<Entry>,
    actions: &'static [Action],
}

/// An order after its events, and the work that is left once the transaction is committed.
#[must_use = "call `follow_up` after the commit"]
pub(crate) struct Transition {
    pub(crate) order: Order,
    pending: PendingEvents,
    releases_stock: bool,
    ships_stock: bool,
}

/// Applies `events` to `order` in their order, and writes the result as part of `transaction`: order, timeline, published events and audit row.
/// Duplicates write nothing. `decline` says why, if one of the events is a declined payment.
pub(crate) async fn transition(
    transaction: &Transaction<'_>,
    context: &Context,
    order: Order,
    events: &[OrderEvent],
    decline: Option<&Decline>,
    actor: &str,
) -> Result<Transition, Error> {
    let (before, now) = (order.status, context.now());
    let (mut order, mut entries, mut actions) = (order, Vec::new(), Vec::new());
    for event in events {
        if let Some(change) = order.apply(*event, decline, now)? {
            order = change.order;
            entries.extend(change.entries);
            actions.extend_from_slice(change.actions);
        }
    }
    if entries.is_empty() {
        let pending = PendingEvents::default();
        return Ok(Transition { order, pending, releases_stock: false, ships_stock: false });
    }
    order.version += 1;
    order.updated_at = now;
    store::orders::update(transaction, &order, &entries).await?;
    let pending = outbox::append(transaction, context, &published_events::of(&order, &actions, None)).await?;
    if order.status != before {
        audit::record(transaction, context, &audit_entry(&order, actor)).await?;
    }
    let (releases_stock, ships_stock) = (actions.contains(&Action::ReleaseStock), actions.contains(&Action::ShipStock));
    if ships_stock {
        store::stock_calls::insert(transaction, order.id, StockCall::Ship).await?;
    }
    Ok(Transition { order, pending, releases_stock, ships_stock })
}

/// Applies a captured payment to the order `id` as part of `transaction`, if the order waits for it: the statement that writes the order sees that, so
/// that the order is not read. Returns whether it did.
pub(crate) async fn try_capture(transaction: &Transaction<'_>, context: &Context, id: OrderId) -> Result<bool, Error> {
    let (phase, event, now) = (Phase::AwaitingCapture, OrderEvent::PaymentCaptured, context.now());
    let Step::To(next @ Phase::ReadyToFulfil, []) = saga::step(phase, event) else { return Ok(false) };
    let entries = timeline::entries(event, None, phase, next, now);
    Ok(store::orders::set_captured(transaction, id, now, &entries).await?)
}

/// Applies one event to the order `id` in its own transaction, and returns the order after it.
pub(crate) async fn apply_event(
    context: &Context,
    db: &Connection,
    id: OrderId,
    event: OrderEvent,
    actor: &str,
) -> Result<Order, Error> {
    let transaction = db.transaction().await?;
    let order = store::orders::get(&transaction, id, None).await?;
    let transition = transition(&transaction, context, order, &[event], None, actor).await?;
    transaction.commit().await?;
    Ok(transition.follow_up(context, None))
}

/// Accepts or refuses the refund `refund_id` of the payment of the order `id`, and returns the order after it. An order that was not shipped is
/// cancelled in this transaction, so that it is either refunded or shipped; the event `OrderCancelled` returns the money even if payments crashes
/// before it records the refund. An order that was `shipped` stays so, if the operator knows it.
///
/// # Errors
///
/// [`Error::Refused`] if the order is not paid, or if it was shipped and the operator does not know it, or the other way round.
pub(crate) async fn accept_refund(
    context: &Context,
    db: Connection,
    id: OrderId,
    refund_id: Uuid,
    shipped: bool,
    actor: &str,
) -> Result<Order, Error> {
    let transaction = db.transaction().await?;
    let mut order = store::orders::get(&transaction, id, None).await?;
    match (order.status, shipped) {
        (Status::Fulfilled, true) => return Ok(order),
        (_, true) => return Err(Error::Refused("The order was not shipped: request the refund without a body.")),
        (Status::Cancelled | Status::Fulfilled, false) => {}
        (Status::PendingPayment | Status::Paid, false) => order.refund_id = Some(refund_id),
    }
    let transition = transition(&transaction, context, order, &[OrderEvent::RefundRequested], None, actor).await?;
    transaction.commit().await?;
    Ok(transition.follow_up(context, Some(db)))
}

/// Commits the stock of the order `id`, whose payment is authorised, and returns the event that this is to the order.
pub(crate) async fn try_commit_stock(context: &Context, id: OrderId) -> Result<OrderEvent, Error> {
    let was_reserved = catalog::commit(context, id).await?;
    Ok(if was_reserved { OrderEvent::StockCommitted } else { OrderEvent::StockGone })
}

/// Commits the stock of the order `id`, whose payment is authorised, and applies the event. The catalog comes first: a crash in between is
/// repaired on the next tick, which does both again.
pub(crate) async fn commit_stock(context: &Context, db: &Connection, id: OrderId, actor: &str) -> Result<(), Error> {
    let event = try_commit_stock(context, id).await?;
    apply_event(context, db, id, event, actor).await?;
    Ok(())
}

/// Releases the stock of the order `id`, which is cancelled, and applies the event; the catalog comes first, as in [`commit_stock`].
pub(crate) async fn release_stock(context: &Context, db: &Connection, id: OrderId, actor: &str) -> Result<(), Error> {
    catalog::release(context, id).await?;
    apply_event(context, db, id, OrderEvent::StockReleased, actor).await?;
    Ok(())
}

/// Makes a call to the catalog that is due. The phase of the order does not depend on it, so the order is not changed.
pub(crate) async fn make_stock_call(
    context: &Context,
    db: &Connection,
    id: OrderId,
    call: StockCall,
) -> Result<(), Error> {
    match call {
        StockCall::Commit => catalog::commit_again(context, id).await?,
        StockCall::Ship => catalog::ship(context, id).await?,
    }
    store::stock_calls::delete(db, id, call).await?;
    Ok(())
}

/// The action of placing an order in the audit log.
pub(crate) const PLACED: &str = "order.placed";

/// Returns the audit row of an order that entered its status.
pub(crate) fn audit_entry(order: &Order, actor: &str) -> AuditEntry {
    let (action, detail) = match order.status {
        Status::PendingPayment => (PLACED, json!({ "total": order.total, "number": order.number })),
        Status::Paid => ("order.paid", json!({})),
        Status::Fulfilled => ("order.fulfilled", json!({})),
        Status::Cancelled => ("order.cancelled", json!({ "reason": order.cancel_reason })),
    };
    AuditEntry { actor: Some(actor.to_owned()), action, subject: Some(order.id.to_string()), detail }
}

impl Transition {
    /// Starts the work that follows the commit, after the response, and returns the order. If the work fails, the tick repeats it. It is done on `db`, the
    /// connection of the request, or on another one.
    pub(crate) fn follow_up(self, context: &Context, db: Option<Connection>) -> Order {
        self.pending.push(context);
        let id = self.order.id;
        if self.releases_stock {
            after_response(
                context,
                db,
                id,
                "stock not released: the next tick repeats it",
                async move |context, db| release_stock(context, db, id, context.service()).await,
            );
        } else if self.ships_stock {
            after_response(context, db, id, "stock not shipped: the next tick repeats it", async move |context, db| {
                make_stock_call(context, db, id, StockCall::Ship).await
            });
        }
        self.order
    }
}

/// Does `work` for the order `id` after the response, and logs `failure` if it fails.
fn after_response(
    context: &Context,
    db: Option<Connection>,
    id: OrderId,
    failure: &'static str,
    work: impl AsyncFnOnce(&Context, &Connection) -> Result<(), Error> + 'static,
) {
    let context_after = context.clone();
    context.after_response(async move {
        let context = &context_after;
        let result = async {
            let db = match db {
                Some(db) => db,
                None => context.sql().await?,
            };
            work(context, &db).await
        };
        if let Err(cause) = result.await {
            let fields = [("order", id.to_string().into()), ("cause", cause.to_string().into())];
            context.log(Level::Warn, failure, &fields);
        }
    });
}

impl Order {
    /// Returns the change that `event` makes to this order; `None` if the event is a duplicate.
    fn apply(&self, event: OrderEvent, decline: Option<&Decline>, now: Timestamp) -> Result<Option<Change>, Error> {
        let phase = self.phase();
        let mut order = self.clone();
        // The date of an event of a payment is recorded even if it comes too late to matter.
        let is_new_date = order.date_of(event).is_some_and(|date| date.is_none());
        let (next, actions) = match saga::step(phase, event) {
            Step::To(next, actions) => (next, actions),
            Step::Stay if is_new_date => (phase, &[][..]),
            Step::Stay => return Ok(None),
            Step::Refuse(detail) => return Err(Error::Refused(detail)),
        };
        order.status = status_of(next);
        if let Some(date) = order.date_of(event) {
            date.get_or_insert(now);
        }
        if next != phase && next == Phase::Cancelling {
            order.cancel_reason = event.cancel_reason();
        }
        if event == OrderEvent::PaymentDeclined {
            order.decline = decline.cloned();
        }
        let reason = decline.and_then(|decline| decline.detail.as_deref());
        Ok(Some(Change { order, entries: timeline::entries(event, reason, phase, next, now), actions }))
    }

    /// Returns the field with the date of `event`, if there is one.
    fn date_of(&mut self, event: OrderEvent) -> Option<&mut Option<Timestamp>> {
        match event {
            OrderEvent::PaymentAuthorized => Some(&mut self.authorized_at),
            OrderEvent::PaymentCaptured => Some(&mut self.captured_at),
            OrderEvent::PaymentDeclined | OrderEvent::PaymentVoided | OrderEvent::PaymentRefunded => {
                Some(&mut self.returned_at)
            }
            OrderEvent::StockReleased => Some(&mut self.stock_released_at),
            OrderEvent::PaymentOverdue
            | OrderEvent::StockCommitted
            | OrderEvent::StockGone
            | OrderEvent::CancelRequested
            | OrderEvent::FulfilRequested
            | OrderEvent::RefundRequested => None,
        }
    }
}

/// Returns the status that a customer sees in `phase`.
fn status_of(phase: Phase) -> Status {
    match phase {
        Phase::AwaitingPayment | Phase::AwaitingStock => Status::PendingPayment,
        Phase::AwaitingCapture | Phase::ReadyToFulfil => Status::Paid,
        Phase::Fulfilled => Status::Fulfilled,
        Phase::Cancelling | Phase::Cancelled => Status::Cancelled,
    }
}

#[cfg(test)]
mod tests;
