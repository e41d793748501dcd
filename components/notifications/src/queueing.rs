//! Queueing: what somebody is to be told becomes a notification for each channel, an event that tells of it, and a delivery in our own inbox,
//! all in one transaction. The inbox sees to the rest: retries, dead letters and their replay.

use crate::channel::Channel;
use crate::events::CONSUMER;
use crate::notification::{Notification, Occasion, Telling};
use crate::store;
use spindle_contracts::NotificationId;
use spindle_contracts::event::NotificationQueued;
use spindle_events::{Event, InboxMessage, accept, outbox};
use spindle_platform::Context;
use spindle_platform::sql::{self, Transaction};

/// Queues `telling` on each of `channels`, unless it was queued there on the same occasion before; gives what is new. It is sent after the
/// response.
///
/// # Errors
///
/// What the database says.
pub(crate) async fn queue(
    context: &Context,
    transaction: &Transaction<'_>,
    occasion: &Occasion,
    telling: &Telling,
    channels: &[Channel],
) -> Result<Vec<Notification>, sql::Error> {
    if channels.is_empty() {
        return Ok(Vec::new());
    }
    let now = context.now();
    let queued = |channel: &Channel| telling.queued(NotificationId(context.new_id()), occasion.clone(), *channel, now);
    let mut notifications: Vec<Notification> = channels.iter().map(queued).collect();
    let new = store::notifications::insert(transaction, &notifications, now).await?;
    notifications.retain(|notification| new.contains(&notification.id));

    let told: Vec<NotificationQueued> = notifications.iter().map(what_is_told).collect();
    let events: Vec<Event> = told.iter().map(|data| Event::new(data.notification_id, data)).collect();
    outbox::append(transaction, context, &events).await?.push(context);
    let deliveries: Vec<InboxMessage> = told
        .iter()
        .map(|data| InboxMessage::new(context, data.notification_id, context.service(), data.user_id, data))
        .collect();
    accept(context, transaction, &deliveries, &CONSUMER).await?;
    Ok(notifications)
}

fn what_is_told(notification: &Notification) -> NotificationQueued {
    NotificationQueued {
        notification_id: notification.id,
        user_id: notification.user_id,
        channel: notification.channel,
        template: notification.template.clone(),
    }
}
