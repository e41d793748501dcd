//! `api-specs/asyncapi.json`, the AsyncAPI document of the events: made from the table of event types and from the schemas in
//! `api-specs/events`. `SPINDLE_UPDATE=1 cargo test -p spindle-events asyncapi` writes it.

mod channels;
mod messages;

use messages::{add_schema, message};
use serde::Serialize;
use serde_json::{Map, Value, json};
use spindle_contracts::event::{CloudEvent, EVENT_TYPES, EventType, consumers};
use spindle_openapi::{directory, write_or_compare};
use std::collections::BTreeSet;
use std::fs;

/// What holds for every event, for the reader of the document.
const DESCRIPTION: &str = "\
The events of the commerce back end Spindle, for developers of services and for other programs that read its events. A service writes an event in the \
transaction of the fact, so that an event reaches its consumers at least once; `source` and `id` together identify it, and an event with the same two is \
a duplicate. There is no order: pushes, pulls and retries overtake each other.\n\
\n\
Each event is a CloudEvent 1.0 in its JSON format. It travels in three ways, which the channels describe: consumers pull it from its producer, the \
producer pushes it to its consumers, or the producer publishes it on Redis (`event_transport` is `redis`).\n\
\n\
The document may grow in a version: new types of events, new members in the envelope and in the data, and new values of enumerations. A consumer ignores \
types, members and extensions that it does not know, and treats a value that it does not know as unknown and not as an error. No member is removed.";

/// The document. Its members are in the order in which a reader needs them.
#[derive(Serialize)]
struct Document {
    asyncapi: &'static str,
    info: Value,
    #[serde(rename = "defaultContentType")]
    default_content_type: &'static str,
    servers: Value,
    channels: Map<String, Value>,
    operations: Map<String, Value>,
    components: Value,
}

fn document() -> Document {
    let mut schemas = Map::new();
    add_schema(&mut schemas, "CloudEvent");
    EVENT_TYPES.iter().for_each(|event_type| add_schema(&mut schemas, event_type.name));
    let messages: Map<String, Value> =
        EVENT_TYPES.iter().map(|event_type| (event_type.name.to_owned(), message(event_type))).collect();
    Document {
        asyncapi: "3.0.0",
        info: json!({
            "title": "Spindle: events",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0 WITH LLVM-exception" },
        }),
        default_content_type: CloudEvent::STRUCTURED,
        servers: json!({
            "services": {
                "host": "{service}.spin.internal",
                "protocol": "http",
                "description": "The services, by service chaining; no route leads to these paths from outside. The variable `<service>_url` names another URL.",
                "variables": {
                    "service": { "description": "The service that owns the path.", "enum": services() },
                },
                "security": [{ "$ref": "#/components/securitySchemes/serviceToken" }],
            },
            "redis": {
                "host": "127.0.0.1:6379",
                "protocol": "redis",
                "description": "The server in the variable `redis_address`. A program that can publish there cannot forge an event: each message is signed.",
            },
        }),
        channels: channels::channels(),
        operations: channels::operations(),
        components: json!({
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": {
                "serviceToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token that names the calling service and this operation, valid for a minute and signed with `service_token_secret`.",
                },
            },
        }),
    }
}

/// Reads the file `name` of api-specs/, which is JSON.
fn read(name: &str) -> Value {
    let text = fs::read_to_string(directory().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the services that publish events, in alphabetical order.
fn producers() -> BTreeSet<&'static str> {
    EVENT_TYPES.iter().map(|event_type| event_type.producer).collect()
}

/// Returns the services that publish or consume events, in alphabetical order.
fn services() -> BTreeSet<&'static str> {
    producers().into_iter().chain(consumers()).collect()
}

/// Returns whether `producer` pushes its events: then spin.toml gives it the variable with the transport.
fn pushes(producer: &str) -> bool {
    let manifest = include_str!("../../../../spin.toml");
    let heading = format!("[component.{producer}.variables]\n");
    let (_, rest) = manifest.split_once(&heading).unwrap_or_else(|| panic!("spin.toml has no {heading}"));
    rest.split("\n[").next().unwrap_or_default().contains("\nevent_transport = ")
}

fn capitalised(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Returns every reference in `value`.
fn all_references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            members.values().flat_map(all_references).chain(own).collect()
        }
        Value::Array(items) => items.iter().flat_map(all_references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_asyncapi_document_has_exactly_the_event_types_and_their_schemas() {
    let content = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    write_or_compare(&directory().join("asyncapi.json"), &content, "cargo test -p spindle-events asyncapi");
}

#[test]
fn the_asyncapi_document_is_whole() {
    let document = serde_json::to_value(document()).unwrap();
    for reference in all_references(&document) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    // Each service that takes part sends or receives, and each type is sent by its producer and received by its consumers.
    let operations = document["operations"].as_object().unwrap();
    let has = |name: String, event_type: &EventType| {
        let messages = operations.get(&name).unwrap_or_else(|| panic!("{name}"))["messages"].to_string();
        assert!(messages.contains(&format!("/messages/{}\"", event_type.name)), "{name} has {}", event_type.name);
    };
    for event_type in EVENT_TYPES {
        has(format!("{}Publishes", event_type.producer), event_type);
        for consumer in event_type.consumers {
            has(format!("{consumer}PullsFrom{}", capitalised(event_type.producer)), event_type);
        }
    }
    assert_eq!(
        producers().into_iter().filter(|producer| pushes(producer)).collect::<Vec<_>>(),
        ["orders", "payments", "users"]
    );
}

#[test]
fn each_message_describes_its_examples() {
    let document = serde_json::to_value(document()).unwrap();
    for (name, message) in document["components"]["messages"].as_object().unwrap() {
        // AsyncAPI's schemas are those of draft 7 (AsyncAPI 3.0, Schema Object).
        let schema = json!({ "allOf": message["payload"]["allOf"], "components": { "schemas": document["components"]["schemas"] } });
        let validator = jsonschema::draft7::new(&schema).unwrap();
        for example in message["examples"].as_array().unwrap() {
            let event: CloudEvent = serde_json::from_value(example["payload"].clone()).unwrap();
            assert_eq!(
                EventType::find(&event.kind).map(|found| (found.name, found.producer)),
                Some((name.as_str(), event.producer()))
            );
            if let Err(error) = validator.validate(&example["payload"]) {
                panic!("{name}: {error}");
            }
            // What a later release adds is valid, and what lacks a member is not.
            let mut later = example["payload"].clone();
            (later["extension"], later["data"]["new_member"]) = (json!(1), json!(1));
            assert!(validator.is_valid(&later), "{name}");
            for member in example["payload"]["data"].as_object().unwrap().keys() {
                let mut without = example["payload"].clone();
                without["data"].as_object_mut().unwrap().remove(member);
                assert!(!validator.is_valid(&without), "{name} without {member}");
            }
        }
    }
}
