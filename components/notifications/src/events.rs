//! What notifications does with what it is told: by users, orders and payments, and by itself of each notification that is to be sent.

use crate::contact;
use crate::notification::Occasion;
use crate::queueing;
use crate::sending;
use crate::store;
use crate::telling;
use http::StatusCode;
use spindle_contracts::event::{EventData, NotificationQueued, UserErased};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Consumer, Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use std::time::Duration;

/// The variable that says for how many seconds notifications are kept.
const RETENTION: &str = "notification_retention_seconds";

/// How many rows of a kind a tick removes at most.
const PRUNED_AT_ONCE: i64 = 1_000;

/// How many deliveries are under way at once in an instance: most of their time they wait for a provider.
const AT_ONCE: usize = 8;

/// How notifications listens.
pub(crate) static CONSUMER: Consumer =
    Consumer { handle: |context, delivery| Box::pin(handle(context, delivery)), concurrency: AT_ONCE };

/// `POST /internal/notifications/tick`: 200 with what was done.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let mut report = spindle_events::tick(context, Some(&CONSUMER)).await?;
    let retention: u64 = context.config().parse(RETENTION, "a whole number of seconds")?;
    let (db, now) = (context.sql().await?, context.now());
    let old = now.minus(Duration::from_secs(retention));
    report.pruned += store::notifications::prune(&db, old, PRUNED_AT_ONCE).await?;
    report.pruned += spindle_idempotency::prune(&db, now, PRUNED_AT_ONCE).await?;
    Ok(json(StatusCode::OK, &report))
}

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    match event.kind.as_str() {
        // Only we put such an event into the inbox: nobody else tells it.
        NotificationQueued::NAME => sending::send(context, delivery, &delivery.data()?).await,
        UserErased::NAME => {
            let UserErased { user_id } = delivery.data()?;
            let transaction = delivery.transaction().await?;
            store::notifications::forget(&transaction, user_id, context.now()).await?;
            delivery.complete(context, transaction).await
        }
        _ => tell(context, delivery).await,
    }
}

/// Queues what is to be told of an event, on the channels that the user wants and can be reached on.
async fn tell(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let event = delivery.event();
    let telling = telling::of(&event.kind, &event.data);
    let telling = telling.map_err(|error| HandlerError::Permanent(format!("no {}: {error}", event.kind)))?;
    let Some(telling) = telling else {
        return Err(HandlerError::Permanent(format!("nobody is told of {}", event.kind)));
    };
    let Some(contact) = contact::of(context, telling.user_id).await? else { return Ok(()) };
    let reached = |channel: &_| contact.address(telling.user_id, *channel).is_some();
    let channels: Vec<_> = telling.template.channels().filter(reached).collect();
    let occasion = Occasion { id: event.id.clone(), kind: Some(event.kind.clone()) };
    let transaction = delivery.transaction().await?;
    queueing::queue(context, &transaction, &occasion, &telling, &channels).await?;
    delivery.complete(context, transaction).await
}
