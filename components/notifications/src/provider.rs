//! Asking a provider to send something, by way of its adapter.

use spindle_contracts::provider::notify::{self, Message, SEND};
use spindle_contracts::provider::truncated;
use spindle_platform::Context;
use std::time::Duration;

/// How long a provider may take. What is wrong in between is its failure.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is sent, and the provider calls it this if it calls it anything.
    Sent(Option<String>),
    /// It never will be.
    Rejected(String),
    /// It may be later.
    Retryable(String),
    /// Anything else.
    Other(String),
    /// There was no answer: the provider may have sent it, or not.
    Silent(String),
}

impl Answer {
    /// Its name, as it is stored.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sent(_) => "sent",
            Self::Rejected(_) => "rejected",
            Self::Retryable(_) => "retryable",
            Self::Other(_) => "other",
            Self::Silent(_) => "silent",
        }
    }

    /// What it says besides. It may name people, so it is in no log.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Self::Sent(reference) => reference.as_deref(),
            Self::Rejected(text) | Self::Retryable(text) | Self::Other(text) | Self::Silent(text) => Some(text),
        }
    }

    /// Whether the provider has failed. One that rejects a message is well.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Retryable(_) | Self::Other(_) | Self::Silent(_))
    }
}

/// Asks the provider for the content of `message` to send it.
pub(crate) async fn send(context: &Context, message: &Message) -> Answer {
    let adapter = message.content.adapter();
    match context.client().call_provider::<notify::SendResponse>(adapter, SEND, message, TIMEOUT).await {
        Ok(notify::SendResponse::Ok(reference)) => {
            Answer::Sent(Some(truncated(reference)).filter(|text| !text.is_empty()))
        }
        Ok(notify::SendResponse::Error(notify::Error::Rejected(text))) => Answer::Rejected(truncated(text)),
        Ok(notify::SendResponse::Error(notify::Error::Retryable(text))) => Answer::Retryable(truncated(text)),
        Ok(notify::SendResponse::Error(notify::Error::Other(text))) => Answer::Other(truncated(text)),
        Err(failure) => Answer::Silent(failure.to_string()),
    }
}
