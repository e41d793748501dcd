//! The requests of notifications to a provider that delivers messages: `spindle:notify/provider`.

use super::Adapter;
use serde::{Deserialize, Serialize};

/// The name of each adapter before a notification provider: they are one component with different providers.
pub const SERVICE: &str = "notify";

/// The path for a [`Message`].
pub const SEND: &str = "/internal/notify/send";

/// The adapter for e-mail.
pub const EMAIL: Adapter = Adapter { service: SERVICE, url_variable: "notify_email_url" };

/// The adapter for text messages.
pub const SMS: Adapter = Adapter { service: SERVICE, url_variable: "notify_sms_url" };

/// The adapter for notifications on devices.
pub const PUSH: Adapter = Adapter { service: SERVICE, url_variable: "notify_push_url" };

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The idempotency key, the same for each attempt: the notification's id.
    pub idempotency_key: String,
    /// The template.
    pub template: String,
    /// The language of the text.
    pub locale: String,
    /// The content, with the recipient.
    pub content: Content,
    /// The number of this attempt, from 1.
    pub attempt: u32,
}

/// The content of a message, by channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// An e-mail.
    Email(Email),
    /// A text message.
    Sms(Sms),
    /// A notification on the devices of a user.
    Push(Push),
}

impl Content {
    /// Returns the adapter of the provider for this channel.
    pub fn adapter(&self) -> Adapter {
        match self {
            Self::Email(_) => EMAIL,
            Self::Sms(_) => SMS,
            Self::Push(_) => PUSH,
        }
    }
}

/// An e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The address, without a name.
    pub to: String,
    /// One line of text.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as a whole HTML document.
    pub html: String,
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    /// The number in the form of E.164.
    pub to: String,
    /// The text.
    pub text: String,
}

/// A notification on the devices of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The id of the user.
    pub to: String,
    /// One line of text.
    pub title: String,
    /// The text.
    pub text: String,
}

/// The provider's reference of the message that it sent, or the reason why it sent none.
pub type SendResponse = super::ProviderResponse<String, Error>;

/// The reason why a message was not sent. All texts are meant for operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// No retry will succeed.
    Rejected(String),
    /// A retry may succeed.
    Retryable(String),
    /// Any other error.
    Other(String),
}
