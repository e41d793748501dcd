//! A payment: where its money is, which state it is to reach, and which call of the provider comes next. Pure.
//!
//! ```text
//! requested ──authorize──▶ authorized ──capture──▶ captured ──refund──▶ refunded
//!     │  │                    │    └────void────▶ voided
//!     │  └──────void──────────┼─────────────────────▲
//!     └──────────▶ declined ◀─┘
//! ```
//!
//! Callers only set the target state: authorised, then captured, then returned, and never back. The next call follows from status, target
//! and the result of the last call alone, so an instance that finds a payment after any crash continues it in the same way.
//!
//! An operation whose result is unknown is asked again under its own idempotency key before any other: a void of money that an unanswered
//! capture has taken returns nothing.

use deserr::Deserr;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::event::DeclineCode;
use spindle_contracts::{InputErrors, Money, OrderId, PaymentId, Timestamp, UserId};

/// A payment as stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) order_id: OrderId,
    pub(crate) user_id: UserId,
    pub(crate) amount: Money,
    pub(crate) status: Status,
    /// The state to reach: the column `goal`.
    pub(crate) target: TargetState,
    pub(crate) provider: String,
    /// The provider's name for the payment. A requested payment that has one is pending: the provider decides later.
    pub(crate) provider_reference: Option<String>,
    /// Why the provider declined, if it did.
    pub(crate) decline: Option<Decline>,
    /// The operation of the last call if its result is unknown: the call is in progress, its response was lost, or it failed in a way that does
    /// not tell whether the provider has carried it out.
    pub(crate) unresolved: Option<Operation>,
    /// The number of calls of the provider, and the number of those that are over. The payment itself does not depend on them.
    pub(crate) attempts: u32,
    pub(crate) ended_attempts: u32,
    /// The error of the last call, if it failed.
    pub(crate) last_error: Option<String>,
    pub(crate) version: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Why a payment was declined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decline {
    /// Who declined.
    pub(crate) code: DeclineCode,
    /// The reason as the provider states it, for the payer to read; `None` once the user is erased.
    pub(crate) reason: Option<String>,
}

/// The place of the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = InputErrors, rename_all = lowercase)]
#[schemars(rename = "PaymentStatus")]
pub(crate) enum Status {
    /// With the payer. The provider was called, and has neither authorised nor declined.
    Requested,
    /// Set aside.
    Authorized,
    /// With the shop.
    Captured,
    /// With the payer, because the provider declined.
    Declined,
    /// With the payer again.
    Refunded,
    /// With the payer, because the payment is no longer wanted.
    Voided,
}

/// The state that a payment is to reach. A later target replaces an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetState {
    /// The money is set aside.
    Authorized,
    /// The money is with the shop.
    Captured,
    /// The money is with the payer: an authorisation is voided, a capture refunded.
    Returned,
}

/// An operation of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PaymentOperation")]
pub(crate) enum Operation {
    /// Sets the money aside.
    Authorize,
    /// Takes the money that is set aside.
    Capture,
    /// Returns the money that is set aside.
    Void,
    /// Returns the money that was taken.
    Refund,
}

/// The outcome of an operation that the provider carried out or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OperationOutcome {
    /// The money is set aside, under this reference.
    Authorized(String),
    /// The provider decides later, under this reference.
    Pending(String),
    /// The money was captured, voided or refunded.
    Done,
    /// The provider will not do it, for this reason, which the payer may read.
    Refused(DeclineCode, String),
}

/// A domain event about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentEvent {
    Authorized,
    Declined,
    Captured,
    Voided,
    Refunded,
}

/// The data of a payment that does not exist yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPayment {
    pub(crate) order_id: OrderId,
    pub(crate) user_id: UserId,
    pub(crate) amount: Money,
}

/// The reason why a payment needs an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unrecoverable {
    /// The provider refuses to return the money.
    #[error("the provider refuses to {}: {reason}", .operation.name())]
    Refused { operation: Operation, reason: String },
    /// A webhook has another reference than the payment.
    #[error("the webhook's reference is not the payment's reference")]
    ReferenceMismatch,
}

impl NewPayment {
    /// Returns a payment that is to be authorised.
    pub(crate) fn requested(self, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        self.with(Status::Requested, TargetState::Authorized, id, provider, now)
    }

    /// Returns a voided payment, for an order that was cancelled before its payment was requested. It prevents any later authorisation for
    /// the order.
    pub(crate) fn cancelled_before_request(self, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        self.with(Status::Voided, TargetState::Returned, id, provider, now)
    }

