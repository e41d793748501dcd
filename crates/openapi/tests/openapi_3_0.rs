//! The 3.0 rendering describes the same API as the document: nothing is lost but what [`LOSSES`] lists.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spindle_openapi::{LOSSES, openapi_3_0, read};

/// The members of a schema that the rendering drops, from [`LOSSES`].
const DROPPED: &[&str] = &["contentMediaType", "contentSchema", "else", "if", "propertyNames", "then"];

/// The members that a 3.0 schema may have (<https://spec.openapis.org/oas/v3.0.4#schema-object>).
const ALLOWED: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Returns what a schema of either version says, in one form: the types as a set, `null` among them; the allowed values; the schemas that it is made of.
fn meaning(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let (mut types, mut parts, mut result) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
    for (name, value) in members {
        match name.as_str() {
            name if DROPPED.contains(&name) => {}
            "nullable" => drop(types.insert("null".to_owned())),
            "type" => match value {
                Value::Array(several) => types.extend(several.iter().map(|one| one.as_str().unwrap().to_owned())),
                one => drop(types.insert(one.as_str().unwrap().to_owned())),
            },
            "const" => drop(result.insert("enum".to_owned(), json!([value]))),
            "examples" => drop(result.insert("example".to_owned(), value[0].clone())),
            "$ref" => parts.push(json!({ "$ref": value })),
            "properties" => {
                let properties = value.as_object().unwrap().iter();
                let properties: BTreeMap<_, _> = properties.map(|(name, schema)| (name, meaning(schema))).collect();
                result.insert(name.clone(), json!(properties));
            }
            "items" | "not" | "additionalProperties" => drop(result.insert(name.clone(), meaning(value))),
            "allOf" | "anyOf" | "oneOf" => {
                let all: Vec<Value> = value.as_array().unwrap().iter().map(meaning).collect();
                let null = |one: &Value| *one == json!({ "types": ["null"] });
                let only_types =
                    |one: &Value| one.as_object().is_some_and(|one| one.len() == 1 && one.contains_key("types"));
                let others: Vec<Value> = all.iter().filter(|one| !null(one) && **one != json!({})).cloned().collect();
                if others.len() < all.len() && name != "allOf" {
                    types.insert("null".to_owned());
                }
                if name == "anyOf" && others.iter().all(only_types) {
                    types.extend(others.iter().map(|one| one["types"][0].as_str().unwrap().to_owned()));
                } else if name == "allOf" || others.len() == 1 {
                    parts.extend(others);
                } else {
                    result.insert(name.clone(), others.into());
                }
            }
            _ => drop(result.insert(name.clone(), value.clone())),
        }
    }
    // The type of a constant is that of its value.
    if result.contains_key("enum") {
        types.remove("integer");
        types.remove("string");
    }
    // A reference means the same with and without siblings.
    if result.is_empty() && types.is_empty() && parts.len() == 1 {
        return parts.swap_remove(0);
    }
    if !types.is_empty() {
        result.insert("types".to_owned(), json!(types));
    }
    if !parts.is_empty() {
        result.insert("parts".to_owned(), parts.into());
    }
    json!(result)
}

/// Replaces every schema below `value` by its meaning.
fn with_meanings(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let value = match name.as_str() {
                    "schema" => meaning(value),
                    "schemas" => {
                        let schemas: BTreeMap<_, _> =
                            value.as_object().unwrap().iter().map(|(name, schema)| (name, meaning(schema))).collect();
                        json!(schemas)
                    }
                    "example" | "examples" => value.clone(),
                    // Roles: see LOSSES.
                    "security" => value
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|one| one.as_object().unwrap().keys().cloned().collect::<Vec<_>>())
                        .collect(),
                    _ => with_meanings(value),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => items.iter().map(with_meanings).collect(),
        _ => value.clone(),
    }
}

fn document() -> Value {
    read("openapi.yaml").unwrap()
}

