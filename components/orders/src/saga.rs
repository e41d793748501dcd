//! The saga of an order: its phases, the events that can happen to it, and the transition that each event causes. Pure, and the only place
//! that decides.
//!
//! docs/saga.md draws this state machine, and a test compares the drawing with [`step`]. Another test follows every path to a cancelled order,
//! and checks that each action on it is compensated.

use spindle_contracts::event::CancelReason;

/// The phase of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// The stock is reserved, and the payment is requested.
    AwaitingPayment,
    /// The payment is authorised, and the catalog has not committed the stock yet.
    AwaitingStock,
    /// The stock is committed, and the payment is not captured yet.
    AwaitingCapture,
    /// The payment is captured: the order is ready to ship.
    ReadyToFulfil,
    /// The order was shipped.
    Fulfilled,
    /// The order is cancelled, and the catalog has not released the stock yet.
    Cancelling,
    /// The order is cancelled, and its stock is released.
    Cancelled,
}

/// An event that can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OrderEvent {
    /// The provider authorised the payment.
    PaymentAuthorized,
    /// The provider declined the payment, or its capture.
    PaymentDeclined,
    /// The provider captured the payment.
    PaymentCaptured,
    /// The authorisation was voided.
    PaymentVoided,
    /// The captured payment was refunded.
    PaymentRefunded,
    /// The time for the payment is over without a decision.
    PaymentOverdue,
    /// The catalog committed the stock.
    StockCommitted,
    /// The catalog could not commit the stock: it was no longer reserved.
    StockGone,
    /// The catalog released the stock: it can be sold again.
    StockReleased,
    /// The customer or an operator asked to cancel the order.
    CancelRequested,
    /// An operator reported that the order was shipped.
    FulfilRequested,
    /// An operator asked to refund the payment of an order that was not shipped. Payments asks before it accepts the refund.
    RefundRequested,
}

/// An action of the saga, or the compensation of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// Reserve the stock and write the order: the event `OrderCreated`. Compensated by [`ReleaseStock`](Self::ReleaseStock).
    Place,
    /// Request the payment: the event `PaymentRequested`. Compensated by [`PublishCancelled`](Self::PublishCancelled).
    RequestPayment,
    /// Commit the stock in the catalog. Compensated by [`ReleaseStock`](Self::ReleaseStock).
    CommitStock,
    /// Publish that the order is paid, so that payments captures: the event `OrderPaid`. Compensated by
    /// [`PublishCancelled`](Self::PublishCancelled).
    PublishPaid,
    /// Publish that the order was shipped: the event `OrderFulfilled`.
    PublishFulfilled,
    /// Take the stock off the shelf in the catalog.
    ShipStock,
    /// Release the stock in the catalog, reserved or committed.
    ReleaseStock,
    /// Publish that the order is cancelled, so that payments voids or refunds: the event `OrderCancelled`.
    PublishCancelled,
}

/// The result of an event in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The order enters this phase, and these actions follow.
    To(Phase, &'static [Action]),
    /// The order stays in its phase: the event is a duplicate, or no longer matters.
    Stay,
    /// The event is not possible in this phase, for this reason.
    Refuse(&'static str),
}

/// The actions that place an order, which begins in [`Phase::AwaitingPayment`].
pub(crate) const START: [Action; 2] = [Action::Place, Action::RequestPayment];

/// The step of every cancellation, in any phase: its actions have no effect where there is nothing to compensate.
const CANCEL: Step = Step::To(Phase::Cancelling, &[Action::PublishCancelled, Action::ReleaseStock]);

/// Returns the step of an order in `phase` when `event` happens.
pub(crate) fn step(phase: Phase, event: OrderEvent) -> Step {
    use OrderEvent as E;
    use Phase as P;
    match (phase, event) {
        // Forward.
        (P::AwaitingPayment, E::PaymentAuthorized) => Step::To(P::AwaitingStock, &[Action::CommitStock]),
        (P::AwaitingStock, E::StockCommitted) => Step::To(P::AwaitingCapture, &[Action::PublishPaid]),
        (P::AwaitingCapture, E::PaymentCaptured) => Step::To(P::ReadyToFulfil, &[]),
        (P::ReadyToFulfil, E::FulfilRequested) => {
            Step::To(P::Fulfilled, &[Action::PublishFulfilled, Action::ShipStock])
        }

        // Backward.
        (P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil, E::CancelRequested)
        | (P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture, E::PaymentDeclined | E::PaymentVoided)
        | (P::AwaitingPayment, E::PaymentOverdue)
        | (P::AwaitingStock, E::StockGone)
        | (P::AwaitingCapture | P::ReadyToFulfil, E::PaymentRefunded | E::RefundRequested) => CANCEL,
        (P::Cancelling, E::StockReleased) => Step::To(P::Cancelled, &[]),

        // A cancelled order stays cancelled: payments voids or refunds by itself a payment that was authorised before it received the cancellation.
        (P::Cancelling | P::Cancelled, E::FulfilRequested) => Step::Refuse("The order was cancelled."),
        (P::Cancelling | P::Cancelled, _) => Step::Stay,

        // Duplicates.
        (P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, E::PaymentAuthorized)
        | (P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, E::StockCommitted)
        | (P::ReadyToFulfil | P::Fulfilled, E::PaymentCaptured)
        | (P::Fulfilled, E::FulfilRequested) => Step::Stay,
        // The payment came in time; and a refund after shipping is a matter between the merchant and the customer.
        (P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, E::PaymentOverdue)
        | (P::Fulfilled, E::PaymentRefunded) => Step::Stay,

        // Too early or too late.
        (P::AwaitingPayment | P::AwaitingStock, E::FulfilRequested | E::RefundRequested) => {
            Step::Refuse("The order is not paid yet.")
        }
        (P::AwaitingCapture, E::FulfilRequested) => Step::Refuse("The payment is not captured yet."),
        (P::Fulfilled, E::CancelRequested) => Step::Refuse("The order was shipped already."),
        (P::Fulfilled, E::RefundRequested) => {
            Step::Refuse("The order was shipped. To refund it all the same, send the body {\"shipped\": true}.")
        }

        // Impossible.
        (P::AwaitingPayment | P::AwaitingStock, E::PaymentCaptured | E::PaymentRefunded) => {
            Step::Refuse("A payment is not captured or refunded before the order is paid.")
        }
        (P::ReadyToFulfil | P::Fulfilled, E::PaymentDeclined | E::PaymentVoided) => {
            Step::Refuse("The payment was captured already.")
        }
        (P::AwaitingPayment, E::StockCommitted | E::StockGone) => {
            Step::Refuse("The stock is not committed before the payment is authorised.")
        }
        (P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled, E::StockGone) => {
            Step::Refuse("The stock was committed already.")
        }
        (
            P::AwaitingPayment | P::AwaitingStock | P::AwaitingCapture | P::ReadyToFulfil | P::Fulfilled,
            E::StockReleased,
        ) => Step::Refuse("The stock is only released for a cancelled order."),
    }
}

impl OrderEvent {
    /// Returns the reason of a cancellation that this event causes; `None` if the event cancels no order.
    pub(crate) fn cancel_reason(self) -> Option<CancelReason> {
        match self {
            Self::CancelRequested => Some(CancelReason::Requested),
            Self::PaymentDeclined | Self::PaymentVoided => Some(CancelReason::PaymentDeclined),
            Self::PaymentOverdue => Some(CancelReason::PaymentTimeout),
            Self::StockGone => Some(CancelReason::StockGone),
            Self::PaymentRefunded | Self::RefundRequested => Some(CancelReason::PaymentRefunded),
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
