//! Notifications asks a provider to bring a message to somebody: `spindle:notify/provider`.

use super::Adapter;
use serde::{Deserialize, Serialize};

/// The name of each adapter before a notification provider: they are one component with different providers.
pub const SERVICE: &str = "notify";

/// Where a [`Message`] goes.
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
    /// The same for each attempt: the notification's id.
    pub idempotency_key: String,
    /// What it is made from.
    pub template: String,
    /// The language that it is in.
    pub locale: String,
    /// What it says, and to whom.
    pub content: Content,
    /// How often this was asked for, from 1.
    pub attempt: u32,
}

/// What is to be sent, by the channel that it goes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// An e-mail.
    Email(Email),
    /// A text message.
    Sms(Sms),
    /// A notification on somebody's devices.
    Push(Push),
}

impl Content {
    /// Where a provider for it is asked.
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
    /// What it says.
    pub text: String,
}

/// A notification on somebody's devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Whose devices: the user's id.
    pub to: String,
    /// One line of text.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// What the provider calls the message that it sent, or why it sent none.
pub type SendResponse = super::ProviderResponse<String, Error>;

/// Why a message was not sent. All the texts are for operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// It will never be sent.
    Rejected(String),
    /// It may work later.
    Retryable(String),
    /// Anything else.
    Other(String),
}
