//! The channels of the AsyncAPI document, and what each service does with them.

use super::{capitalised, producers, pushes};
use crate::outbox::PAGE;
use crate::publication::{BATCH, CHANNEL};
use serde_json::{Map, Value, json};
use spindle_contracts::event::{
    CloudEvent, EVENT_TYPES, EventType, consumers, producers_consumed_by, types_consumed_from,
};

/// Returns the channel of each producer, the channel on which events are pushed, and the one on Redis.
pub(super) fn channels() -> Map<String, Value> {
    let mut channels = Map::new();
    for producer in producers() {
        let types: Vec<&EventType> = types_of(producer).collect();
        let mut channel = json!({
            "title": format!("Events of {producer}"),
            "messages": references(&types),
        });
        if types.iter().any(|event_type| !event_type.consumers.is_empty()) {
            channel["address"] = format!("/internal/{producer}/events").into();
            channel["servers"] = json!([{ "$ref": "#/servers/services" }]);
            channel["description"] = format!(
                "Consumers pull: `GET /internal/{producer}/events?after=N` responds with up to {PAGE} events after the position N, as \
                 `{{\"events\": [...], \"next\": M}}`, of the types that the calling service consumes; the next page begins after M."
            )
            .into();
        } else {
            // AsyncAPI 3.0: the address is not known.
            channel["address"] = Value::Null;
            channel["description"] =
                "No service consumes these events yet. They are in the outbox of their producer, and have no address."
                    .into();
        }
        channels.insert(producer.to_owned(), channel);
    }
    channels.insert(
        "push".to_owned(),
        json!({
            "title": "Pushed events",
            "address": "/internal/{consumer}/events",
            "description": format!(
                "With `event_transport = http` a producer pushes its events to each of their consumers once they are committed: `POST` with up to \
                 {BATCH} events as a JSON array, `{}`. 202 says that they are stored. A lost push is pulled.",
                CloudEvent::BATCH
            ),
            "servers": [{ "$ref": "#/servers/services" }],
            "parameters": {
                "consumer": { "description": "The service that consumes the events.", "enum": consumers() },
            },
            "messages": references(&pushed_types().collect::<Vec<_>>()),
        }),
    );
    channels.insert(
        "redis".to_owned(),
        json!({
            "title": "Events on Redis",
            "address": CHANNEL,
            "description": format!(
                "With `event_transport = redis` a producer publishes its events here instead of pushing them. A message is an HMAC-SHA256 under \
                 `service_token_secret` in 64 hexadecimal digits, a line feed, and up to {BATCH} events as a JSON array. The relay passes it to the \
                 gateway, which verifies it and delivers each event to its consumers. A lost message is pulled."
            ),
            "servers": [{ "$ref": "#/servers/redis" }],
            "messages": references(&pushed_types().collect::<Vec<_>>()),
        }),
    );
    channels
}

/// Returns what each service does with each channel.
pub(super) fn operations() -> Map<String, Value> {
    let mut operations = Map::new();
    let mut add =
        |name: String, action: &str, channel: &str, types: Vec<&EventType>, summary: String, method: Option<&str>| {
            let names = types.iter().map(|event_type| format!("#/channels/{channel}/messages/{}", event_type.name));
            let mut operation = json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{channel}") },
                "summary": summary,
                "messages": names.map(|name| json!({ "$ref": name })).collect::<Vec<_>>(),
            });
            if let Some(method) = method {
                operation["bindings"]["http"] = json!({ "method": method, "bindingVersion": "0.3.0" });
            }
            if method == Some("GET") {
                operation["bindings"]["http"]["query"] = json!({
                    "type": "object",
                    "required": ["after"],
                    "properties": {
                        "after": {
                            "description": "The position after which the page begins: `next` of the page before, or 0.",
                            "type": "integer",
                            "minimum": 0,
                        },
                    },
                    "additionalProperties": false,
                });
            }
            assert!(operations.insert(name, operation).is_none(), "each operation has a name of its own");
        };
    for producer in producers() {
        let summary = format!("{producer} writes its events in the transactions of the facts.");
        add(format!("{producer}Publishes"), "send", producer, types_of(producer).collect(), summary, None);
    }
    for consumer in consumers() {
        for producer in producers_consumed_by(consumer) {
            let types = types_consumed_from(producer, consumer).collect();
            let summary = format!(
                "On each tick {consumer} pulls the events of {producer} that it consumes and has not received."
            );
            add(
                format!("{consumer}PullsFrom{}", capitalised(producer)),
                "receive",
                producer,
                types,
                summary,
                Some("GET"),
            );
        }
    }
    for producer in producers().into_iter().filter(|producer| pushes(producer)) {
        let types: Vec<&EventType> = pushed_types().filter(|event_type| event_type.producer == producer).collect();
        let summary = format!("{producer} pushes its events to their consumers.");
        add(format!("{producer}Pushes"), "send", "push", types.clone(), summary, Some("POST"));
        let summary = format!("{producer} publishes its events on Redis.");
        add(format!("{producer}PublishesOnRedis"), "send", "redis", types, summary, None);
    }
    for consumer in consumers() {
        let types = pushed_types().filter(|event_type| event_type.is_consumed_by(consumer)).collect();
        let summary = format!("{consumer} stores the events that are pushed to it, each once.");
        add(format!("{consumer}ReceivesPushes"), "receive", "push", types, summary, Some("POST"));
    }
    let summary = "gateway delivers the events that arrive over Redis to their consumers.".to_owned();
    add("gatewayReceivesFromRedis".to_owned(), "receive", "redis", pushed_types().collect(), summary, None);
    operations
}

/// Returns a reference to the message of each of `types`, by name.
fn references(types: &[&EventType]) -> Map<String, Value> {
    let reference = |event_type: &&EventType| {
        let name = event_type.name;
        (name.to_owned(), json!({ "$ref": format!("#/components/messages/{name}") }))
    };
    types.iter().map(reference).collect()
}

fn types_of(producer: &str) -> impl Iterator<Item = &'static EventType> {
    EVENT_TYPES.iter().filter(move |event_type| event_type.producer == producer)
}

/// Returns the types that are pushed: those with a consumer, of a producer that pushes.
fn pushed_types() -> impl Iterator<Item = &'static EventType> {
    EVENT_TYPES.iter().filter(|event_type| !event_type.consumers.is_empty() && pushes(event_type.producer))
}