#[test]
fn the_rendering_says_the_same_as_the_document() {
    let document = document();
    let rendering = openapi_3_0(&document);
    for (name, value) in
        document.as_object().unwrap().iter().filter(|(name, _)| !["info", "openapi"].contains(&name.as_str()))
    {
        let (expected, found) = (with_meanings(value), with_meanings(&rendering[name]));
        for (part, expected) in expected.as_object().into_iter().flatten() {
            for (member, expected) in expected.as_object().into_iter().flatten() {
                assert_eq!(*expected, found[part][member], "{name}/{part}/{member}");
            }
            assert_eq!(*expected, found[part], "{name}/{part}");
        }
        assert_eq!(expected, found, "{name}");
    }
    assert_eq!(rendering["info"]["version"], document["info"]["version"]);
    let description = rendering["info"]["description"].as_str().unwrap();
    assert!(description.starts_with(document["info"]["summary"].as_str().unwrap()));
    assert!(description.ends_with(document["info"]["description"].as_str().unwrap()));
}

#[test]
fn the_rendering_has_no_member_that_3_0_lacks() {
    fn check(schema: &Value, place: &str) {
        for (name, value) in schema.as_object().into_iter().flatten() {
            assert!(ALLOWED.contains(&name.as_str()), "{place} has {name}");
            match name.as_str() {
                "type" => assert!(value.is_string(), "{place} has several types"),
                "$ref" => assert_eq!(schema.as_object().unwrap().len(), 1, "{place} has siblings of a reference"),
                "items" | "not" | "additionalProperties" => check(value, place),
                "properties" => {
                    value.as_object().unwrap().iter().for_each(|(name, value)| check(value, &format!("{place}/{name}")))
                }
                "allOf" | "anyOf" | "oneOf" => value.as_array().unwrap().iter().for_each(|one| check(one, place)),
                _ => {}
            }
        }
    }
    fn find(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                members.iter().filter(|(name, _)| !name.starts_with("example")).for_each(|(name, value)| {
                    let place = format!("{place}/{name}");
                    if name == "schema" { check(value, &place) } else { find(value, &place) }
                })
            }
            Value::Array(items) => items.iter().for_each(|item| find(item, place)),
            _ => {}
        }
    }
    let mut rendering = openapi_3_0(&document());
    for (name, schema) in rendering["components"]["schemas"].as_object().unwrap() {
        check(schema, name);
    }
    assert_eq!(rendering["openapi"], "3.0.4");
    rendering["components"]["schemas"].take();
    find(&rendering, "");
    let document = document().to_string();
    for name in DROPPED {
        assert!(LOSSES.iter().any(|(place, _)| place.contains(name)), "LOSSES lists {name}");
        assert!(document.contains(&format!("\"{name}\":")), "the document has no {name} any more: remove it");
    }
}

#[test]
fn each_form_of_3_1_becomes_the_one_of_3_0() {
    let rendered = |schema: Value| {
        openapi_3_0(&json!({ "components": { "schemas": { "A": schema } } }))["components"]["schemas"]["A"].clone()
    };
    for (source, expected) in [
        (json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })),
        (json!({ "type": ["string", "number"] }), json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] })),
        (
            json!({ "anyOf": [{ "$ref": "#/B" }, { "type": "null" }] }),
            json!({ "allOf": [{ "$ref": "#/B" }], "nullable": true }),
        ),
        (json!({ "const": 409 }), json!({ "enum": [409], "type": "integer" })),
        (json!({ "$ref": "#/B", "description": "b" }), json!({ "allOf": [{ "$ref": "#/B" }], "description": "b" })),
        (json!({ "allOf": [{ "if": {}, "then": {} }], "type": "object" }), json!({ "type": "object" })),
        (json!({ "type": "string", "examples": ["a", "b"] }), json!({ "type": "string", "example": "a" })),
    ] {
        assert_eq!(rendered(source.clone()), expected, "{source}");
    }
}