    fn with(self, status: Status, target: TargetState, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        let Self { order_id, user_id, amount } = self;
        Payment {
            id,
            order_id,
            user_id,
            amount,
            status,
            target,
            provider,
            provider_reference: None,
            decline: None,
            unresolved: None,
            attempts: 0,
            ended_attempts: 0,
            last_error: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl Payment {
    /// Returns the number of changes of what clients read: of the payment, and of the calls of the provider for it.
    pub(crate) fn revision(&self) -> u64 {
        self.version + u64::from(self.attempts) + u64::from(self.ended_attempts)
    }

    /// Returns the next call of the provider; `None` if none is due. An operation whose result is unknown is due again, also if the money is
    /// no longer wanted: the earlier call may have succeeded although its response was lost.
    pub(crate) fn due(&self) -> Option<Operation> {
        match (self.status, self.target) {
            (Status::Requested, _) if self.provider_reference.is_none() => Some(Operation::Authorize),
            (Status::Authorized, TargetState::Returned) if self.unresolved == Some(Operation::Capture) => {
                Some(Operation::Capture)
            }
            (Status::Requested | Status::Authorized, TargetState::Returned) => Some(Operation::Void),
            (Status::Authorized, TargetState::Captured) => Some(Operation::Capture),
            (Status::Captured, TargetState::Returned) => Some(Operation::Refund),
            _ => None,
        }
    }

    /// Sets the target state, unless the payment has a later one, and returns the event to publish: a payment for which the provider was never
    /// called is voided without a call.
    #[must_use = "publish the event"]
    pub(crate) fn set_target(&mut self, target: TargetState) -> Option<PaymentEvent> {
        self.target = self.target.max(target);
        let was_called = self.provider_reference.is_some() || self.unresolved.is_some();
        let is_over = self.status == Status::Requested && self.target == TargetState::Returned && !was_called;
        is_over.then(|| self.transition(Status::Voided, PaymentEvent::Voided))
    }

    /// Applies the outcome of `operation`, whose call is over, and returns the event to publish. If the payment has changed in the meantime,
    /// nothing else changes.
    ///
    /// # Errors
    ///
    /// [`Unrecoverable::Refused`] if the provider refuses to return money.
    pub(crate) fn apply_result(
        &mut self,
        operation: Operation,
        outcome: OperationOutcome,
    ) -> Result<Option<PaymentEvent>, Unrecoverable> {
        use {Operation as Op, OperationOutcome as Out, PaymentEvent as Event, Status as Is};
        match (operation, outcome, self.status) {
            (Op::Authorize, Out::Authorized(reference), Is::Requested) => Ok(self.authorize(reference)),
            (Op::Authorize, Out::Pending(reference), Is::Requested) => {
                self.provider_reference = Some(reference);
                Ok(None)
            }
            (Op::Authorize, Out::Refused(code, reason), Is::Requested) => Ok(Some(self.decline(code, reason))),
            (Op::Capture, Out::Done, Is::Authorized) => Ok(Some(self.transition(Is::Captured, Event::Captured))),
            // The provider says that it has not captured: the money is still set aside, and the void is due next.
            (Op::Capture, Out::Refused(..), Is::Authorized) if self.target == TargetState::Returned => Ok(None),
            (Op::Capture, Out::Refused(code, reason), Is::Authorized) => Ok(Some(self.decline(code, reason))),
            (Op::Void, Out::Done, Is::Requested | Is::Authorized) => {
                Ok(Some(self.transition(Is::Voided, Event::Voided)))
            }
            (Op::Void, Out::Refused(_, reason), Is::Requested | Is::Authorized)
            | (Op::Refund, Out::Refused(_, reason), Is::Captured) => Err(Unrecoverable::Refused { operation, reason }),
            (Op::Refund, Out::Done, Is::Captured) => Ok(Some(self.transition(Is::Refunded, Event::Refunded))),
            _ => Ok(None),
        }
    }

    /// Applies a webhook: the provider has authorised a pending payment, or declined it for the reason `refusal`. Returns the event to
    /// publish. If the decision is known already, nothing changes.
    ///
    /// # Errors
    ///
    /// [`Unrecoverable::ReferenceMismatch`] if the payment has another reference.
    pub(crate) fn apply_webhook(
        &mut self,
        reference: String,
        refusal: Option<String>,
    ) -> Result<Option<PaymentEvent>, Unrecoverable> {
        if self.provider_reference.as_ref().is_some_and(|known| *known != reference) {
            return Err(Unrecoverable::ReferenceMismatch);
        }
        match (self.status, refusal) {
            (Status::Requested, None) => Ok(self.authorize(reference)),
            (Status::Requested, Some(reason)) => {
                self.provider_reference = Some(reference);
                Ok(Some(self.decline(DeclineCode::Declined, reason)))
            }
            _ => Ok(None),
        }
    }

    /// Marks the payment as authorised. Returns no event if the authorisation is voided at once.
    fn authorize(&mut self, reference: String) -> Option<PaymentEvent> {
        self.provider_reference = Some(reference);
        self.status = Status::Authorized;
        (self.target != TargetState::Returned).then_some(PaymentEvent::Authorized)
    }

    fn decline(&mut self, code: DeclineCode, reason: String) -> PaymentEvent {
        self.decline = Some(Decline { code, reason: Some(reason) });
        self.transition(Status::Declined, PaymentEvent::Declined)
    }

    fn transition(&mut self, status: Status, event: PaymentEvent) -> PaymentEvent {
        self.status = status;
        event
    }
}

/// Declares the names under which the variants of an enum are stored.
macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every variant.
            pub(crate) const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Returns the stored name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Returns the variant with this stored name.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|variant| variant.name() == name)
            }
        }
    };
}

names!(Status {
    Requested = "requested",
    Authorized = "authorized",
    Captured = "captured",
    Declined = "declined",
    Refunded = "refunded",
    Voided = "voided",
});
names!(TargetState { Authorized = "authorize", Captured = "capture", Returned = "return" });

impl Operation {
    const ALL: [Self; 4] = [Self::Authorize, Self::Capture, Self::Void, Self::Refund];

    /// Returns the operation with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Returns the name in the provider's idempotency keys and in the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }
}

#[cfg(test)]
mod tests;
