//! The events that notifications consumes: those of users, orders and payments, and its own `NotificationQueued`, which is the delivery of a
//! notification.

use crate::contact;
use crate::delivery;
use crate::enqueue::enqueue;
use crate::event_mapping;
use crate::notification::Trigger;
use crate::store;
use http::StatusCode;
use spindle_contracts::event::{EventData, NotificationQueued, UserErased};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Consumer, Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
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

/// Enqueues the notification for an event, on each channel that the user has turned on and has an address for.
async fn enqueue_for_event(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    let spec = event_mapping::notification_for(&event.kind, event.data.get())
        .map_err(|error| HandlerError::Permanent(format!("invalid data of the event {}: {error}", event.kind)))?;
    let Some(spec) = spec else {
        return Err(HandlerError::Permanent(format!("events of type {} trigger no notification", event.kind)));
    };
    let Some(contact) = contact::fetch(context, spec.user_id).await? else { return Ok(()) };
    let has_address = |channel: &_| contact.address(spec.user_id, *channel).is_some();
    let channels: Vec<_> = spec.template.channels().filter(has_address).collect();
    let trigger = Trigger { id: event.id.clone(), kind: Some(event.kind.clone()) };
    let transaction = delivery.transaction().await?;
    let (_, accepted) = enqueue(context, &transaction, &CONSUMER, &trigger, &spec, &channels).await?;
    delivery.complete(context, transaction).await?;
    accepted.handle(context);
    Ok(())
}
