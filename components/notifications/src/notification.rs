//! A notification: one message to one user on one channel. Pure.

use crate::channel::Channel;
use crate::template::{Addressee, CHANGE, Template};
use deserr::Deserr;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::{InputErrors, NotificationId, OrderId, Timestamp, UserId};
use uuid::Uuid;

/// A notification as stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notification {
    pub(crate) id: NotificationId,
    pub(crate) trigger: Trigger,
    /// The order that it is about; `None` if it is about none, or was enqueued by an earlier release.
    pub(crate) order_id: Option<OrderId>,
    pub(crate) user_id: UserId,
    pub(crate) channel: Channel,
    pub(crate) template: String,
    pub(crate) template_version: u32,
    /// The data of the template: a JSON object.
    pub(crate) data: Value,
    pub(crate) status: Status,
    /// The number of calls of the provider.
    pub(crate) attempts: u32,
    pub(crate) provider_reference: Option<String>,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) sent_at: Option<Timestamp>,
}

/// The cause of a notification: an event or an operator's request. Each trigger, user and channel has at most one notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    /// The id of the event or of the request.
    pub(crate) id: String,
    /// The type of the event; `None` for a request.
    pub(crate) kind: Option<String>,
}

/// The status of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = InputErrors, rename_all = lowercase)]
#[schemars(rename = "NotificationStatus")]
pub(crate) enum Status {
    /// It waits for delivery.
    Queued,
    /// The provider accepted it.
    Sent,
    /// Its delivery failed for good: an operator may replay it.
    Dead,
    /// It will not be sent: the user is erased, or has turned the channel off.
    Cancelled,
}

/// The content of a notification before its channels are known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotificationSpec {
    /// The order that it is about.
    pub(crate) order_id: Option<OrderId>,
    pub(crate) user_id: UserId,
    pub(crate) template: &'static Template,
    pub(crate) data: Value,
}

impl Status {
    pub(crate) const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Dead, Self::Cancelled];

    /// Returns the name in the database and in responses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the status with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

impl Notification {
    /// Returns the change of the e-mail address before which the recipient had the address that the notification goes to; `None` if it goes to
    /// another address.
    pub(crate) fn email_change(&self) -> Option<Uuid> {
        email_change(Template::by_name(&self.template)?, &self.data)
    }
}

fn email_change(template: &Template, data: &Value) -> Option<Uuid> {
    match template.addressee {
        Addressee::Preferred | Addressee::Account => None,
        Addressee::PreviousAccount => data[CHANGE].as_str()?.parse().ok(),
    }
}

impl NotificationSpec {
    /// Returns the trigger of the notification for the event `event` of type `kind`. A change of address triggers two notifications on one channel,
    /// which is one for each trigger: the trigger of that to the previous address is the change.
    pub(crate) fn trigger(&self, event: &str, kind: &str) -> Trigger {
        let id = self.email_change().map_or_else(|| event.to_owned(), |change| change.to_string());
        Trigger { id, kind: Some(kind.to_owned()) }
    }

    /// Returns the change of the e-mail address as [`Notification::email_change`] does.
    pub(crate) fn email_change(&self) -> Option<Uuid> {
        email_change(self.template, &self.data)
    }

    /// Returns a queued notification on `channel`.
    pub(crate) fn queued(
        &self,
        id: NotificationId,
        trigger: Trigger,
        channel: Channel,
        now: Timestamp,
    ) -> Notification {
        Notification {
            id,
            trigger,
            order_id: self.order_id,
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
