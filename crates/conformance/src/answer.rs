//! What a provider answered, in words that all interfaces share.

use crate::bindings::notify::exports::spindle::notify::provider as notify;
use crate::bindings::payments::exports::spindle::payments::provider as payments;
use crate::bindings::pricing::exports::spindle::pricing::adjuster as pricing;

/// What comes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It is not done, and is not tried again.
    Never,
    /// It is not done, and may be tried again.
    Later,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// As the interface calls it.
    pub(crate) word: &'static str,
    /// A reference, or why there is none.
    pub(crate) text: String,
    /// What changes in what a cart costs.
    pub(crate) adjustments: Vec<Adjustment>,
}

/// One adjustment of a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Adjustment {
    pub(crate) is_discount: bool,
    pub(crate) label: String,
    pub(crate) amount: i64,
}

impl Answer {
    fn new(outcome: Outcome, word: &'static str, text: String) -> Self {
        Self { outcome, word, text, adjustments: Vec::new() }
    }
}

impl From<Result<String, notify::Error>> for Answer {
    fn from(answer: Result<String, notify::Error>) -> Self {
        match answer {
            Ok(reference) => Self::new(Outcome::Done, "ok", reference),
            Err(notify::Error::Rejected(why)) => Self::new(Outcome::Never, "rejected", why),
            Err(notify::Error::Retryable(why)) => Self::new(Outcome::Later, "retryable", why),
            Err(notify::Error::Other(why)) => Self::new(Outcome::Later, "other", why),
        }
    }
}

impl From<Result<payments::Outcome, payments::Error>> for Answer {
    fn from(answer: Result<payments::Outcome, payments::Error>) -> Self {
        match answer {
            Ok(payments::Outcome::Authorized(reference)) => Self::new(Outcome::Done, "authorized", reference),
            Ok(payments::Outcome::Pending(reference)) => Self::new(Outcome::Done, "pending", reference),
            Err(error) => error.into(),
        }
    }
}

impl From<Result<(), payments::Error>> for Answer {
    fn from(answer: Result<(), payments::Error>) -> Self {
        match answer {
            Ok(()) => Self::new(Outcome::Done, "ok", String::new()),
            Err(error) => error.into(),
        }
    }
}

impl From<payments::Error> for Answer {
    fn from(error: payments::Error) -> Self {
        match error {
            payments::Error::Declined(why) => Self::new(Outcome::Never, "declined", why),
            payments::Error::Permanent(why) => Self::new(Outcome::Never, "permanent", why),
            payments::Error::Retryable(why) => Self::new(Outcome::Later, "retryable", why),
            payments::Error::Other(why) => Self::new(Outcome::Later, "other", why),
        }
    }
}

impl From<Result<Vec<pricing::Adjustment>, pricing::Error>> for Answer {
    fn from(answer: Result<Vec<pricing::Adjustment>, pricing::Error>) -> Self {
        match answer {
            Ok(adjustments) => {
                let adjustments = adjustments.into_iter().map(|adjustment| Adjustment {
                    is_discount: adjustment.kind == pricing::Kind::Discount,
                    label: adjustment.label,
                    amount: adjustment.amount,
                });
                Self { adjustments: adjustments.collect(), ..Self::new(Outcome::Done, "ok", String::new()) }
            }
            Err(pricing::Error::Refused(why)) => Self::new(Outcome::Never, "refused", why),
            Err(pricing::Error::Unavailable(why)) => Self::new(Outcome::Later, "unavailable", why),
            Err(pricing::Error::Other(why)) => Self::new(Outcome::Later, "other", why),
        }
    }
}
