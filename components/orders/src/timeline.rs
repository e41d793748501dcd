//! The timeline of an order in plain words: its history, and the next event that it waits for. Pure.

use crate::order::Order;
use crate::saga::{OrderEvent, Phase};
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::Timestamp;
use spindle_contracts::event::{
    CancelReason, EventData, OrderCancelled, OrderPaid, PaymentAuthorized, PaymentCaptured, PaymentDeclined,
    PaymentRefunded, PaymentRequested, PaymentVoided,
};

/// An event in the history of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TimelineEntry")]
pub(crate) struct Entry {
    /// The time.
    pub(crate) at: Timestamp,
    /// The kind of event.
    #[schemars(with = "EntryKind")]
    pub(crate) kind: String,
    /// A sentence for people.
    pub(crate) detail: String,
}

/// The kind of an event in the history of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename = "TimelineEntryKind", rename_all = "snake_case")]
pub(crate) enum EntryKind {
    /// The order was placed, and its stock is reserved.
    Placed,
    /// The payment was requested.
    PaymentRequested,
    /// The payment was authorised.
    PaymentAuthorized,
    /// The payment or its capture was declined.
    PaymentDeclined,
    /// The payment was captured.
    PaymentCaptured,
    /// The authorisation was voided.
    PaymentVoided,
    /// The payment was refunded.
    PaymentRefunded,
    /// The payment is authorised, and the stock is sold.
    Paid,
    /// The order was shipped.
    Fulfilled,
    /// An operator requested a refund before the order was shipped.
    RefundRequested,
    /// The order was cancelled.
    Cancelled,
    /// The stock of the cancelled order was released.
    StockReleased,
    /// The customer was erased: name, address and reasons are removed.
    Erased,
}

impl EntryKind {
    /// Returns the name that the database stores and the API uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::PaymentRequested => "payment_requested",
            Self::PaymentAuthorized => "payment_authorized",
            Self::PaymentDeclined => "payment_declined",
            Self::PaymentCaptured => "payment_captured",
            Self::PaymentVoided => "payment_voided",
            Self::PaymentRefunded => "payment_refunded",
            Self::Paid => "paid",
            Self::Fulfilled => "fulfilled",
            Self::RefundRequested => "refund_requested",
            Self::Cancelled => "cancelled",
            Self::StockReleased => "stock_released",
            Self::Erased => "erased",
        }
    }
}

/// The event that an order waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Awaiting {
    /// A sentence for people.
    what: String,
    /// The time at which the order is cancelled if the event does not come; `null` if it waits without a limit.
    until: Option<Timestamp>,
}

impl Entry {
    fn new(at: Timestamp, kind: EntryKind, detail: impl Into<String>) -> Self {
        Self { at, kind: kind.name().to_owned(), detail: detail.into() }
    }
}

/// The detail of a payment that was declined without a reason, or whose reason was removed with the data of the user.
pub(crate) const DECLINED: &str = "The payment was declined.";

/// Kind and detail of the entry of an order whose name and address are removed, because its customer was erased.
pub(crate) const ERASED: (EntryKind, &str) =
    (EntryKind::Erased, "The customer was erased: the name and the address are removed.");

/// Returns the entries of an order that was just placed.
pub(crate) fn placed(at: Timestamp) -> Vec<Entry> {
    vec![
        Entry::new(at, EntryKind::Placed, "The order was placed, and its stock is reserved."),
        Entry::new(at, EntryKind::PaymentRequested, "The payment was requested."),
    ]
}

/// Returns the entries of `event`, which took an order from `before` to `after`. `reason` is the payment provider's, if it declined.
pub(crate) fn entries(
    event: OrderEvent,
    reason: Option<&str>,
    before: Phase,
    after: Phase,
    at: Timestamp,
) -> Vec<Entry> {
    let is_late = matches!(before, Phase::Cancelling | Phase::Cancelled);
    let entry = |kind: EntryKind, detail: &str| Some(Entry::new(at, kind, detail));
    let of_event = match event {
        OrderEvent::PaymentAuthorized if is_late => entry(
            EntryKind::PaymentAuthorized,
            "The payment was authorised, but the order is cancelled: it will be voided.",
        ),
        OrderEvent::PaymentAuthorized => entry(EntryKind::PaymentAuthorized, "The payment was authorised."),
        OrderEvent::PaymentDeclined => {
            let because = reason.map(|reason| format!("The payment was declined: {reason}."));
            Some(Entry::new(at, EntryKind::PaymentDeclined, because.unwrap_or_else(|| DECLINED.to_owned())))
        }
        OrderEvent::PaymentCaptured if is_late => entry(
            EntryKind::PaymentCaptured,
            "The payment was captured, but the order is cancelled: it will be refunded.",
        ),
        OrderEvent::PaymentCaptured => entry(EntryKind::PaymentCaptured, "The payment was captured."),
        OrderEvent::PaymentVoided => entry(EntryKind::PaymentVoided, "The payment was voided: nothing is charged."),
        OrderEvent::PaymentRefunded => entry(EntryKind::PaymentRefunded, "The payment was refunded."),
        OrderEvent::StockCommitted => entry(EntryKind::Paid, "The order is paid, and its stock is committed."),
        OrderEvent::StockReleased => entry(EntryKind::StockReleased, "The stock was released."),
        OrderEvent::FulfilRequested => entry(EntryKind::Fulfilled, "The order was shipped."),
        OrderEvent::RefundRequested => entry(EntryKind::RefundRequested, "A refund of the payment was requested."),
        // The entry of the cancellation has the reason.
        OrderEvent::PaymentOverdue | OrderEvent::StockGone | OrderEvent::CancelRequested => None,
    };
    let cancel_reason = event.cancel_reason().filter(|_| before != after && after == Phase::Cancelling);
    let cancelled = cancel_reason.map(|reason| Entry::new(at, EntryKind::Cancelled, cancelled_because(reason)));
    of_event.into_iter().chain(cancelled).collect()
}

