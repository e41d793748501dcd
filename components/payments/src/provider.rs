//! Asking the payment provider, which is composed into the adapter `payment-provider`. What it does not answer in time and as agreed, it has
//! not answered: it is asked again.

use crate::payment::{Operation, Outcome, Payment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use spindle_contracts::provider::payments::{
    self, ADAPTER, AUTHORIZE, Authorization, AuthorizeResponse, CAPTURE, Error, REFUND, SettleResponse, Settlement,
    VOID,
};
use spindle_platform::Context;
use spindle_platform::log::Level;
use std::time::Duration;

/// The variable with the provider's name: which one the component is composed with, as payments and paths call it.
pub(crate) const NAME: &str = "payment_provider";

/// How long an answer is waited for: half as long again as the interface gives a provider, and less than a call is nobody else's.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The reason for the payer where the provider has none that is meant for them.
const REFUSED: &str = "the payment provider cannot carry this out";

/// A call of the provider.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) payment: Payment,
    /// The payer's token, for an authorisation.
    pub(crate) token: String,
    /// How often the operation was asked for, from 1.
    pub(crate) attempt: u32,
}

/// What the provider answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The money is set aside, under this reference.
    Authorized(String),
    /// It will tell, under this reference.
    Pending(String),
    /// It was done.
    Done,
    /// The payer cannot pay, and may read why.
    Declined(String),
    /// It may work later.
    Retryable(String),
    /// It will never work.
    Permanent(String),
    /// Anything else.
    Other(String),
}

impl Call {
    /// The same for each attempt: what was done is not done again.
    pub(crate) fn idempotency_key(&self) -> String {
        format!("{}:{}", self.payment.id, self.operation.name())
    }

    /// Makes the call.
    pub(crate) async fn make(&self, context: &Context) -> Answer {
        match self.operation {
            Operation::Authorize => self.ask::<AuthorizeResponse>(context, AUTHORIZE, &self.authorization()).await,
            Operation::Capture => self.ask::<SettleResponse>(context, CAPTURE, &self.settlement()).await,
            Operation::Void => self.ask::<SettleResponse>(context, VOID, &self.settlement()).await,
            Operation::Refund => self.ask::<SettleResponse>(context, REFUND, &self.settlement()).await,
        }
    }

    async fn ask<T: DeserializeOwned + Into<Answer>>(
        &self,
        context: &Context,
        path: &'static str,
        question: &impl Serialize,
    ) -> Answer {
        match context.client().call_provider::<T>(ADAPTER, path, question, TIMEOUT).await {
            Ok(answer) => answer.into(),
            Err(failure) => {
                let cause = failure.to_string();
                let fields = [
                    ("payment", self.payment.id.to_string().into()),
                    ("operation", self.operation.name().into()),
                    ("cause", cause.as_str().into()),
                ];
                context.log(Level::Warn, "the payment provider gave no answer", &fields);
                Answer::Retryable(cause)
            }
        }
    }

    fn authorization(&self) -> Authorization {
        Authorization {
            idempotency_key: self.idempotency_key(),
            payment_id: self.payment.id,
            order_id: self.payment.order_id,
            amount: self.payment.amount,
            token: self.token.clone(),
            attempt: self.attempt,
        }
    }

    fn settlement(&self) -> Settlement {
        Settlement {
            idempotency_key: self.idempotency_key(),
            payment_id: self.payment.id,
            reference: self.payment.provider_reference.clone().unwrap_or_default(),
            amount: self.payment.amount,
            attempt: self.attempt,
        }
    }
}

impl Answer {
    /// Its name, as it is stored.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Authorized(_) => "authorized",
            Self::Pending(_) => "pending",
            Self::Done => "done",
            Self::Declined(_) => "declined",
            Self::Retryable(_) => "retryable",
            Self::Permanent(_) => "permanent",
            Self::Other(_) => "other",
        }
    }

    /// What it says besides.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Authorized(text)
            | Self::Pending(text)
            | Self::Declined(text)
            | Self::Retryable(text)
            | Self::Permanent(text)
            | Self::Other(text) => Some(text),
        }
    }

    /// What it means for the payment; nothing if it is to be asked again.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Authorized(reference) => Some(Outcome::Authorized(reference.clone())),
            Self::Pending(reference) => Some(Outcome::Pending(reference.clone())),
            Self::Done => Some(Outcome::Done),
            Self::Declined(reason) => Some(Outcome::Refused(reason.clone())),
            Self::Permanent(_) => Some(Outcome::Refused(REFUSED.to_owned())),
            Self::Retryable(_) | Self::Other(_) => None,
        }
    }
}

impl From<AuthorizeResponse> for Answer {
    fn from(answer: AuthorizeResponse) -> Self {
        match answer {
            AuthorizeResponse::Ok(payments::AuthorizationOutcome::Authorized(reference)) => Self::Authorized(reference),
            AuthorizeResponse::Ok(payments::AuthorizationOutcome::Pending(reference)) => Self::Pending(reference),
            AuthorizeResponse::Error(error) => error.into(),
        }
    }
}

impl From<SettleResponse> for Answer {
    fn from(answer: SettleResponse) -> Self {
        match answer {
            SettleResponse::Ok(()) => Self::Done,
            SettleResponse::Error(error) => error.into(),
        }
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        match error {
            Error::Declined(reason) => Self::Declined(reason),
            Error::Retryable(detail) => Self::Retryable(detail),
            Error::Permanent(detail) => Self::Permanent(detail),
            Error::Other(detail) => Self::Other(detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::payment::Outcome;

    #[test]
    fn what_is_not_decided_has_no_outcome() {
        let text = || "x".to_owned();
        let refused = |reason: &str| Some(Outcome::Refused(reason.to_owned()));
        for (answer, outcome) in [
            (Answer::Authorized(text()), Some(Outcome::Authorized(text()))),
            (Answer::Pending(text()), Some(Outcome::Pending(text()))),
            (Answer::Done, Some(Outcome::Done)),
            (Answer::Declined(text()), refused("x")),
            // What was meant for a log is not for the payer.
            (Answer::Permanent(text()), refused("the payment provider cannot carry this out")),
            (Answer::Retryable(text()), None),
            (Answer::Other(text()), None),
        ] {
            assert_eq!(answer.outcome(), outcome, "{answer:?}");
        }
    }
}
