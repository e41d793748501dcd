//! Prepares the 3.0 rendering for progenitor, so that the client is pleasant to call and accepts what later servers send. The server checks requests, and
//! the document promises that responses only grow: so the types have the members and their kinds, and no rules for values.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::enumerations::Enumeration;

/// The rules for values, which the server checks.
const RULES: &[&str] = &[
    "default",
    "discriminator",
    "example",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "writeOnly",
];

/// The members of responses that are secrets, and have no format that says so.
const SECRETS: &[&str] = &["access_token", "refresh_token", "Invitation.token"];

/// The schemas in which `null` clears what an absent member leaves, beside those whose names end with `Patch`.
const MERGE_PATCHES: &[&str] = &["ProductLine"];

/// The body of an operation that takes none.
const NO_MEMBERS: &str = "NoMembers";

const SCHEMAS: &str = "#/components/schemas/";

/// What is generated from.
pub(crate) struct Prepared {
    /// The document for progenitor.
    pub(crate) document: Value,
    /// The schemas that have a type of ours, with its path.
    pub(crate) replacements: Vec<(String, String)>,
    pub(crate) enumerations: Vec<Enumeration>,
    /// The types of requests, which need a builder.
    pub(crate) requests: BTreeSet<String>,
    /// The ids of the operations that take an access token, in snake_case.
    pub(crate) authenticated: Vec<String>,
    /// The ids of the operations that take an `Idempotency-Key`, in snake_case.
    pub(crate) with_idempotency_key: Vec<String>,
}

impl Prepared {
    /// Prepares a 3.0 document.
    pub(crate) fn of(rendering: &Value) -> Self {
        let replacements = [
            (
                "NullableMap",
                "crate::Nullable<::std::collections::BTreeMap<::std::string::String, ::serde_json::Value>>",
            ),
            ("NullableString", "crate::Nullable<::std::string::String>"),
            ("Problem", "crate::Problem"),
            ("Secret", "crate::Secret"),
            ("Timestamp", "::jiff::Timestamp"),
        ];
        let mut prepared = Self {
            document: rendering.clone(),
            replacements: replacements.iter().map(|(name, path)| ((*name).into(), (*path).into())).collect(),
            enumerations: Vec::new(),
            requests: BTreeSet::new(),
            authenticated: Vec::new(),
            with_idempotency_key: Vec::new(),
        };
        let schemas = prepared.schemas(&rendering["components"]["schemas"]);
        let mut paths = rendering["paths"].clone();
        for operation in
            paths.as_object_mut().unwrap().values_mut().flat_map(|path| path.as_object_mut().unwrap().values_mut())
        {
            prepared.operation(operation, &rendering["components"]["parameters"]);
        }
        let names = prepared.enumerations.iter().map(|enumeration| enumeration.name.clone());
        prepared.replacements.extend(names.map(|name| (name.clone(), format!("crate::facts::{name}"))));
        prepared.document = json!({
            "openapi": rendering["openapi"], "info": rendering["info"], "paths": &paths, "components": { "schemas": schemas },
        });
        for body in paths.as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values()) {
            reach(&body["requestBody"], &prepared.document["components"]["schemas"], &mut prepared.requests);
        }
        // The schemas that only our types stand for.
        for (name, _) in &prepared.replacements {
            prepared.document["components"]["schemas"][name] = json!({ "type": "string" });
        }
        prepared
    }

    fn schemas(&mut self, source: &Value) -> Value {
        let mut schemas = json!({});
        for (name, schema) in source.as_object().unwrap() {
            if ["Problem", NO_MEMBERS].contains(&name.as_str()) || self.enumeration(name, schema) {
                continue;
            }
            if let Some(members) = problem_members(schema) {
                if !members["properties"].as_object().unwrap().is_empty() {
                    schemas[name] = self.schema(name, &members);
                    schemas[name]["description"] =
                        format!("The further members of a problem. {}", schema["description"].as_str().unwrap()).into();
                }
                continue;
            }
            schemas[name] = self.schema(name, schema);
        }
        schemas
    }

    /// Adds the enumeration that a schema is, if it is one. Returns whether it is.
    fn enumeration(&mut self, name: &str, schema: &Value) -> bool {
        self.enumerated(name, schema).is_some()
    }

    /// Returns the name of the enumeration that a schema is, if it is one.
    fn enumerated(&mut self, name: &str, schema: &Value) -> Option<String> {
        let enumeration = Enumeration::of(name, schema)?;
        if let Some(present) = self.enumerations.iter().find(|present| present.has_values_of(&enumeration)) {
            return Some(present.name.clone());
        }
        let name = enumeration.name.clone();
        self.enumerations.push(enumeration);
        Some(name)
    }

    /// Prepares the schema at `place`: the name of a component, or one with a member of it such as `Order.status`.
    fn schema(&mut self, place: &str, source: &Value) -> Value {
        let member = place.rsplit('.').next().unwrap();
        let is_secret = source["format"] == "password" || SECRETS.contains(&place) || SECRETS.contains(&member);
        let owner = place.split('.').next().unwrap();
        let is_merge_patch = place.contains('.') && (owner.ends_with("Patch") || MERGE_PATCHES.contains(&owner));
        if is_secret {
            return reference("Secret", source);
        }
        if source["format"] == "date-time" {
            return reference("Timestamp", source);
        }
        if is_merge_patch && source["nullable"] == true {
            // The absence of the member is an `Option` as well.
            let mut schema =
                reference(if source["type"] == "object" { "NullableMap" } else { "NullableString" }, source);
            schema.as_object_mut().unwrap().remove("nullable");
            return schema;
        }
        if let Some(name) = self.enumerated(&camel(place), source) {
            return reference(&name, source);
        }
        let mut schema = json!({});
        for (name, value) in source.as_object().unwrap() {
            match name.as_str() {
                name if RULES.contains(&name) => {}
                // A string with one value is a string: it may get others.
                "enum" => {}
                // A member that is not known is ignored.
                "additionalProperties" if value == false => {}
                // Which members go together.
                "oneOf" if value.as_array().unwrap().iter().all(|one| !one["required"].is_null()) => {}
                // Strings, numbers or booleans are any JSON.
                "anyOf"
                    if value
                        .as_array()
                        .unwrap()
                        .iter()
                        .all(|one| one.as_object().unwrap().len() == 1 && one["$ref"].is_null()) => {}
                "properties" => {
                    for (member, value) in value.as_object().unwrap() {
                        schema["properties"][member] = self.schema(&format!("{place}.{member}"), value);
                    }
                }
                "items" | "additionalProperties" if value.is_object() => {
                    schema[name] = self.schema(&format!("{place}.{name}"), value)
                }
                _ => schema[name] = value.clone(),
            }
        }
        // A map of any JSON.
        if schema.as_object().unwrap().keys().all(|name| ["format", "nullable"].contains(&name.as_str())) {
            return json!({});
        }
        schema
    }

    fn operation(&mut self, operation: &mut Value, parameters: &Value) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        if operation["security"].as_array().is_some_and(|security| !security.is_empty()) {
            self.authenticated.push(snake(&id));
        }
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(name) = parameter["$ref"].as_str() {
                *parameter = parameters[name.rsplit('/').next().unwrap()].clone();
            }
            let name = parameter["name"].as_str().unwrap().to_owned();
            let place = format!("{id}.{name}");
            parameter["schema"] = self.schema(&place, &parameter["schema"].clone());
            if name == "Idempotency-Key" {
                // The client makes one if the caller has none.
                parameter["required"] = false.into();
                self.with_idempotency_key.push(snake(&id));
            }
            if name == "limit" {
                parameter["schema"]["format"] = "uint32".into();
            }
        }
        // A body that says nothing.
        if operation
            .pointer("/requestBody/content/application~1json/schema/$ref")
            .is_some_and(|schema| *schema == format!("{SCHEMAS}{NO_MEMBERS}"))
        {
            operation.as_object_mut().unwrap().remove("requestBody");
        }
        for (media_type, content) in operation["requestBody"]["content"].as_object().cloned().into_iter().flatten() {
            operation["requestBody"]["content"] = match media_type.as_str() {
                "application/json" => json!({ media_type: { "schema": self.schema(&id, &content["schema"]) } }),
                // progenitor knows no other body of text: the client corrects the type when it sends the request.
                _ => json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
            };
        }
        if operation["requestBody"].get("content").is_none_or(Value::is_null) {
            operation.as_object_mut().unwrap().remove("requestBody");
        }
        self.responses(&id, operation);
    }

    /// Keeps the successful responses, and has one type for all errors. 304 is left to the caller who sent the `If-None-Match`.
    fn responses(&mut self, id: &str, operation: &mut Value) {
        let mut responses = json!({});
        for (status, response) in
            operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'))
        {
            responses[status] = json!({ "description": response["description"] });
            if let Some(schema) = response.pointer("/content/application~1json/schema") {
                responses[status]["content"]["application/json"]["schema"] = self.schema(id, schema);
            }
        }
        for range in ["4XX", "5XX"] {
            responses[range] = json!({
                "description": "A problem (RFC 9457).",
                "content": { "application/json": { "schema": { "$ref": format!("{SCHEMAS}Problem") } } },
            });
        }
        operation["responses"] = responses;
    }
}

