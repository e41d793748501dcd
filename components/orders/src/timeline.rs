//! What an order's timeline says, in plain words: what happened, and what is awaited. Pure.

use crate::order::Order;
use crate::saga::{Happening, Phase};
use serde::Serialize;
use spindle_contracts::Timestamp;
use spindle_contracts::event::CancelReason;

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) detail: String,
}

/// What an order waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Awaiting {
    what: &'static str,
    /// When the wait ends by itself, if it does.
    until: Option<Timestamp>,
}

impl Entry {
    fn new(at: Timestamp, kind: &str, detail: impl Into<String>) -> Self {
        Self { at, kind: kind.to_owned(), detail: detail.into() }
    }
}

/// What is said of an order that was placed.
pub(crate) fn placed(at: Timestamp) -> Vec<Entry> {
    vec![
        Entry::new(at, "placed", "The order was placed, and its stock is held."),
        Entry::new(at, "payment_requested", "The payment was asked for."),
    ]
}

/// What is said when `happening` took an order from `before` to `after`, with the `reason` that somebody gave.
pub(crate) fn entries(
    happening: Happening,
    reason: Option<&str>,
    before: Phase,
    after: Phase,
    at: Timestamp,
) -> Vec<Entry> {
    let is_late = matches!(before, Phase::Cancelling | Phase::Cancelled);
    let entry = |kind: &str, detail: &str| Some(Entry::new(at, kind, detail));
    let fact = match happening {
        Happening::PaymentAuthorized if is_late => {
            entry("payment_authorized", "The payment was authorised, but the order is cancelled: it will be voided.")
        }
        Happening::PaymentAuthorized => entry("payment_authorized", "The payment was authorised."),
        Happening::PaymentDeclined => {
            let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            Some(Entry::new(at, "payment_declined", format!("The payment was declined{why}.")))
        }
        Happening::PaymentCaptured if is_late => {
            entry("payment_captured", "The payment was captured, but the order is cancelled: it will be refunded.")
        }
        Happening::PaymentCaptured => entry("payment_captured", "The payment was captured."),
        Happening::PaymentVoided => entry("payment_voided", "The payment was voided: nothing is charged."),
        Happening::PaymentRefunded => entry("payment_refunded", "The payment was refunded."),
        Happening::StockCommitted => entry("paid", "The stock is the order's own: the order is paid."),
        Happening::StockReleased => entry("stock_released", "The stock was given back."),
        Happening::FulfilRequested => entry("fulfilled", "The order was sent off."),
        // The cancellation says it all.
        Happening::PaymentOverdue | Happening::StockGone | Happening::CancelRequested => None,
    };
    let reason = happening.cancel_reason().filter(|_| before != after && after == Phase::Cancelling);
    let cancelled = reason.map(|reason| Entry::new(at, "cancelled", cancelled_because(reason)));
    fact.into_iter().chain(cancelled).collect()
}

fn cancelled_because(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Requested => "The order was cancelled on request.",
        CancelReason::PaymentDeclined => "The order was cancelled, because there is no payment for it.",
        CancelReason::PaymentTimeout => "The order was cancelled, because nobody answered for its payment in time.",
        CancelReason::StockGone => "The order was cancelled, because its stock was gone when the payment came.",
        CancelReason::PaymentRefunded => "The order was cancelled, because its payment was refunded.",
    }
}

/// What `order` waits for; nothing if it has come to its end.
pub(crate) fn awaiting(order: &Order) -> Option<Awaiting> {
    let marks = &order.marks;
    let what = match order.phase() {
        Phase::AwaitingPayment => {
            let what = "The payment provider's answer. Without one, the order is cancelled by itself.";
            return Some(Awaiting { what, until: Some(marks.payment_due_at) });
        }
        Phase::AwaitingStock => "The payment is authorised, and the catalog has yet to confirm the stock.",
        Phase::AwaitingCapture => "The payment is being captured.",
        Phase::ReadyToFulfil => "Somebody has to send it off.",
        Phase::Cancelling => "The stock is still to be given back: the catalog has not confirmed it yet.",
        Phase::Cancelled if marks.authorized_at.is_some() && marks.returned_at.is_none() => {
            "The payment is still to be given back: the provider has not confirmed it yet."
        }
        Phase::Cancelled | Phase::Fulfilled => return None,
    };
    Some(Awaiting { what, until: None })
}
