//! The provider that spin.toml composes this component with.

use spindle_contracts::provider::{notify, truncated};

wit_bindgen::generate!({ path: "../../../wit/notify", world: "notify-sender" });

use spindle::notify::provider::{self, Content, Email, Error, Message, Push, Sms};

pub(crate) fn send(message: notify::Message) -> Result<String, notify::Error> {
    Ok(truncated(provider::send(&message.into())?))
}

impl From<notify::Message> for Message {
    fn from(message: notify::Message) -> Self {
        let notify::Message { idempotency_key, template, locale, content, attempt } = message;
        Self { idempotency_key, template, locale, content: content.into(), attempt }
    }
}

impl From<notify::Content> for Content {
    fn from(content: notify::Content) -> Self {
        match content {
            notify::Content::Email(notify::Email { to, subject, text, html }) => {
                Self::Email(Email { to, subject, text, html })
            }
            notify::Content::Sms(notify::Sms { to, text }) => Self::Sms(Sms { to, text }),
            notify::Content::Push(notify::Push { to, title, text }) => Self::Push(Push { to, title, text }),
        }
    }
}

impl From<Error> for notify::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Rejected(detail) => Self::Rejected(truncated(detail)),
            Error::Retryable(detail) => Self::Retryable(truncated(detail)),
            Error::Other(detail) => Self::Other(truncated(detail)),
        }
    }
}
