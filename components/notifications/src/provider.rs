//! Calls the provider of a channel through its adapter.

use spindle_contracts::provider::notify::{self, Message, SEND};
use spindle_contracts::provider::truncated;
use spindle_contracts::text;
use spindle_platform::{Context, client, config};
use std::time::Duration;

/// The variable with the longest wait for a response, in seconds. Any failure on the way counts as a failure of the provider.
const TIMEOUT: &str = "provider_timeout_seconds";

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProviderResult {
    /// The message is sent; with the provider's reference, if it has one.
    Sent(Option<String>),
    /// The message will never be sent.
    Rejected(String),
    /// The message may be sent later.
    Retryable(String),
    /// Any other failure.
    Other(String),
    /// The provider did not respond: it may have sent the message, or not.
    NoResponse(String),
}

impl ProviderResult {
    /// Returns the name under which the result is stored.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sent(_) => "sent",
            Self::Rejected(_) => "rejected",
            Self::Retryable(_) => "retryable",
            Self::Other(_) => "other",
            Self::NoResponse(_) => "silent",
        }
    }

    /// Returns the reference or the text of the error. It may name people, so it must not be logged.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Self::Sent(reference) => reference.as_deref(),
            Self::Rejected(text) | Self::Retryable(text) | Self::Other(text) | Self::NoResponse(text) => Some(text),
        }
    }

    /// Returns whether the provider has failed. A rejected message is no failure of the provider.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Retryable(_) | Self::Other(_) | Self::NoResponse(_))
    }
}

/// Returns `text` as operators may read it: not too long, and without characters that are not printed.
fn readable(text: String) -> String {
    text::printed(truncated(text))
}

/// Returns the longest wait for a response of a provider.
///
/// # Errors
///
/// If the variable `provider_timeout_seconds` is missing or no whole number.
pub(crate) fn timeout(context: &Context) -> Result<Duration, config::Error> {
    Ok(Duration::from_secs(context.config().parse(TIMEOUT, "a whole number of seconds")?))
}

/// Calls the provider for the channel of `message`.
pub(crate) async fn send(context: &Context, message: &Message) -> ProviderResult {
    let adapter = message.content.adapter();
    let response = match timeout(context) {
        Ok(timeout) => context.client().call_provider::<notify::SendResponse>(adapter, SEND, message, timeout).await,
        Err(error) => Err(client::Error::from(error).into()),
    };
    match response {
        Ok(notify::SendResponse::Ok(reference)) => {
            ProviderResult::Sent(Some(truncated(reference)).filter(|text| !text.is_empty()))
        }
        Ok(notify::SendResponse::Error(notify::Error::Rejected(text))) => ProviderResult::Rejected(readable(text)),
        Ok(notify::SendResponse::Error(notify::Error::Retryable(text))) => ProviderResult::Retryable(readable(text)),
        Ok(notify::SendResponse::Error(notify::Error::Other(text))) => ProviderResult::Other(readable(text)),
        Err(error) => ProviderResult::NoResponse(error.to_string()),
    }
}
