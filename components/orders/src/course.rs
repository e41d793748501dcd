//! What happens to an order, applied to it: the new order, and everything that is written and done with it.

use crate::error::Error;
use crate::events;
use crate::order::{Marks, Order, Status};
use crate::saga::{self, Action, Happening, Phase, Step};
use crate::stock;
use crate::store;
use crate::timeline::{self, Entry};
use serde_json::json;
use spindle_contracts::{OrderId, Timestamp, UserId};
use spindle_events::outbox::{self, PendingEvents};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry as AuditEntry};
use spindle_platform::sql::{Connection, Transaction};

/// Something that happened, with what there is to say about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened<'a> {
    pub(crate) what: Happening,
    /// Why, in the words of whoever decided so.
    pub(crate) reason: Option<&'a str>,
}

/// What an order has become, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    order: Order,
    entries: Vec<Entry>,
    actions: &'static [Action],
}

/// An order after what happened to it, and what is to be done once that is committed.
#[must_use = "call `follow_up` once it is committed"]
pub(crate) struct Advanced {
    pub(crate) order: Order,
    told: PendingEvents,
    releases_stock: bool,
}

impl From<Happening> for Happened<'_> {
    fn from(what: Happening) -> Self {
        Self { what, reason: None }
    }
}

/// Lets `happened` come to `order`, one after the other, and writes what comes of it as part of `transaction`: order, timeline, events and
/// audit row. What has happened before writes nothing.
pub(crate) async fn advance(
    transaction: &Transaction<'_>,
    context: &Context,
    order: Order,
    happened: &[Happened<'_>],
    actor: &str,
) -> Result<Advanced, Error> {
    let (before, now) = (order.status, context.now());
    let (mut order, mut entries, mut actions) = (order, Vec::new(), Vec::new());
    for happened in happened {
        if let Some(change) = order.after(*happened, now)? {
            order = change.order;
            entries.extend(change.entries);
            actions.extend_from_slice(change.actions);
        }
    }
    if entries.is_empty() {
        return Ok(Advanced { order, told: PendingEvents::default(), releases_stock: false });
    }
    order.version += 1;
    order.updated_at = now;
    store::orders::update(transaction, &order).await?;
    store::timeline::append(transaction, order.id, &entries).await?;
    let told = outbox::append(transaction, context, &events::of(&order, &actions, None)).await?;
    if order.status != before {
        audit::record(transaction, context, &audited(&order, actor)).await?;
    }
    Ok(Advanced { order, told, releases_stock: actions.contains(&Action::ReleaseStock) })
}

/// The same for the order `id`, if it is `owner`'s where that matters, in a transaction of its own and with what follows; the order after it.
pub(crate) async fn happen(
    context: &Context,
    db: &Connection,
    id: OrderId,
    owner: Option<UserId>,
    happened: &[Happened<'_>],
    actor: &str,
) -> Result<Order, Error> {
    let transaction = db.transaction().await?;
    let order = store::orders::get(&transaction, id, owner).await?;
    let advanced = advance(&transaction, context, order, happened, actor).await?;
    transaction.commit().await?;
    Ok(advanced.follow_up(context))
}

/// The audit row of an order's status.
pub(crate) fn audited(order: &Order, actor: &str) -> AuditEntry {
    let (action, detail) = match order.status {
        Status::PendingPayment => ("order.placed", json!({ "total": order.total(), "number": order.number })),
        Status::Paid => ("order.paid", json!({})),
        Status::Fulfilled => ("order.fulfilled", json!({})),
        Status::Cancelled => ("order.cancelled", json!({ "reason": order.marks.cancel_reason })),
    };
    AuditEntry { actor: Some(actor.to_owned()), action, subject: Some(order.id.to_string()), detail }
}

impl Advanced {
    /// What may be done at once now that the change is committed; if it is not, the tick does it.
    pub(crate) fn follow_up(self, context: &Context) -> Order {
        self.told.push(context);
        if self.releases_stock {
            stock::release_after_response(context, self.order.id);
        }
        self.order
    }
}

impl Order {
    /// What `happened` makes of this order; nothing if it is no news.
    fn after(&self, happened: Happened<'_>, now: Timestamp) -> Result<Option<Change>, Error> {
        let Happened { what, reason } = happened;
        let phase = self.phase();
        let (next, actions) = match saga::step(phase, what) {
            Step::To(next, actions) => (next, actions),
            Step::Stay if self.marks.is_news(what) => (phase, &[][..]),
            Step::Stay => return Ok(None),
            Step::Refuse(detail) => return Err(Error::Refused(detail)),
        };
        let mut order = self.clone();
        order.status = next.status();
        if let Some(mark) = order.marks.of(what) {
            mark.get_or_insert(now);
        }
        if next != phase && next == Phase::Cancelling {
            order.marks.cancel_reason = what.cancel_reason();
        }
        Ok(Some(Change { order, entries: timeline::entries(what, reason, phase, next, now), actions }))
    }
}

impl Marks {
    /// The mark that `what` leaves, if it leaves one.
    fn of(&mut self, what: Happening) -> Option<&mut Option<Timestamp>> {
        match what {
            Happening::PaymentAuthorized => Some(&mut self.authorized_at),
            Happening::PaymentCaptured => Some(&mut self.captured_at),
            Happening::PaymentDeclined | Happening::PaymentVoided | Happening::PaymentRefunded => {
                Some(&mut self.returned_at)
            }
            Happening::StockReleased => Some(&mut self.stock_released_at),
            Happening::PaymentOverdue
            | Happening::StockCommitted
            | Happening::StockGone
            | Happening::CancelRequested
            | Happening::FulfilRequested => None,
        }
    }

    /// Whether `what` leaves a mark that is not there yet: news of a payment that comes too late to matter is still told.
    fn is_news(&self, what: Happening) -> bool {
        self.clone().of(what).is_some_and(|mark| mark.is_none())
    }
}

impl Phase {
    /// What the customer sees of it.
    fn status(self) -> Status {
        match self {
            Self::AwaitingPayment | Self::AwaitingStock => Status::PendingPayment,
            Self::AwaitingCapture | Self::ReadyToFulfil => Status::Paid,
            Self::Fulfilled => Status::Fulfilled,
            Self::Cancelling | Self::Cancelled => Status::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests;
