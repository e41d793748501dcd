//! Enqueues notifications. In one transaction each gets a row, a `NotificationQueued` event in the outbox, and a delivery in the inbox of this
//! service. The inbox then provides retries, dead letters and their replay.

use crate::channel::Channel;
use crate::notification::{Notification, NotificationSpec, Trigger};
use crate::store;
use crate::store::calls::FirstCalls;
use spindle_contracts::NotificationId;
use spindle_contracts::event::{CloudEvent, NotificationQueued};
use spindle_events::{AcceptedEvents, Consumer, Event, accept_new, outbox};
use spindle_platform::Context;
use spindle_platform::sql::{self, Transaction};
use std::collections::BTreeMap;

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

/// The notifications that are new.
pub(crate) struct Enqueued {
    pub(crate) notifications: Vec<Notification>,
    /// Those whose first call has begun, and whether the provider has failed of late.
    pub(crate) begun: BTreeMap<NotificationId, bool>,
    /// Their deliveries, which the consumer handles once the transaction is committed.
    pub(crate) accepted: AcceptedEvents,
}

/// Enqueues each of `notifications`, unless its trigger enqueued one on its channel before, and begins those of `first_calls` whose providers may be
/// called now. `consumer` handles the deliveries.
///
/// # Errors
///
/// The error of the database.
pub(crate) async fn enqueue(
    context: &Context,
    transaction: &Transaction<'_>,
    consumer: &'static Consumer,
    mut notifications: Vec<Notification>,
    first_calls: &FirstCalls,
) -> Result<Enqueued, sql::Error> {
    if notifications.is_empty() {
        let accepted = accept_new(context, transaction, Vec::new(), consumer);
        return Ok(Enqueued { notifications, begun: BTreeMap::new(), accepted });
    }
    let new = store::notifications::insert(transaction, &notifications, first_calls, context.now()).await?;
    notifications.retain(|notification| new.iter().any(|inserted| inserted.id == notification.id));
    let begun = new.into_iter().filter(|inserted| inserted.has_begun);
    let begun = begun.map(|inserted| (inserted.id, inserted.has_failed)).collect();

    let queued: Vec<NotificationQueued> = notifications.iter().map(queued_event).collect();
    let events: Vec<Event> = queued.iter().map(|data| Event::new(data.notification_id, data)).collect();
    outbox::append(transaction, context, &events).await?.push(context);
    let delivery = |data: &NotificationQueued| {
        Event::new(data.user_id, data).published_by(context, context.service(), data.notification_id)
    };
    let deliveries: Vec<CloudEvent> = queued.iter().map(delivery).collect();
    let accepted = accept_new(context, transaction, deliveries, consumer);
    Ok(Enqueued { notifications, begun, accepted })
}

fn queued_event(notification: &Notification) -> NotificationQueued {
    NotificationQueued {
        notification_id: notification.id,
        user_id: notification.user_id,
        channel: notification.channel,
        template: notification.template.clone(),
    }
}
