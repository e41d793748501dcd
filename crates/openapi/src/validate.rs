//! Holds responses against a document.

use crate::components::PROBLEM_JSON;
use anyhow::{Result, anyhow};
use jsonschema::Draft;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Checks responses: each must be one that the document describes, with no member or header missing and no member too many.
#[derive(Debug)]
pub struct Validator {
    operations: Vec<Described>,
    components: Value,
    /// The compiled schemas by operation, status and media type: compiling one takes longer than using it.
    compiled: Mutex<BTreeMap<String, Arc<jsonschema::Validator>>>,
}

/// An operation of the document.
#[derive(Debug)]
struct Described {
    id: String,
    method: String,
    path: String,
    responses: Map<String, Value>,
}

/// A response, and the request that it is for.
#[derive(Debug)]
pub struct ResponseParts<'r> {
    /// The method of the request.
    pub method: &'r str,
    /// The path of the request, without its query.
    pub path: &'r str,
    /// The status of the response.
    pub status: u16,
    /// The headers of the response.
    pub headers: Vec<(&'r str, &'r str)>,
    /// The body of the response.
    pub body: &'r [u8],
}

impl ResponseParts<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(present, _)| present.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

impl Validator {
    /// Makes a validator of `document`: of one service, or the bundle.
    pub fn new(document: &Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let responses = operation["responses"].as_object().into_iter().flatten();
                operations.push(Described {
                    id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
                    method: method.to_ascii_uppercase(),
                    path: path.clone(),
                    responses: responses
                        .map(|(status, response)| (status.clone(), resolve(document, response).clone()))
                        .collect(),
                });
            }
        }
        let mut components = json!({ "schemas": document["components"]["schemas"] });
        for (name, schema) in components["schemas"].as_object_mut().into_iter().flatten() {
            // A problem has members of its type beside these, which the schema of the type closes.
            if name != "Problem" {
                close(schema);
            }
        }
        Self { operations, components, compiled: Mutex::default() }
    }

    /// Returns the id of the operation that a request is for.
    pub fn operation(&self, method: &str, path: &str) -> Option<&str> {
        self.find(method, path).map(|operation| operation.id.as_str())
    }

    /// Checks `response`. One to a request for an operation that the document does not have passes.
    ///
    /// # Errors
    ///
    /// What is wrong with it, one fault a line.
    pub fn check(&self, response: &ResponseParts<'_>) -> Result<()> {
        let Some(operation) = self.find(response.method, response.path) else { return Ok(()) };
        let faults = self.faults(operation, response);
        if faults.is_empty() {
            return Ok(());
        }
        let (id, status) = (&operation.id, response.status);
        Err(anyhow!("the response {status} of {id} is not the documented one:\n{}", faults.join("\n")))
    }

    fn find(&self, method: &str, path: &str) -> Option<&Described> {
        let method = if method == "HEAD" { "GET" } else { method };
        let candidates = self.operations.iter().filter(|operation| matches(&operation.path, path));
        // `/v1/users/me` is not a user of the id `me`, also for a method that only users of an id have.
        let template = &candidates.min_by_key(|operation| operation.path.matches('{').count())?.path;
        self.operations.iter().find(|operation| operation.method == method && operation.path == *template)
    }

    fn faults(&self, operation: &Described, response: &ResponseParts<'_>) -> Vec<String> {
        let Some(described) = operation.responses.get(&response.status.to_string()) else {
            let known: Vec<&str> = operation.responses.keys().map(String::as_str).collect();
            let body = String::from_utf8_lossy(response.body);
            return vec![format!("its status is none of {}: {body}", known.join(", "))];
        };
        let mut faults = Vec::new();
        for (name, header) in described["headers"].as_object().into_iter().flatten() {
            if header["required"] == true && response.header(name).is_none() {
                faults.push(format!("the header {name} is missing"));
            }
        }
        let content = described["content"].as_object();
        let media_type = response.header("content-type").map(|value| value.split(';').next().unwrap_or(value).trim());
        match (content, media_type) {
            _ if response.method == "HEAD" => {}
            (None, _) if response.body.is_empty() => {}
            (None, _) => faults.push("it has a body".to_owned()),
            (Some(content), Some(media_type)) => match content.get(media_type) {
                Some(described) if media_type == "application/json" || media_type == PROBLEM_JSON => {
                    let place = format!("{} {} {media_type}", operation.id, response.status);
                    faults.extend(self.schema_faults(place, &described["schema"], response.body));
                }
                Some(_) => {}
                None => faults.push(format!("its media type is {media_type}")),
            },
            (Some(_), None) => faults.push("its media type is missing".to_owned()),
        }
        faults
    }

    fn schema_faults(&self, place: String, schema: &Value, body: &[u8]) -> Vec<String> {
        let body: Value = match serde_json::from_slice(body) {
            Ok(body) => body,
            Err(error) => return vec![format!("its body is not JSON: {error}")],
        };
        let (place, schema) = match schema["discriminator"]["mapping"].as_object() {
            None => (place, schema.clone()),
            Some(types) => {
                let kind = body["type"].as_str().unwrap_or_default();
                let Some(target) = types.get(kind) else {
                    let known: Vec<&str> = types.keys().map(String::as_str).collect();
                    return vec![format!("its type is {kind:?}, and none of {}", known.join(", "))];
                };
                (format!("{place} {kind}"), json!({ "$ref": target }))
            }
        };
        let validator = {
            let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = compiled.entry(place).or_insert_with(|| Arc::new(self.compile(&schema)));
            Arc::clone(entry)
        };
        validator.iter_errors(&body).map(|error| format!("at \"{}\": {error}", error.instance_path())).collect()
    }

    fn compile(&self, schema: &Value) -> jsonschema::Validator {
        let mut root = schema.clone();
        close(&mut root);
        root["components"] = self.components.clone();
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        options.build(&root).expect("the schemas of a document are valid")
    }
}

