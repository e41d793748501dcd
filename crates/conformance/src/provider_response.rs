//! The response of a provider, in terms that all interfaces share.

use crate::bindings::notify::exports::spindle::notify::provider as notify;
use crate::bindings::payments::exports::spindle::payments::provider as payments;
use crate::bindings::pricing::exports::spindle::pricing::adjuster as pricing;

/// The class of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseClass {
    /// The request was carried out.
    Success,
    /// The request was not carried out and is not retried.
    Permanent,
    /// The request was not carried out and may be retried.
    Retryable,
}

/// The response of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderResponse {
    pub(crate) class: ResponseClass,
    /// The name of the case in the interface.
    pub(crate) word: &'static str,
    /// The reference, or the reason of the error.
    pub(crate) text: String,
    /// The adjustments of a cart's price.
    pub(crate) adjustments: Vec<Adjustment>,
}

/// An adjustment of a cart's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Adjustment {
    pub(crate) is_discount: bool,
    pub(crate) label: String,
    pub(crate) amount: i64,
}

impl ProviderResponse {
    fn new(class: ResponseClass, word: &'static str, text: String) -> Self {
        Self { class, word, text, adjustments: Vec::new() }
    }
}

impl From<Result<String, notify::Error>> for ProviderResponse {
    fn from(response: Result<String, notify::Error>) -> Self {
        match response {
            Ok(reference) => Self::new(ResponseClass::Success, "ok", reference),
            Err(notify::Error::Rejected(why)) => Self::new(ResponseClass::Permanent, "rejected", why),
            Err(notify::Error::Retryable(why)) => Self::new(ResponseClass::Retryable, "retryable", why),
            Err(notify::Error::Other(why)) => Self::new(ResponseClass::Retryable, "other", why),
        }
    }
}

impl From<Result<payments::Outcome, payments::Error>> for ProviderResponse {
    fn from(response: Result<payments::Outcome, payments::Error>) -> Self {
        match response {
            Ok(payments::Outcome::Authorized(reference)) => Self::new(ResponseClass::Success, "authorized", reference),
            Ok(payments::Outcome::Pending(reference)) => Self::new(ResponseClass::Success, "pending", reference),
            Err(error) => error.into(),
        }
    }
}

impl From<Result<(), payments::Error>> for ProviderResponse {
    fn from(response: Result<(), payments::Error>) -> Self {
        match response {
            Ok(()) => Self::new(ResponseClass::Success, "ok", String::new()),
            Err(error) => error.into(),
        }
    }
}

impl From<payments::Error> for ProviderResponse {
    fn from(error: payments::Error) -> Self {
        match error {
            payments::Error::Declined(why) => Self::new(ResponseClass::Permanent, "declined", why),
            payments::Error::Permanent(why) => Self::new(ResponseClass::Permanent, "permanent", why),
            payments::Error::Retryable(why) => Self::new(ResponseClass::Retryable, "retryable", why),
            payments::Error::Other(why) => Self::new(ResponseClass::Retryable, "other", why),
        }
    }
}

impl From<Result<Vec<pricing::Adjustment>, pricing::Error>> for ProviderResponse {
    fn from(response: Result<Vec<pricing::Adjustment>, pricing::Error>) -> Self {
        match response {
            Ok(adjustments) => {
                let adjustments = adjustments.into_iter().map(|adjustment| Adjustment {
                    is_discount: adjustment.kind == pricing::Kind::Discount,
                    label: adjustment.label,
                    amount: adjustment.amount,
                });
                Self { adjustments: adjustments.collect(), ..Self::new(ResponseClass::Success, "ok", String::new()) }
            }
            Err(pricing::Error::Refused(why)) => Self::new(ResponseClass::Permanent, "refused", why),
            Err(pricing::Error::Unavailable(why)) => Self::new(ResponseClass::Retryable, "unavailable", why),
            Err(pricing::Error::Other(why)) => Self::new(ResponseClass::Retryable, "other", why),
        }
    }
}
