//! Step 2 of an event: it is pushed to its consumers right after it was committed, straight to each of them, or over Redis. Best effort: a
//! failed push costs nothing but time, since the consumers pull at their next tick.

use crate::error::Error;
use crate::signature::{sign, verify};
use bytes::Bytes;
use futures::future::join_all;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use spindle_contracts::Problem;
use spindle_contracts::event::{CloudEvent, EventType};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::error::describe;
use spindle_platform::http::{Request, empty};
use spindle_platform::log::Level;
use spindle_platform::token::service::SECRET_VARIABLE;
use std::collections::BTreeMap;
use std::time::Duration;

/// The variable with the transport: `http` or `redis`.
const TRANSPORT: &str = "event_transport";

/// The channel that events are published on. The relay's spin.toml has it as well.
pub const CHANNEL: &str = "spindle.events";

/// The longest time that a consumer may take to store a batch.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most events in one push.
pub(crate) const BATCH: usize = 100;

/// The `Retry-After` for the relay, in seconds. The relay does not retry: the consumers pull what is lost.
const RETRY_AFTER_SECONDS: u32 = 1;

/// Pushes `events`, which are committed, and logs failures. A producer that uses Redis needs the variables `event_transport` and
/// `redis_address`, and access to it (`allowed_outbound_hosts` with `{{ redis_address }}`).
pub(crate) async fn push(context: &Context, events: Vec<CloudEvent>) {
    let result = match context.config().get(TRANSPORT) {
        Ok(transport) => match transport.trim() {
            "http" => {
                deliver(context, &events).await;
                Ok(())
            }
            "redis" => publish(context, &events).await,
            _ => Err(Error::UnknownTransport),
        },
        Err(error) => Err(error.into()),
    };
    if let Err(error) = result {
        context.log(Level::Warn, "events not pushed", &[("cause", describe(&error).into())]);
    }
}

/// Publishes `events` on Redis in signed batches. The relay carries them to the gateway, which [forwards](forward) them.
async fn publish(context: &Context, events: &[CloudEvent]) -> Result<(), Error> {
    let secret = context.config().get(SECRET_VARIABLE)?;
    for batch in events.chunks(BATCH) {
        context.publish(CHANNEL, &sign(&secret, &serde_json::to_vec(batch)?)).await?;
    }
    Ok(())
}

/// `POST /internal/events` of the gateway: delivers the events of a message from Redis, a signed batch of CloudEvents. 202 when every
/// consumer has stored its events.
///
/// # Errors
///
/// 400 for a message that no service has signed; 503 if a consumer has not stored its events: it pulls them at its next tick.
pub async fn forward(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let message = request.bytes().await?;
    let secret = context.config().get(SECRET_VARIABLE)?;
    let batch = verify(&secret, &message).ok_or_else(|| Problem::malformed("No service has signed this message."))?;
    let events: Vec<CloudEvent> = serde_json::from_slice(batch)
        .map_err(|error| Problem::malformed(format!("The message is not a batch of events: {error}.")))?;
    let failed = deliver(context, &events).await;
    if failed.is_empty() {
        return Ok(empty(StatusCode::ACCEPTED));
    }
    let failed = failed.join(", ");
    Err(Problem::unavailable(
        format!("Not delivered to {failed}."),
        RETRY_AFTER_SECONDS,
        "a consumer has not stored its events",
    ))
}

/// Delivers each of `events` to its consumers, to all of them at once, and returns the consumers that failed.
async fn deliver(context: &Context, events: &[CloudEvent]) -> Vec<&'static str> {
    let deliveries = by_consumer(events).into_iter().map(|(consumer, events)| async move {
        for batch in events.chunks(BATCH) {
            if let Err(error) = deliver_batch(context, consumer, batch).await {
                let fields = [("to", consumer.into()), ("cause", describe(&error).into())];
                context.log(Level::Warn, "events not pushed", &fields);
                return Some(consumer);
            }
        }
        None
    });
    join_all(deliveries).await.into_iter().flatten().collect()
}

fn by_consumer(events: &[CloudEvent]) -> BTreeMap<&'static str, Vec<&CloudEvent>> {
    let mut by_consumer: BTreeMap<&str, Vec<&CloudEvent>> = BTreeMap::new();
    for event in events {
        for consumer in EventType::find(&event.kind).map(|event_type| event_type.consumers).unwrap_or_default() {
            by_consumer.entry(consumer).or_default().push(event);
        }
    }
    by_consumer
}

async fn deliver_batch(context: &Context, consumer: &str, batch: &[&CloudEvent]) -> Result<(), Error> {
    let request = http::Request::post(format!("/internal/{consumer}/events")).header(CONTENT_TYPE, CloudEvent::BATCH);
    let request = request.body(Bytes::from(serde_json::to_vec(batch)?))?;
    let status = context.client().call_for_status(consumer, request, TIMEOUT).await?;
    if status != StatusCode::ACCEPTED {
        return Err(Error::Status { service: consumer.to_owned(), status: status.as_u16() });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
