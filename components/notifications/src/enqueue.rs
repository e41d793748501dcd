//! Enqueues notifications. In one transaction each gets a row, a `NotificationQueued` event in the outbox, and a delivery in the inbox of this
//! service. The inbox then provides retries, dead letters and their replay.

use crate::channel::Channel;
use crate::notification::{Notification, NotificationSpec, Trigger};
use crate::store;
use spindle_contracts::NotificationId;
use spindle_contracts::event::{CloudEvent, NotificationQueued};
use spindle_events::{AcceptedEvents, Consumer, Event, accept, outbox};
use spindle_platform::Context;
use spindle_platform::sql::{self, Transaction};

/// Makes a notification of `spec` on each of `channels`, to be enqueued.
pub(crate) fn notifications(
    context: &Context,
    trigger: &Trigger,
    spec: &NotificationSpec,
    channels: impl Iterator<Item = Channel>,
) -> Vec<Notification> {
    let now = context.now();
    channels.map(|channel| spec.queued(NotificationId(context.new_id()), trigger.clone(), channel, now)).collect()
}

/// Enqueues each of `notifications`, unless its trigger enqueued one on its channel before. Returns those that are new, and their deliveries, which
/// `consumer` handles once `transaction` is committed.
///
/// # Errors
///
/// The error of the database.
pub(crate) async fn enqueue(
    context: &Context,
    transaction: &Transaction<'_>,
    consumer: &'static Consumer,
    mut notifications: Vec<Notification>,
) -> Result<(Vec<Notification>, AcceptedEvents), sql::Error> {
    if notifications.is_empty() {
        return Ok((notifications, accept(context, transaction, &[], consumer).await?));
    }
    let new = store::notifications::insert(transaction, &notifications, context.now()).await?;
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
