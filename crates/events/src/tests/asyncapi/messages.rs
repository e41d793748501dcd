//! The messages of the AsyncAPI document, and the schemas of their data.

use super::read;
use serde_json::{Map, Value, json};
use spindle_contracts::event::{CloudEvent, EventType};

/// Returns the message of a type: the envelope with the data of the type, and an example of each example of its schema.
pub(super) fn message(event_type: &EventType) -> Value {
    let EventType { name, producer, .. } = event_type;
    let (schema, envelope) = (read(&format!("events/{name}.json")), read("events/CloudEvent.json"));
    let source = CloudEvent::source_of(producer);
    // Each type is about the first member of its data.
    let subject = schema["required"][0].as_str().expect("the data of an event has a member");
    let examples = schema["examples"].as_array().expect("each schema has an example").iter().map(|data| {
        let mut payload = envelope["examples"][0].clone();
        for (member, value) in [
            ("type", (*name).into()),
            ("source", source.as_str().into()),
            ("subject", data[subject].clone()),
            ("data", data.clone()),
        ] {
            payload[member] = value;
        }
        json!({ "name": name, "payload": payload })
    });
    json!({
        "name": name,
        "title": name,
        "summary": schema["description"],
        "contentType": CloudEvent::STRUCTURED,
        "correlationId": {
            "description": "The request in which the fact happened: its X-Request-Id.",
            "location": "$message.payload#/requestid",
        },
        "payload": {
            "allOf": [
                { "$ref": "#/components/schemas/CloudEvent" },
                {
                    "type": "object",
                    "properties": {
                        "source": { "const": source },
                        "type": { "const": name },
                        "data": { "$ref": format!("#/components/schemas/{name}") },
                    },
                },
            ],
        },
        "examples": examples.collect::<Vec<_>>(),
    })
}

/// Adds the schema `name` of `api-specs/events` and its definitions to `schemas`.
pub(super) fn add_schema(schemas: &mut Map<String, Value>, name: &str) {
    let mut schema = read(&format!("events/{name}.json"));
    adapt(&mut schema);
    let members = schema.as_object_mut().expect("a schema is an object");
    // Here they would change the base of references, and name a dialect that AsyncAPI does not read.
    members.retain(|member, _| member != "$schema" && member != "$id");
    // They are in the examples of the messages.
    members.remove("examples");
    if let Some(Value::Object(definitions)) = members.remove("$defs") {
        for (name, definition) in definitions {
            let present = schemas.entry(name).or_insert_with(|| definition.clone());
            assert_eq!(*present, definition, "the definitions of one name are the same in all schemas");
        }
    }
    assert!(schemas.insert(name.to_owned(), schema).is_none());
}

/// Changes a schema as AsyncAPI requires it: references lead into the document, and have no members beside them. Closed objects become open, since
/// members may be added: the files in `api-specs/events` say what is sent today, this document what a consumer has to accept.
fn adapt(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("additionalProperties") == Some(&Value::Bool(false)) {
                members.remove("additionalProperties");
            }
            if let Some(Value::String(reference)) = members.remove("$ref") {
                let reference = json!({ "$ref": reference.replace("#/$defs/", "#/components/schemas/") });
                if members.is_empty() {
                    *schema = reference;
                    return;
                }
                members.insert("allOf".to_owned(), json!([reference]));
            }
            members.values_mut().for_each(adapt);
        }
        Value::Array(items) => items.iter_mut().for_each(adapt),
        _ => {}
    }
}
