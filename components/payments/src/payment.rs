//! A payment: where its money is, where it is to go, and which call of the provider takes it there. Pure.
//!
//! ```text
//! requested ──authorize──▶ authorized ──capture──▶ captured ──refund──▶ refunded
//!     │  │                    │    └────void────▶ voided
//!     │  └──────void──────────┼─────────────────────▲
//!     └──────────▶ declined ◀─┘
//! ```
//!
//! Others only ever set the goal: authorise, then capture, then give back, and never the other way. Which call comes next follows from
//! status and goal alone, so that whoever comes upon a payment, after whatever crash, goes on with it in the same way.

use serde::Serialize;
use spindle_contracts::{Money, OrderId, PaymentId, Timestamp, UserId};

/// A payment as stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) order_id: OrderId,
    pub(crate) user_id: UserId,
    pub(crate) amount: Money,
    pub(crate) status: Status,
    pub(crate) goal: Goal,
    pub(crate) provider: String,
    /// What the provider calls it. One that is requested and has a reference waits for the provider's word.
    pub(crate) provider_reference: Option<String>,
    pub(crate) decline_reason: Option<String>,
    pub(crate) version: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Where the money is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// With the payer. The provider was asked, and has not said yes or no.
    Requested,
    /// Set aside.
    Authorized,
    /// With us.
    Captured,
    /// With the payer, because the provider says no.
    Declined,
    /// With the payer again.
    Refunded,
    /// With the payer, because it is no longer wanted.
    Voided,
}

/// What is to become of the money. A later goal replaces an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Goal {
    /// It is to be set aside.
    Authorize,
    /// It is to be taken.
    Capture,
    /// Whatever was set aside or taken is to be given back.
    Return,
}

/// What a provider can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Authorize,
    Capture,
    Void,
    Refund,
}

/// What came of asking the provider, if it has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The money is set aside, under this reference.
    Authorized(String),
    /// The provider will tell, under this reference.
    Pending(String),
    /// It was done.
    Done,
    /// It will not be done, for this reason, which the payer may read.
    Refused(String),
}

/// What there is to tell others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Authorized,
    Declined,
    Captured,
    Voided,
    Refunded,
}

/// What is known of a payment before there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    pub(crate) order_id: OrderId,
    pub(crate) user_id: UserId,
    pub(crate) amount: Money,
}

/// Why a payment cannot go on by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stuck {
    /// The provider does not give the money back.
    #[error("the provider refuses to {}: {reason}", .operation.name())]
    Refused { operation: Operation, reason: String },
    /// Somebody speaks of another payment than we do.
    #[error("the provider's reference is another one")]
    OtherReference,
}

impl Draft {
    /// A payment that is to be authorised.
    pub(crate) fn requested(self, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        self.at(Status::Requested, Goal::Authorize, id, provider, now)
    }

    /// A payment of an order that was cancelled before it asked to be paid: it keeps anything from ever being authorised for it.
    pub(crate) fn never_wanted(self, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        self.at(Status::Voided, Goal::Return, id, provider, now)
    }

    fn at(self, status: Status, goal: Goal, id: PaymentId, provider: String, now: Timestamp) -> Payment {
        let Self { order_id, user_id, amount } = self;
        Payment {
            id,
            order_id,
            user_id,
            amount,
            status,
            goal,
            provider,
            provider_reference: None,
            decline_reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl Payment {
    /// The call that comes next, if there is one. What is not known to be authorised or not is asked again, also if it is no longer
    /// wanted: an earlier call may have succeeded unheard.
    pub(crate) fn due(&self) -> Option<Operation> {
        match (self.status, self.goal) {
            (Status::Requested, _) if self.provider_reference.is_none() => Some(Operation::Authorize),
            (Status::Requested | Status::Authorized, Goal::Return) => Some(Operation::Void),
            (Status::Authorized, Goal::Capture) => Some(Operation::Capture),
            (Status::Captured, Goal::Return) => Some(Operation::Refund),
            _ => None,
        }
    }

    /// Moves the goal on. It never goes back.
    pub(crate) fn aim(&mut self, goal: Goal) {
        self.goal = self.goal.max(goal);
    }

    /// Takes what came of `operation`. If the payment has moved on meanwhile, nothing changes.
    ///
    /// # Errors
    ///
    /// [`Stuck::Refused`] if money cannot be given back.
    pub(crate) fn take(&mut self, operation: Operation, outcome: Outcome) -> Result<Option<Fact>, Stuck> {
        use {Operation as Op, Outcome as Out, Status as Is};
        match (operation, outcome, self.status) {
            (Op::Authorize, Out::Authorized(reference), Is::Requested) => Ok(self.authorized(reference)),
            (Op::Authorize, Out::Pending(reference), Is::Requested) => {
                self.provider_reference = Some(reference);
                Ok(None)
            }
            (Op::Authorize, Out::Refused(reason), Is::Requested) => Ok(Some(self.declined(reason))),
            (Op::Capture, Out::Done, Is::Authorized) => Ok(Some(self.become_now(Is::Captured, Fact::Captured))),
            // It is set aside still, and on its way back.
            (Op::Capture, Out::Refused(_), Is::Authorized) if self.goal == Goal::Return => Ok(None),
            (Op::Capture, Out::Refused(reason), Is::Authorized) => Ok(Some(self.declined(reason))),
            (Op::Void, Out::Done, Is::Requested | Is::Authorized) => {
                Ok(Some(self.become_now(Is::Voided, Fact::Voided)))
            }
            (Op::Void, Out::Refused(reason), Is::Requested | Is::Authorized)
            | (Op::Refund, Out::Refused(reason), Is::Captured) => Err(Stuck::Refused { operation, reason }),
            (Op::Refund, Out::Done, Is::Captured) => Ok(Some(self.become_now(Is::Refunded, Fact::Refunded))),
            _ => Ok(None),
        }
    }

    /// Takes what the provider tells by itself of an authorisation: that there is one, or the reason why there is none. If that is known
    /// already, nothing changes.
    ///
    /// # Errors
    ///
    /// [`Stuck::OtherReference`] if it tells of something else.
    pub(crate) fn hear(&mut self, reference: String, refusal: Option<String>) -> Result<Option<Fact>, Stuck> {
        if self.provider_reference.as_ref().is_some_and(|own| *own != reference) {
            return Err(Stuck::OtherReference);
        }
        match (self.status, refusal) {
            (Status::Requested, None) => Ok(self.authorized(reference)),
            (Status::Requested, Some(reason)) => {
                self.provider_reference = Some(reference);
                Ok(Some(self.declined(reason)))
            }
            _ => Ok(None),
        }
    }

    /// Nobody is told of an authorisation that is given back at once.
    fn authorized(&mut self, reference: String) -> Option<Fact> {
        self.provider_reference = Some(reference);
        self.status = Status::Authorized;
        (self.goal != Goal::Return).then_some(Fact::Authorized)
    }

    fn declined(&mut self, reason: String) -> Fact {
        self.decline_reason = Some(reason);
        self.become_now(Status::Declined, Fact::Declined)
    }

    fn become_now(&mut self, status: Status, fact: Fact) -> Fact {
        self.status = status;
        fact
    }
}

/// Declares the names under which the variants of an enum are stored and called.
macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Its name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one with this name.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
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
names!(Goal { Authorize = "authorize", Capture = "capture", Return = "return" });

impl Operation {
    /// Its name: in the provider's idempotency keys, and as it is stored.
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
