//! The operations of the OpenAPI document (api-specs/openapi.json), from which suites generate their requests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, LazyLock};

use serde_json::Value;

/// A public operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The service that has it.
    pub service: String,
    /// Its id: `getOrder`.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path, with `{name}` for each parameter.
    pub path: String,
    /// The least role of a caller; `None` if no token is needed.
    pub role: Option<String>,
    /// The class that counts its requests, if one does.
    pub rate_class: Option<String>,
    /// The longest body, in bytes.
    pub body_limit: usize,
    description: Value,
    document: Arc<Value>,
}

/// Returns the operations of the document of all services.
///
/// # Panics
///
/// If it is missing or is no OpenAPI document.
pub fn operations() -> &'static [Operation] {
    static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| read(&Arc::new(document())));
    &OPERATIONS
}

/// Returns the operation with this id.
///
/// # Panics
///
/// If the document does not have it.
pub fn operation(id: &str) -> &'static Operation {
    operations()
        .iter()
        .find(|operation| operation.id == id)
        .unwrap_or_else(|| panic!("openapi.json does not have {id}"))
}

/// Returns the document of all services.
///
/// # Panics
///
/// If it is missing or malformed.
pub fn document() -> Value {
    let text = fs::read(spindle_openapi::directory().join("openapi.json")).expect("api-specs/openapi.json can be read");
    serde_json::from_slice(&text).expect("api-specs/openapi.json is JSON")
}

fn read(document: &Arc<Value>) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in object(&document["paths"]) {
        for (method, description) in object(item) {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let required =
                |value: &Value| text(value).unwrap_or_else(|| panic!("{method} {path} has no id or service"));
            operations.push(Operation {
                service: required(&description["tags"][0]),
                id: required(&description["operationId"]),
                method: method.to_ascii_uppercase(),
                path: path.clone(),
                role: text(&description["security"][0]["bearer"][0]),
                rate_class: text(&description["x-rate-class"]),
                body_limit: description["x-max-body-bytes"]
                    .as_u64()
                    .and_then(|bytes| bytes.try_into().ok())
                    .unwrap_or(0),
                description: description.clone(),
                document: Arc::clone(document),
            });
        }
    }
    operations
}

impl Operation {
    /// Returns method and path.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns whether it only reads.
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }

    /// Returns whether it has a parameter of this name in the head, the query or the path (`header`, `query`, `path`).
    pub fn has_parameter(&self, place: &str, name: &str) -> bool {
        self.parameters(place).iter().any(|parameter| parameter.eq_ignore_ascii_case(name))
    }

    /// Returns the names of its parameters in this place.
    pub fn parameters(&self, place: &str) -> Vec<&str> {
        let all =
            self.description["parameters"].as_array().into_iter().flatten().map(|parameter| self.resolve(parameter));
        all.filter(|parameter| parameter["in"] == place).filter_map(|parameter| parameter["name"].as_str()).collect()
    }

    /// Returns its responses by their status.
    pub fn responses(&self) -> BTreeMap<u16, &Value> {
        let status = |(status, response): (&str, _)| (status.parse::<u16>().expect("a status"), self.resolve(response));
        object(&self.description["responses"]).map(|(name, response)| status((name.as_str(), response))).collect()
    }

    /// Returns the status of a success.
    ///
    /// # Panics
    ///
    /// If the document has none.
    pub fn success(&self) -> u16 {
        let success = self.responses().into_keys().find(|status| (200..300).contains(status));
        success.unwrap_or_else(|| panic!("{} has no success", self.id))
    }

    /// Returns the schema of its responses with `status`, if they have a JSON body.
    pub fn response_schema(&self, status: u16) -> Option<&Value> {
        let content = &self.responses().remove(&status)?["content"];
        content.get("application/json").or_else(|| content.get("application/problem+json")).map(|body| &body["schema"])
    }

    /// Returns the names of the types of its problems: `price-changed`.
    pub fn problems(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for status in self.responses().into_keys().filter(|status| *status >= 400) {
            if let Some(schema) = self.response_schema(status) {
                self.collect_problems(schema, &mut found);
            }
        }
        found
    }

    fn collect_problems(&self, schema: &Value, found: &mut BTreeSet<String>) {
        let schema = self.resolve(schema);
        if let Some(uri) = schema.pointer("/properties/type/const").and_then(Value::as_str) {
            found.insert(uri.rsplit('/').next().unwrap_or(uri).to_owned());
        }
        for alternatives in ["allOf", "anyOf", "oneOf"] {
            schema[alternatives]
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|schema| self.collect_problems(schema, found));
        }
    }

    /// Returns the value that `value` refers to, or itself if it is no reference.
    ///
    /// # Panics
    ///
    /// If the document does not have it.
    pub fn resolve<'o>(&'o self, value: &'o Value) -> &'o Value {
        let Some(target) = value["$ref"].as_str() else { return value };
        let found = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
        self.resolve(found.unwrap_or_else(|| panic!("{}: {target} is missing", self.id)))
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