fn cancelled_because(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Requested => "The order was cancelled on request.",
        CancelReason::PaymentDeclined => "The order was cancelled, because its payment was declined or voided.",
        CancelReason::PaymentTimeout => "The order was cancelled, because its payment was not authorised in time.",
        CancelReason::StockGone => {
            "The order was cancelled, because its stock was no longer reserved when the payment was authorised."
        }
        CancelReason::PaymentRefunded => "The order was cancelled, because its payment is refunded.",
    }
}

/// Returns what `order` waits for; `None` at the end of its saga. `given_up` has the types of the events about the order that are dead letters,
/// in orders or in payments.
pub(crate) fn awaiting(order: &Order, given_up: &[String]) -> Option<Awaiting> {
    let until = (order.phase() == Phase::AwaitingPayment).then_some(order.payment_due_at);
    if waits_for_payments(order)
        && let Some(what) = given_up.iter().find_map(|kind| needs_replay(kind, order.phase()))
    {
        return Some(Awaiting { what, until });
    }
    let what = match order.phase() {
        Phase::AwaitingPayment => {
            "The payment provider has not authorised the payment yet. Without an authorisation in time, the order is cancelled automatically."
        }
        Phase::AwaitingStock => "The payment is authorised. The catalog has not committed the stock yet.",
        Phase::AwaitingCapture => "The payment is being captured.",
        Phase::ReadyToFulfil => "Ready to ship.",
        Phase::Cancelling => "The stock is being released: the catalog has not confirmed it yet.",
        Phase::Cancelled if order.authorized_at.is_some() && order.returned_at.is_none() => {
            "The payment is being voided or refunded: the payment provider has not confirmed it yet."
        }
        Phase::Cancelled | Phase::Fulfilled => return None,
    };
    Some(Awaiting { what: what.to_owned(), until })
}

/// Returns whether the order does not go on without an event of payments.
pub(crate) fn waits_for_payments(order: &Order) -> bool {
    match order.phase() {
        Phase::AwaitingPayment | Phase::AwaitingCapture => true,
        // Nothing is left of a payment that was declined, voided or refunded.
        Phase::Cancelling | Phase::Cancelled => order.returned_at.is_none(),
        Phase::AwaitingStock | Phase::ReadyToFulfil | Phase::Fulfilled => false,
    }
}

/// Returns the sentence for an order in `phase` when an event of this type is a dead letter; `None` if the order does not wait for it.
fn needs_replay(kind: &str, phase: Phase) -> Option<String> {
    let is_cancelled = matches!(phase, Phase::Cancelling | Phase::Cancelled);
    let given_up = match kind {
        PaymentRequested::NAME if phase == Phase::AwaitingPayment || is_cancelled => "The payment request",
        OrderPaid::NAME if phase == Phase::AwaitingCapture => "The capture of the payment",
        OrderCancelled::NAME if is_cancelled => "The void or refund of the payment",
        PaymentAuthorized::NAME => "The event that the payment was authorised",
        PaymentDeclined::NAME => "The event that the payment was declined",
        PaymentCaptured::NAME => "The event that the payment was captured",
        PaymentVoided::NAME => "The event that the payment was voided",
        PaymentRefunded::NAME => "The event that the payment was refunded",
        _ => return None,
    };
    let otherwise = match phase {
        Phase::AwaitingPayment => " Without success in time, the order is cancelled automatically.",
        _ => "",
    };
    Some(format!(
        "{given_up} was given up after repeated failures; it is tried again every 15 minutes, and an operator can replay its dead letter at once.{otherwise}"
    ))
}
