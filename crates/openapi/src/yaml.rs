//! Documents as YAML, in an order that a reader expects.

use anyhow::Result;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Map, Value};

/// The members that come first in an object, in this order; the others follow by name.
const FIRST: [&str; 47] = [
    "openapi",
    "info",
    "servers",
    "operationId",
    "tags",
    "propertyName",
    "name",
    "in",
    "title",
    "version",
    "url",
    "$ref",
    "summary",
    "description",
    "security",
    "deprecated",
    "type",
    "format",
    "const",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "discriminator",
    "default",
    "parameters",
    "requestBody",
    "headers",
    "schema",
    "content",
    "examples",
    "responses",
    "paths",
    "components",
    "value",
];

/// The methods in the order of a resource's life.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Returns `document` as YAML.
pub fn to_yaml(document: &Value) -> String {
    serde_saphyr::to_string(&Ordered { value: document, order: Order::Keyword }).expect("a document is plain data")
}

/// Parses YAML (or JSON, which is YAML).
///
/// # Errors
///
/// If `text` is neither.
pub fn from_yaml(text: &str) -> Result<Value> {
    Ok(serde_saphyr::from_str(text)?)
}

/// A value whose objects are written in order.
struct Ordered<'v> {
    value: &'v Value,
    order: Order<'v>,
}

/// The order of the members of an object.
#[derive(Clone, Copy)]
enum Order<'v> {
    /// Keywords of OpenAPI and JSON Schema: by [`FIRST`].
    Keyword,
    /// Names that a document declares, and data in examples: by name.
    Name,
    /// The properties of a schema: the required ones in their order, then the others.
    Properties(&'v [Value]),
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for name in sorted(members, self.order) {
                    map.serialize_entry(
                        name,
                        &Ordered { value: &members[name], order: below(members, name, self.order) },
                    )?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    sequence.serialize_element(&Ordered { value, order: self.order })?;
                }
                sequence.end()
            }
            other => other.serialize(serializer),
        }
    }
}

/// Returns the order of the members of `members[name]`.
fn below<'v>(members: &'v Map<String, Value>, name: &str, order: Order<'v>) -> Order<'v> {
    match (order, name) {
        (Order::Keyword, "properties") => {
            Order::Properties(members.get("required").and_then(Value::as_array).map_or(&[], Vec::as_slice))
        }
        (
            Order::Keyword,
            "paths" | "schemas" | "parameters" | "responses" | "headers" | "examples" | "securitySchemes" | "mapping"
            | "content" | "value" | "default" | "channels" | "messages",
        ) if members[name].is_object() => Order::Name,
        _ => Order::Keyword,
    }
}

fn sorted<'v>(members: &'v Map<String, Value>, order: Order<'_>) -> Vec<&'v String> {
    let mut names: Vec<&String> = members.keys().collect();
    let place = |list: &[&str], name: &str| list.iter().position(|first| *first == name);
    match order {
        Order::Keyword => names.sort_by_key(|name| {
            let keyword = place(&FIRST, name).unwrap_or(FIRST.len());
            (keyword, name.starts_with("x-"), place(&METHODS, name), (*name).clone())
        }),
        Order::Name => {}
        Order::Properties(required) => {
            names.sort_by_key(|name| {
                (required.iter().position(|first| first == name.as_str()).unwrap_or(usize::MAX), (*name).clone())
            });
        }
    }
    names
}
