//! A notification: something told to one user on one channel. Pure.

use crate::channel::Channel;
use crate::template::Template;
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::{NotificationId, Timestamp, UserId};

/// A notification as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notification {
    pub(crate) id: NotificationId,
    pub(crate) occasion: Occasion,
    pub(crate) user_id: UserId,
    pub(crate) channel: Channel,
    pub(crate) template: String,
    pub(crate) template_version: u32,
    /// What the template is filled with: a JSON object.
    pub(crate) data: Value,
    pub(crate) status: Status,
    /// How often a provider was asked to send it.
    pub(crate) attempts: u32,
    pub(crate) provider_reference: Option<String>,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) sent_at: Option<Timestamp>,
}

/// What a notification tells of. There is one notification at most for each occasion, user and channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occasion {
    /// The event's id, or one that was made for an operator's wish.
    pub(crate) id: String,
    /// The event's type; none for an operator's wish.
    pub(crate) kind: Option<String>,
}

/// How far a notification has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// It is to be sent.
    Queued,
    /// The provider has it.
    Sent,
    /// It was given up: somebody may have it tried again.
    Dead,
    /// It is not to be sent any more: the user is gone, or does not want it.
    Cancelled,
}

/// What is to be told to somebody.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Telling {
    pub(crate) user_id: UserId,
    pub(crate) template: &'static Template,
    pub(crate) data: Value,
}

impl Status {
    const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Dead, Self::Cancelled];

    /// Its name, as it is stored and shown.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status called `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

impl Telling {
    /// The notification on `channel` that comes of it.
    pub(crate) fn queued(
        &self,
        id: NotificationId,
        occasion: Occasion,
        channel: Channel,
        now: Timestamp,
    ) -> Notification {
        Notification {
            id,
            occasion,
            user_id: self.user_id,
            channel,
            template: self.template.name.to_owned(),
            template_version: self.template.version,
            data: self.data.clone(),
            status: Status::Queued,
            attempts: 0,
            provider_reference: None,
            last_error: None,
            created_at: now,
            updated_at: now,
            sent_at: None,
        }
    }
}