/// Returns what `value` refers to, or itself.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let target = value["$ref"].as_str().and_then(|target| document.pointer(target.strip_prefix('#')?));
    target.unwrap_or(value)
}

fn matches(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == found || (expected.starts_with('{') && !found.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Refuses members that `schema` does not describe. The document leaves that open, because clients ignore what they do not know; the platform sends nothing else.
fn close(schema: &mut Value) {
    let Value::Object(members) = schema else {
        if let Value::Array(items) = schema {
            items.iter_mut().for_each(close);
        }
        return;
    };
    let has_properties = members.get("properties").is_some_and(Value::is_object) && members.get("type").is_some();
    let is_composed = members.contains_key("allOf");
    for (name, member) in members.iter_mut() {
        match name.as_str() {
            // The parts of a composed schema each see all members.
            "allOf" => {}
            "anyOf" | "oneOf" if has_properties => {}
            "properties" => member.as_object_mut().into_iter().flatten().for_each(|(_, schema)| close(schema)),
            "items" | "anyOf" | "oneOf" | "additionalProperties" => close(member),
            _ => {}
        }
    }
    if (has_properties || is_composed) && !members.contains_key("additionalProperties") {
        members.insert("unevaluatedProperties".to_owned(), false.into());
    }
}

#[cfg(test)]
mod tests {
    use super::{ResponseParts, Validator};
    use serde_json::{Value, json};

    fn validator() -> Validator {
        Validator::new(&json!({
            "paths": {
                "/v1/things/{id}": { "get": {
                    "operationId": "getThing",
                    "responses": {
                        "200": {
                            "description": "",
                            "headers": { "ETag": { "required": true } },
                            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } },
                        },
                        "304": { "$ref": "#/components/responses/NotModified" },
                    },
                } },
                "/v1/things/me": { "get": { "operationId": "getMyThing", "responses": {} } },
            },
            "components": {
                "schemas": { "Thing": {
                    "type": "object",
                    "required": ["id"],
                    "properties": { "id": { "type": "string", "format": "uuid" }, "size": { "type": "integer" } },
                } },
                "responses": { "NotModified": { "description": "" } },
            },
        }))
    }

    fn check(status: u16, headers: &[(&str, &str)], body: &Value) -> Result<(), String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = ResponseParts {
            method: "GET",
            path: "/v1/things/7",
            status,
            headers: headers.to_vec(),
            body: body.as_bytes(),
        };
        validator().check(&response).map_err(|error| error.to_string())
    }

    #[test]
    fn a_documented_response_passes() {
        let (json_type, tag) = (("content-type", "application/json"), ("etag", "\"1\""));
        let thing = json!({ "id": "01923f5e-7c00-7abc-8def-0123456789ab", "size": 2 });
        check(200, &[json_type, tag], &thing).unwrap();
        check(304, &[], &Value::Null).unwrap();
        assert_eq!(validator().operation("HEAD", "/v1/things/me"), Some("getMyThing"));
        assert_eq!(validator().operation("POST", "/v1/things/me"), None);
    }

    #[test]
    fn each_deviation_is_named() {
        let (json_type, tag) = (("content-type", "application/json"), ("etag", "\"1\""));
        let id = "01923f5e-7c00-7abc-8def-0123456789ab";
        for (status, headers, body, fault) in [
            (201, vec![json_type, tag], json!({ "id": id }), "its status is none of 200, 304"),
            (200, vec![json_type], json!({ "id": id }), "the header ETag is missing"),
            (200, vec![tag], json!({ "id": id }), "its media type is missing"),
            (200, vec![("content-type", "text/plain"), tag], json!({ "id": id }), "its media type is text/plain"),
            (200, vec![json_type, tag], json!({ "id": "7" }), "at \"/id\""),
            (200, vec![json_type, tag], json!({ "size": 1 }), "\"id\" is a required property"),
            (200, vec![json_type, tag], json!({ "id": id, "colour": 1 }), "colour"),
            (304, vec![], json!({ "id": id }), "it has a body"),
        ] {
            let message = check(status, &headers, &body).unwrap_err();
            assert!(message.contains(fault), "{message} does not contain {fault}");
        }
    }
}