/// Returns a reference to a schema in the place of `source`, whose description and `null` it keeps.
fn reference(name: &str, source: &Value) -> Value {
    let reference = json!({ "$ref": format!("{SCHEMAS}{name}") });
    let mut schema = json!({ "allOf": [reference] });
    for member in ["description", "nullable"] {
        if let Some(value) = source.get(member) {
            schema[member] = value.clone();
        }
    }
    schema
}

/// Adds the names of the schemas that `value` refers to, and those that they refer to.
fn reach(value: &Value, schemas: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(SCHEMAS));
            if let Some(name) = name
                && names.insert(name.to_owned())
            {
                reach(&schemas[name], schemas, names);
            }
            members.values().for_each(|member| reach(member, schemas, names));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, schemas, names)),
        _ => {}
    }
}

/// Returns the members that a type of problem has beside those of every problem, if the schema is one of them.
fn problem_members(schema: &Value) -> Option<Value> {
    let parts = schema["allOf"].as_array()?;
    parts.iter().any(|part| part["$ref"] == format!("{SCHEMAS}Problem")).then_some(())?;
    let mut members = parts.iter().find(|part| part["properties"].is_object())?.clone();
    for common in ["status", "title", "type"] {
        members["properties"].as_object_mut()?.remove(common);
    }
    Some(members)
}

/// Returns `ListOrdersSort` of `listOrders.sort`.
fn camel(place: &str) -> String {
    let words = place.split(['.', '_', '-']);
    words.map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..])).collect()
}

/// Returns `place_order` of `placeOrder`.
fn snake(id: &str) -> String {
    let mut result = String::new();
    for letter in id.chars() {
        if letter.is_uppercase() {
            result.push('_');
        }
        result.extend(letter.to_lowercase());
    }
    result
}
