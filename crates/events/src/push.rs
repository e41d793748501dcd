//! Pushing events to those who listen, right after they happened: straight to each of them, or over Redis. Best effort: it costs nothing but
//! time if it fails.

use crate::seal::{open, seal};
use bytes::Bytes;
use futures::future::join_all;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use spindle_contracts::Problem;
use spindle_contracts::event::{CloudEvent, EventType};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty};
use spindle_platform::log::Level;
use spindle_platform::token::service::SECRET_VARIABLE;
use std::collections::BTreeMap;
use std::time::Duration;

/// The variable that says how: `http` or `redis`.
const TRANSPORT: &str = "event_transport";

/// The channel that events are published on. The relay's spin.toml has it as well.
pub const CHANNEL: &str = "spindle.events";

/// How long a listener may take to keep what it is given.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most events in one push.
pub(crate) const BATCH: usize = 100;

/// When the relay may try again, in seconds. It does not: a tick makes up for what is lost.
const RETRY_AFTER_SECONDS: u32 = 1;

/// Pushes `events`, which are committed. A producer that uses Redis may reach it (`allowed_outbound_hosts` with `{{ redis_address }}`) and has
/// the variables `event_transport` and `redis_address`.
pub(crate) async fn push(context: &Context, events: Vec<CloudEvent>) {
    let transport = context.config().get(TRANSPORT);
    let failed = |cause: String| context.log(Level::Warn, "events not pushed", &[("cause", cause.into())]);
    match transport.as_deref().map(str::trim) {
        Ok("http") => drop(deliver(context, &events).await),
        Ok("redis") => {
            if let Err(cause) = publish(context, &events).await {
                failed(cause);
            }
        }
        Ok(_) => failed(format!("{TRANSPORT} is neither http nor redis")),
        Err(error) => failed(error.to_string()),
    }
}

async fn publish(context: &Context, events: &[CloudEvent]) -> Result<(), String> {
    let secret = context.config().get(SECRET_VARIABLE).map_err(|error| error.to_string())?;
    for batch in events.chunks(BATCH) {
        let batch = serde_json::to_vec(batch).map_err(|error| error.to_string())?;
        context.publish(CHANNEL, &seal(&secret, &batch)).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// `POST /internal/events` of the gateway, with a message that came over Redis, a sealed batch of CloudEvents: gives each to those who listen.
/// 202 when all of them have theirs.
///
/// # Errors
///
/// 400 for a message that no service has sealed; 503 if one of them does not have its events yet; it asks for them at its next tick.
pub async fn forward(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let message = request.bytes().await?;
    let secret = context.config().get(SECRET_VARIABLE)?;
    let batch = open(&secret, &message).ok_or_else(|| Problem::malformed("No service has sealed this message."))?;
    let events: Vec<CloudEvent> = serde_json::from_slice(batch)
        .map_err(|error| Problem::malformed(format!("This is no batch of events: {error}.")))?;
    let failed = deliver(context, &events).await;
    if failed.is_empty() {
        return Ok(empty(StatusCode::ACCEPTED));
    }
    let failed = failed.join(", ");
    Err(Problem::unavailable(format!("Not delivered to {failed}."), RETRY_AFTER_SECONDS, "a listener has no events"))
}

/// Gives each of `events` to the services that listen, all at once, and says to which it could not.
async fn deliver(context: &Context, events: &[CloudEvent]) -> Vec<&'static str> {
    let gifts = by_consumer(events).into_iter().map(|(consumer, events)| async move {
        for batch in events.chunks(BATCH) {
            if let Err(cause) = give(context, consumer, batch).await {
                context.log(Level::Warn, "events not pushed", &[("to", consumer.into()), ("cause", cause.into())]);
                return Some(consumer);
            }
        }
        None
    });
    join_all(gifts).await.into_iter().flatten().collect()
}

fn by_consumer(events: &[CloudEvent]) -> BTreeMap<&'static str, Vec<&CloudEvent>> {
    let mut by_consumer: BTreeMap<&str, Vec<&CloudEvent>> = BTreeMap::new();
    for event in events {
        for consumer in EventType::named(&event.kind).map(|kind| kind.consumers).unwrap_or_default() {
            by_consumer.entry(consumer).or_default().push(event);
        }
    }
    by_consumer
}

async fn give(context: &Context, consumer: &str, batch: &[&CloudEvent]) -> Result<(), String> {
    let body = serde_json::to_vec(batch).map_err(|error| error.to_string())?;
    let request = http::Request::post(format!("/internal/{consumer}/events")).header(CONTENT_TYPE, CloudEvent::BATCH);
    let request = request.body(Bytes::from(body)).map_err(|error| error.to_string())?;
    match context.client().call(consumer, request, TIMEOUT).await {
        Ok(response) if response.status() == StatusCode::ACCEPTED => Ok(()),
        Ok(response) => Err(format!("{consumer} answered {}", response.status().as_u16())),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
