//! What notifications tells.

use super::EventData;
use crate::{NotificationId, UserId};
use serde::{Deserialize, Serialize};

/// Somebody is to be told something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationQueued {
    /// The notification.
    pub notification_id: NotificationId,
    /// Who is to be told.
    pub user_id: UserId,
    /// How.
    pub channel: Channel,
    /// What it is made from.
    pub template: String,
}

/// A way to tell somebody something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// An e-mail.
    Email,
    /// A text message.
    Sms,
    /// A notification on the user's devices.
    Push,
}

impl EventData for NotificationQueued {
    const NAME: &'static str = "NotificationQueued";
}
