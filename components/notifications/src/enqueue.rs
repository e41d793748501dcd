//! Enqueues notifications. In one transaction each channel gets a notification, a `NotificationQueued` event in the outbox, and a delivery in the
//! inbox of this service. The inbox then provides retries, dead letters and their replay.

use crate::channel::Channel;
use crate::notification::{Notification, NotificationSpec, Trigger};
use crate::store;
use spindle_contracts::NotificationId;
use spindle_contracts::event::{CloudEvent, NotificationQueued};
use spindle_events::{AcceptedEvents, Consumer, Event, accept, outbox};
use spindle_platform::Context;
use spindle_platform::sql::{self, Transaction};

/// Enqueues `spec` on each of `channels`, unless the same trigger enqueued it there before. Returns the new notifications and their deliveries, which
/// `consumer` handles once `transaction` is committed.
///
/// # Errors
///
/// The error of the database.
pub(crate) async fn enqueue(
    context: &Context,
    transaction: &Transaction<'_>,
    consumer: &'static Consumer,
    trigger: &Trigger,
    spec: &NotificationSpec,
    channels: &[Channel],
) -> Result<(Vec<Notification>, AcceptedEvents), sql::Error> {
    if channels.is_empty() {
        return Ok((Vec::new(), accept(context, transaction, &[], consumer).await?));
    }
    let now = context.now();
    let queued = |channel: &Channel| spec.queued(NotificationId(context.new_id()), trigger.clone(), *channel, now);
    let mut notifications: Vec<Notification> = channels.iter().map(queued).collect();
    let new = store::notifications::insert(transaction, &notifications, now).await?;
    notifications.retain(|notification| new.contains(&notification.id));

    let queued: Vec<NotificationQueued> = notifications.iter().map(queued_event).collect();
    let events: Vec<Event> = queued.iter().map(|data| Event::new(data.notification_id, data)).collect();
    outbox::append(transaction, context, &events).await?.push(context);
    let delivery = |data: &NotificationQueued| {
        Event::new(data.user_id, data).published_by(context, context.service(), data.notification_id)
    };
    let deliveries: Vec<CloudEvent> = queued.iter().map(delivery).collect();
    let accepted = accept(context, transaction, &deliveries, consumer).await?;
    Ok((notifications, accepted))
}

fn queued_event(notification: &Notification) -> NotificationQueued {
    NotificationQueued {
        notification_id: notification.id,
        user_id: notification.user_id,
        channel: notification.channel,
        template: notification.template.clone(),
    }
}
