//! The course of an order: every phase that it can be in, all that can happen, and what comes of it. Pure, and the only place that knows.
//!
//! docs/saga.md draws it, and a test holds the drawing against [`step`]. Another test walks every way to a cancelled order, and finds
//! everything undone that was done on it.

use spindle_contracts::event::CancelReason;

/// Where an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Its stock is held, and its payment was asked for.
    AwaitingPayment,
    /// Its payment is authorised, and the catalog has yet to let go of the stock.
    AwaitingStock,
    /// Its stock is its own, and its payment has yet to be captured.
    AwaitingCapture,
    /// Everything is there, and somebody has to send it off.
    ReadyToFulfil,
    /// It was sent off.
    Fulfilled,
    /// It came to nothing, and the catalog has yet to take back the stock.
    Cancelling,
    /// It came to nothing, and holds nothing.
    Cancelled,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Happening {
    /// The money is set aside.
    PaymentAuthorized,
    /// There will be no money.
    PaymentDeclined,
    /// The money was taken.
    PaymentCaptured,
    /// The money is set aside no longer.
    PaymentVoided,
    /// The money was given back.
    PaymentRefunded,
    /// Nobody answered for the payment in time.
    PaymentOverdue,
    /// The stock has left the warehouse for this order.
    StockCommitted,
    /// The stock was no longer held.
    StockGone,
    /// The stock can be sold to others again.
    StockReleased,
    /// Its owner or an operator wishes it cancelled.
    CancelRequested,
    /// An operator says that it was sent off.
    FulfilRequested,
}

/// What is done for an order, and what undoes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// Have the catalog hold the stock, and write the order: the event `OrderCreated`. Undone by [`ReleaseStock`](Self::ReleaseStock).
    Place,
    /// Ask payments for the money: the event `PaymentRequested`. Undone by [`TellCancelled`](Self::TellCancelled).
    RequestPayment,
    /// Ask the catalog to take the stock out of the warehouse. Undone by [`ReleaseStock`](Self::ReleaseStock).
    CommitStock,
    /// Tell that it is paid, so that the money is captured: the event `OrderPaid`. Undone by [`TellCancelled`](Self::TellCancelled).
    TellPaid,
    /// Tell that it was sent off: the event `OrderFulfilled`.
    TellFulfilled,
    /// Ask the catalog to take back the stock, held or committed.
    ReleaseStock,
    /// Tell that it came to nothing, so that payments voids or refunds: the event `OrderCancelled`.
    TellCancelled,
}

/// What comes of something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The order goes to that phase, and these actions follow.
    To(Phase, &'static [Action]),
    /// The order stays where it is: this has happened before, or does not matter any more.
    Stay,
    /// This cannot be, and why.
    Refuse(&'static str),
}

/// How an order begins, in [`Phase::AwaitingPayment`].
pub(crate) const START: [Action; 2] = [Action::Place, Action::RequestPayment];

/// What every cancellation does, whatever was done before: its actions bear being done for nothing.
const CANCEL: Step = Step::To(Phase::Cancelling, &[Action::TellCancelled, Action::ReleaseStock]);

/// What comes of `happening` for an order in `phase`.
pub(crate) fn step(phase: Phase, happening: Happening) -> Step {
    use Happening as H;
    use Phase as P;
    match (phase, happening) {
        // Onwards.
        (P::AwaitingPayment, H::PaymentAuthorized) => Step::To(P::AwaitingStock, &[Action::CommitStock]),
        (P::AwaitingStock, H::StockCommitted) => Step::To(P::AwaitingCapture, &[Action::TellPaid]),
        (P::AwaitingCapture, H::PaymentCaptured) => Step::To(P::ReadyToFulfil, &[]),
        (P::ReadyToFulfil, H::FulfilRequested) => Step::To(P::Fulfilled, &[Action::TellFulfilled]),

        // And back.
        (P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil, H::CancelRequested)
        | (P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture, H::PaymentDeclined | H::PaymentVoided)
        | (P::AwaitingPayment, H::PaymentOverdue)
        | (P::AwaitingStock, H::StockGone)
        | (P::AwaitingCapture | P::ReadyToFulfil, H::PaymentRefunded) => CANCEL,
        (P::Cancelling, H::StockReleased) => Step::To(P::Cancelled, &[]),

        // A cancelled order stays cancelled: what payments had not heard of that yet, it gives back by itself.
        (P::Cancelling | P::Cancelled, H::FulfilRequested) => Step::Refuse("The order was cancelled."),
        (P::Cancelling | P::Cancelled, _) => Step::Stay,

        // What has happened already.
        (P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, H::PaymentAuthorized)
        | (P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, H::StockCommitted)
        | (P::ReadyToFulfil | P::Fulfilled, H::PaymentCaptured)
        | (P::Fulfilled, H::FulfilRequested) => Step::Stay,
        // The payment was there in time, and what was given back after all is between the shop and its customer.
        (P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, H::PaymentOverdue)
        | (P::Fulfilled, H::PaymentRefunded) => Step::Stay,

        // What has to wait.
        (P::AwaitingPayment | P::AwaitingStock, H::FulfilRequested) => Step::Refuse("The order is not paid yet."),
        (P::AwaitingCapture, H::FulfilRequested) => Step::Refuse("The payment is not captured yet."),
        (P::Fulfilled, H::CancelRequested) => Step::Refuse("The order was sent off already."),

        // What cannot be.
        (P::AwaitingPayment | P::AwaitingStock, H::PaymentCaptured | H::PaymentRefunded) => {
            Step::Refuse("There is no money to be taken or given back before the order is paid.")
        }
        (P::ReadyToFulfil | P::Fulfilled, H::PaymentDeclined | H::PaymentVoided) => {
            Step::Refuse("The payment was captured already.")
        }
        (P::AwaitingPayment, H::StockCommitted | H::StockGone) => {
            Step::Refuse("The stock is not taken before the payment is authorised.")
        }
        (P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, H::StockGone) => {
            Step::Refuse("The stock was taken already.")
        }
        (
            P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled,
            H::StockReleased,
        ) => Step::Refuse("The stock is only given back for an order that was cancelled."),
    }
}

impl Happening {
    /// Why an order is cancelled if this is what cancels it.
    pub(crate) fn cancel_reason(self) -> Option<CancelReason> {
        match self {
            Self::CancelRequested => Some(CancelReason::Requested),
            Self::PaymentDeclined | Self::PaymentVoided => Some(CancelReason::PaymentDeclined),
            Self::PaymentOverdue => Some(CancelReason::PaymentTimeout),
            Self::StockGone => Some(CancelReason::StockGone),
            Self::PaymentRefunded => Some(CancelReason::PaymentRefunded),
            Self::PaymentAuthorized
            | Self::PaymentCaptured
            | Self::StockCommitted
            | Self::StockReleased
            | Self::FulfilRequested => None,
        }
    }
}

#[cfg(test)]
mod tests;
