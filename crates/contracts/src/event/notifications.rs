//! The events of notifications.

use super::EventData;
use crate::InputErrors;
use crate::{NotificationId, UserId};
use deserr::Deserr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A notification was queued for delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationQueued {
    /// The notification.
    pub notification_id: NotificationId,
    /// The recipient.
    pub user_id: UserId,
    /// The channel.
    pub channel: Channel,
    /// The template.
    pub template: String,
}

/// A channel on which users are notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Deserr, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = InputErrors, rename_all = lowercase)]
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
