//! Calls the payment provider, which is composed into the adapter `payment-provider`. A call without a valid response in time counts as
//! failed, and is made again.

use crate::payment::{Operation, OperationOutcome, Payment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use spindle_contracts::event::{DeclineCode, without_token};
use spindle_contracts::provider::payments::{
    ADAPTER, AUTHORIZE, Authorization, AuthorizationOutcome, AuthorizeResponse, CAPTURE, Error, REFUND, SettleResponse,
    Settlement, VOID,
};
use spindle_contracts::text;
use spindle_platform::log::Level;
use spindle_platform::{Context, client, config};
use std::time::Duration;

/// The variable with the provider's name, as it is in payments and in the path of its webhooks.
pub(crate) const NAME: &str = "payment_provider";

/// The variable with the longest wait for a response, in seconds: half as long again as the interface allows a provider, and less than the
/// lease of a call.
const TIMEOUT: &str = "provider_timeout_seconds";

/// The reason that the payer reads if the provider gives none that is meant for them.
const REFUSED: &str = "the payment provider cannot carry this out";

/// A call of the provider.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProviderCall {
    pub(crate) operation: Operation,
    pub(crate) payment: Payment,
    /// The payer's token, for an authorisation.
    pub(crate) token: String,
    /// The number of this attempt at the operation, from 1.
    pub(crate) attempt: u32,
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProviderResult {
    /// The money is set aside, under this reference.
    Authorized(String),
    /// The provider decides later, under this reference.
    Pending(String),
    /// The money was captured, voided or refunded.
    Done,
    /// The payer's bank or the provider declines, for this reason, which the payer may read.
    Declined(String),
    /// The call may succeed later.
    Retryable(String),
    /// The call will never succeed.
    Permanent(String),
    /// Any other failure.
    Other(String),
}

impl ProviderCall {
    /// Returns the idempotency key: the same for each attempt, so that no operation is carried out twice.
    pub(crate) fn idempotency_key(&self) -> String {
        format!("{}:{}", self.payment.id, self.operation.name())
    }

    /// Makes the call. No text of its result repeats the token.
    pub(crate) async fn send(&self, context: &Context) -> ProviderResult {
        let result = match self.operation {
            Operation::Authorize => self.post::<AuthorizeResponse>(context, AUTHORIZE, &self.authorization()).await,
            Operation::Capture => self.post::<SettleResponse>(context, CAPTURE, &self.settlement()).await,
            Operation::Void => self.post::<SettleResponse>(context, VOID, &self.settlement()).await,
            Operation::Refund => self.post::<SettleResponse>(context, REFUND, &self.settlement()).await,
        };
        result.without_token(&self.token)
    }

    async fn post<T: DeserializeOwned + Into<ProviderResult>>(
        &self,
        context: &Context,
        path: &'static str,
        body: &impl Serialize,
    ) -> ProviderResult {
        let response = match timeout(context) {
            Ok(timeout) => context.client().call_provider::<T>(ADAPTER, path, body, timeout).await,
            Err(error) => Err(client::Error::from(error).into()),
        };
        match response {
            Ok(response) => response.into(),
            Err(error) => {
                let cause = without_token(error.to_string(), &self.token);
                let fields = [
                    ("payment", self.payment.id.to_string().into()),
                    ("operation", self.operation.name().into()),
                    ("cause", cause.as_str().into()),
                ];
                context.log(Level::Warn, "the payment provider did not respond", &fields);
                ProviderResult::Retryable(cause)
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

/// Returns the longest wait for a response of the provider.
///
/// # Errors
///
/// If the variable `provider_timeout_seconds` is missing or no whole number.
pub(crate) fn timeout(context: &Context) -> Result<Duration, config::Error> {
    Ok(Duration::from_secs(context.config().parse(TIMEOUT, "a whole number of seconds")?))
}

impl ProviderResult {
    /// Returns the result with the means of payment `token` redacted in its text. A reference stays: it is the provider's.
    fn without_token(self, token: &str) -> Self {
        match self {
            Self::Declined(text) => Self::Declined(without_token(text, token)),
            Self::Retryable(text) => Self::Retryable(without_token(text, token)),
            Self::Permanent(text) => Self::Permanent(without_token(text, token)),
            Self::Other(text) => Self::Other(without_token(text, token)),
            other => other,
        }
    }

    /// Returns the name under which the result is stored.
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

    /// Returns the reference or the text of the error.
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

    /// Returns whether the provider has failed, for its circuit breaker. A decline is no failure of the provider.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Retryable(_) | Self::Other(_))
    }

    /// Returns the outcome for the payment; `None` if the call is to be made again.
    pub(crate) fn outcome(&self) -> Option<OperationOutcome> {
        match self {
            Self::Authorized(reference) => Some(OperationOutcome::Authorized(reference.clone())),
            Self::Pending(reference) => Some(OperationOutcome::Pending(reference.clone())),
            Self::Done => Some(OperationOutcome::Done),
            Self::Declined(reason) => Some(OperationOutcome::Refused(DeclineCode::Declined, reason.clone())),
            Self::Permanent(_) => Some(OperationOutcome::Refused(DeclineCode::ProviderError, REFUSED.to_owned())),
            Self::Retryable(_) | Self::Other(_) => None,
        }
    }
}

impl From<AuthorizeResponse> for ProviderResult {
    fn from(response: AuthorizeResponse) -> Self {
        match response {
            AuthorizeResponse::Ok(AuthorizationOutcome::Authorized(reference)) => Self::Authorized(reference),
            AuthorizeResponse::Ok(AuthorizationOutcome::Pending(reference)) => Self::Pending(reference),
            AuthorizeResponse::Error(error) => error.into(),
        }
    }
}

impl From<SettleResponse> for ProviderResult {
    fn from(response: SettleResponse) -> Self {
        match response {
            SettleResponse::Ok(()) => Self::Done,
            SettleResponse::Error(error) => error.into(),
        }
    }
}

impl From<Error> for ProviderResult {
    fn from(error: Error) -> Self {
        match error {
            Error::Declined(reason) => Self::Declined(text::printed(reason)),
            Error::Retryable(detail) => Self::Retryable(detail),
            Error::Permanent(detail) => Self::Permanent(detail),
            Error::Other(detail) => Self::Other(detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProviderResult;
    use crate::payment::OperationOutcome;
    use spindle_contracts::event::DeclineCode;

    #[test]
    fn a_result_that_is_retried_has_no_outcome() {
        let text = || "x".to_owned();
        let refused = |code, reason: &str| Some(OperationOutcome::Refused(code, reason.to_owned()));
        for (result, outcome) in [
            (ProviderResult::Authorized(text()), Some(OperationOutcome::Authorized(text()))),
            (ProviderResult::Pending(text()), Some(OperationOutcome::Pending(text()))),
            (ProviderResult::Done, Some(OperationOutcome::Done)),
            (ProviderResult::Declined(text()), refused(DeclineCode::Declined, "x")),
            // The payer does not read the text for the log.
            (
                ProviderResult::Permanent(text()),
                refused(DeclineCode::ProviderError, "the payment provider cannot carry this out"),
            ),
            (ProviderResult::Retryable(text()), None),
            (ProviderResult::Other(text()), None),
        ] {
            assert_eq!(result.outcome(), outcome, "{result:?}");
        }
    }
}
