//! Pushing events to those who listen, right after they happened. Best effort: it costs nothing but time if it fails.

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use spindle_contracts::event::{CloudEvent, EventType};
use spindle_platform::Context;
use spindle_platform::log::Level;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a listener may take to keep what it is given.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most events in one push.
pub(crate) const BATCH: usize = 100;

/// Pushes `events`, which are committed.
pub(crate) async fn push(context: &Context, events: Vec<CloudEvent>) {
    deliver(context, &events).await;
}

/// Gives each of `events` to the services that listen, and says to which it could not.
pub(crate) async fn deliver(context: &Context, events: &[CloudEvent]) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for (consumer, events) in by_consumer(events) {
        for batch in events.chunks(BATCH) {
            if let Err(cause) = give(context, consumer, batch).await {
                context.log(Level::Warn, "events not pushed", &[("to", consumer.into()), ("cause", cause.into())]);
                failed.push(consumer);
                break;
            }
        }
    }
    failed
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
