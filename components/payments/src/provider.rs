//! Asking the payment provider. As a component it is imported through `spindle:payments/provider`; natively a test says what it answers.

#![cfg_attr(not(any(test, target_family = "wasm")), expect(dead_code, reason = "natively only a test has a provider"))]

#[cfg(not(target_family = "wasm"))]
#[path = "provider/native.rs"]
mod backend;
#[cfg(target_family = "wasm")]
#[path = "provider/component.rs"]
mod backend;

#[cfg(test)]
pub(crate) use backend::answer_with;

use crate::payment::{Operation, Outcome, Payment};

/// The variable with the provider's name: which one the component is composed with, as payments and paths call it.
pub(crate) const NAME: &str = "payment_provider";

/// The reason for the payer where the provider has none that is meant for them.
const REFUSED: &str = "the payment provider cannot carry this out";

/// The longest text of the provider's that is kept, in characters.
const MAX_TEXT: usize = 255;

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
    pub(crate) async fn make(&self) -> Answer {
        backend::make(self).await.shortened()
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

    /// The same without what is too much of its text.
    fn shortened(mut self) -> Self {
        match &mut self {
            Self::Done => {}
            Self::Authorized(text)
            | Self::Pending(text)
            | Self::Declined(text)
            | Self::Retryable(text)
            | Self::Permanent(text)
            | Self::Other(text) => {
                if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
                    text.truncate(end);
                }
            }
        }
        self
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

    #[test]
    fn a_provider_that_talks_too_much_is_cut_short() {
        assert_eq!(Answer::Other("é".repeat(300)).shortened(), Answer::Other("é".repeat(255)));
        assert_eq!(Answer::Other("é".repeat(255)).shortened(), Answer::Other("é".repeat(255)));
    }
}
