//! The events that notifications consumes: those of auth, users, orders and payments, and its own `NotificationQueued`, which is the delivery of a
//! notification.

use crate::contact;
use crate::delivery;
use crate::enqueue::{Enqueued, enqueue, notifications};
use crate::event_mapping;
use crate::notification::NotificationSpec;
use crate::store;
use http::StatusCode;
use spindle_contracts::event::{EventData, NotificationQueued, UserErased};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Consumer, Delivery, Handler, HandlerError};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// The variable with the number of seconds for which notifications are kept.
const RETENTION: &str = "notification_retention_seconds";

/// How many rows of a kind a tick removes at most.
const PRUNED_TOGETHER: i64 = 1_000;

/// The number of concurrent deliveries in an instance: most of their time they wait for a provider.
const CONCURRENCY: usize = 8;

/// The consumer of this service.
pub(crate) static CONSUMER: Consumer = Consumer {
    handle: |context, delivery| Box::pin(handle(context, delivery)),
    concurrency: CONCURRENCY,
    retakes_dead_letters: false,
    is_paused: None,
    longest_call: delivery::longest_call,
};

/// `POST /internal/notifications/tick`: 200 with what was done.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let mut report = spindle_events::tick(context, Some(&CONSUMER)).await?;
    let retention: u64 = context.config().parse(RETENTION, "a whole number of seconds")?;
    let (db, now) = (context.sql().await?, context.now());
    let old = now.minus(Duration::from_secs(retention));
    report.pruned += store::notifications::prune(&db, old, PRUNED_TOGETHER).await?;
    report.pruned += spindle_idempotency::prune(&db, now, PRUNED_TOGETHER).await?;
    Ok(json(StatusCode::OK, &report))
}

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    match event.kind.as_str() {
        // Only this service puts such an event into its inbox: no other service publishes it.
        NotificationQueued::NAME => delivery::deliver(context, delivery, &delivery.data()?).await,
        UserErased::NAME => {
            let UserErased { user_id } = delivery.data()?;
            let transaction = delivery.transaction().await?;
            store::notifications::erase_user(&transaction, user_id, context.now()).await?;
            delivery.complete(context, transaction).await
        }
        _ => enqueue_for_event(context, delivery).await,
    }
}

/// Enqueues the notifications for an event, on each channel that the user has an address for and has turned on, where that matters, and delivers
/// them. Event, notifications, deliveries and the calls that begin are one transaction; the calls follow it at once.
async fn enqueue_for_event(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    let specs = event_mapping::notifications_for(&event.kind, event.data.get())
        .map_err(|error| HandlerError::Permanent(format!("invalid data of the event {}: {error}", event.kind)))?;
    let Some(user) = specs.first().map(|spec| spec.user_id) else {
        return Err(HandlerError::Permanent(format!("events of type {} trigger no notification", event.kind)));
    };
    let change = specs.iter().find_map(NotificationSpec::email_change);
    let Some(contact) = contact::fetch(context, user, change).await? else { return Ok(()) };
    let for_spec = |spec: &NotificationSpec| {
        let has_address = |channel: &_| contact.address(user, *channel, spec.template.addressee).is_some();
        let channels = spec.template.channels().filter(has_address);
        notifications(context, &spec.trigger(&event.id, &event.kind), spec, channels)
    };
    let notifications: Vec<_> = specs.iter().flat_map(for_spec).collect();
    let messages = delivery::first_messages(context, &notifications, &contact);
    let first_calls = delivery::first_calls(context, &messages)?;

    let transaction = delivery.transaction().await?;
    let enqueued = enqueue(context, &transaction, &CONSUMER, notifications, &first_calls).await?;
    delivery.complete(context, transaction).await?;

    let Enqueued { notifications, begun, accepted } = enqueued;
    let started = Rc::new(RefCell::new(delivery::started_calls(notifications, messages, &begun)));
    let handler: Box<Handler> = Box::new(move |context, delivery| {
        let started = Rc::clone(&started);
        Box::pin(async move {
            let queued: NotificationQueued = delivery.data()?;
            let call = started.borrow_mut().remove(&queued.notification_id);
            match call {
                Some(call) => delivery::call(context, delivery, call).await,
                None => delivery::deliver(context, delivery, &queued).await,
            }
        })
    });
    accepted.handle_with(context, delivery.db(), &*handler).await;
    Ok(())
}
