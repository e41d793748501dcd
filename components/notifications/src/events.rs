//! The events that notifications consumes: those of auth, users, orders and payments, and its own `NotificationQueued`, which is the delivery of a
//! notification.

use crate::contact;
use crate::delivery;
use crate::enqueue::enqueue;
use crate::event_mapping;
use crate::notification::NotificationSpec;
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

/// Enqueues the notifications for an event, on each channel that the user has an address for and has turned on, where that matters.
async fn enqueue_for_event(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    let specs = event_mapping::notifications_for(&event.kind, event.data.get())
        .map_err(|error| HandlerError::Permanent(format!("invalid data of the event {}: {error}", event.kind)))?;
    let Some(user) = specs.first().map(|spec| spec.user_id) else {
        return Err(HandlerError::Permanent(format!("events of type {} trigger no notification", event.kind)));
    };
    let change = specs.iter().find_map(NotificationSpec::email_change);
    let Some(contact) = contact::fetch(context, user, change).await? else { return Ok(()) };
    let transaction = delivery.transaction().await?;
    let mut accepted = Vec::new();
    for spec in specs {
        let has_address = |channel: &_| contact.address(user, *channel, spec.template.addressee).is_some();
        let channels: Vec<_> = spec.template.channels().filter(has_address).collect();
        let trigger = spec.trigger(&event.id, &event.kind);
        accepted.push(enqueue(context, &transaction, &CONSUMER, &trigger, &spec, &channels).await?.1);
    }
    delivery.complete(context, transaction).await?;
    accepted.into_iter().for_each(|accepted| accepted.handle(context));
    Ok(())
}
