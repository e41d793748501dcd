//! The same API as an OpenAPI 3.0 document, for generators that do not read 3.1.

use serde_json::{Map, Value, json};

/// What OpenAPI 3.0 cannot say: where it is in a 3.1 document, and the reason why the rendering has it in another form or not at all.
pub const LOSSES: &[(&str, &str)] = &[
    ("info.summary", "3.0 has no such member: it becomes the first paragraph of the description"),
    ("info.license.identifier", "3.0 has no such member; the name of the licence is the identifier"),
    ("security", "3.0 knows no roles of a bearer token: that one is needed stays, its role goes"),
    ("if, then, else", "3.0 has no conditions: the server still refuses an address that its country does not know"),
    ("propertyNames", "3.0 has no rules for the names of a map"),
    ("contentMediaType, contentSchema", "3.0 cannot describe the content of a string, here the lines of an import"),
    (
        "null beside a reference",
        "`nullable` stands beside `allOf`, which readers of 3.0 take as the null that it means",
    ),
];

/// The members of a 3.1 schema that have no counterpart in 3.0.
const WITHOUT_COUNTERPART: &[&str] = &["contentMediaType", "contentSchema", "else", "if", "propertyNames", "then"];

/// Returns `document`, which is of OpenAPI 3.1, as one of OpenAPI 3.0.4 with the same operations, parameters, bodies and schemas. [`LOSSES`] lists
/// everything that it cannot keep.
pub fn openapi_3_0(document: &Value) -> Value {
    let mut rendering = document.clone();
    rendering["openapi"] = "3.0.4".into();
    info(&mut rendering["info"]);
    for_each_operation(&mut rendering["paths"], |operation| {
        for requirement in operation.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten() {
            for roles in requirement.as_object_mut().into_iter().flat_map(Map::values_mut) {
                *roles = json!([]);
            }
        }
    });
    for schema in members_mut(rendering.pointer_mut("/components/schemas")) {
        *schema = self::schema(schema);
    }
    for group in ["headers", "parameters", "requestBodies", "responses"] {
        holders(&mut rendering["components"][group]);
    }
    holders(&mut rendering["paths"]);
    if let Some(components) = rendering["components"].as_object_mut() {
        components.retain(|_, group| !group.is_null());
    }
    rendering
}

fn info(info: &mut Value) {
    let Some(info) = info.as_object_mut() else { return };
    if let Some(Value::String(summary)) = info.remove("summary") {
        let description = info.get("description").and_then(Value::as_str).unwrap_or_default();
        info.insert("description".into(), format!("{summary}\n\n{description}").trim_end().into());
    }
    if let Some(license) = info.get_mut("license").and_then(Value::as_object_mut) {
        license.remove("identifier");
    }
}

/// Calls `change` with each operation of the document's `paths`.
fn for_each_operation(paths: &mut Value, mut change: impl FnMut(&mut Value)) {
    const METHODS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];
    for path in members_mut(Some(paths)) {
        for (_, operation) in
            path.as_object_mut().into_iter().flatten().filter(|(name, _)| METHODS.contains(&name.as_str()))
        {
            change(operation);
        }
    }
}

fn members_mut(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

/// Renders the schemas that parameters, headers and media types below `value` have. Examples are values of the API, and stay.
fn holders(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "schema" => *member = schema(member),
                    "example" | "examples" => {}
                    _ => holders(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(holders),
        _ => {}
    }
}

/// Renders one schema.
fn schema(source: &Value) -> Value {
    let Some(source) = source.as_object() else { return source.clone() };
    let mut result = Map::new();
    for (name, value) in source {
        match name.as_str() {
            name if WITHOUT_COUNTERPART.contains(&name) => {}
            "const" => {
                result.entry("type").or_insert_with(|| type_of(value).into());
                result.insert("enum".into(), json!([value]));
            }
            "examples" => drop(result.insert("example".into(), value[0].clone())),
            "type" => types(value, &mut result),
            "properties" => {
                let properties = value.as_object().into_iter().flatten();
                result.insert(name.clone(), properties.map(|(name, value)| (name.clone(), schema(value))).collect());
            }
            "items" | "not" | "additionalProperties" => drop(result.insert(name.clone(), schema(value))),
            "allOf" | "anyOf" | "oneOf" => alternatives(name, value, &mut result),
            _ => drop(result.insert(name.clone(), value.clone())),
        }
    }
    // A reference has no siblings in 3.0.
    if result.len() > 1
        && let Some(reference) = result.remove("$ref")
    {
        result.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
    Value::Object(result)
}

/// Renders the types of a schema: `null` among them is `nullable`, and several others are alternatives.
fn types(value: &Value, result: &mut Map<String, Value>) {
    let Some(types) = value.as_array() else {
        result.insert("type".into(), value.clone());
        return;
    };
    let others: Vec<&Value> = types.iter().filter(|name| *name != "null").collect();
    if others.len() < types.len() {
        result.insert("nullable".into(), true.into());
    }
    match others.as_slice() {
        [one] => result.insert("type".into(), (*one).clone()),
        several => result.insert("anyOf".into(), several.iter().map(|name| json!({ "type": name })).collect()),
    };
}

/// Renders the alternatives of a schema: `null` among them is `nullable`, and a condition, of which nothing remains, is none.
fn alternatives(name: &str, value: &Value, result: &mut Map<String, Value>) {
    let all = value.as_array().into_iter().flatten();
    let others: Vec<Value> =
        all.filter(|one| one["type"] != "null").map(schema).filter(|one| *one != json!({})).collect();
    if others.len() < value.as_array().map_or(0, Vec::len) && name != "allOf" {
        result.insert("nullable".into(), true.into());
    }
    match others.as_slice() {
        [] => {}
        [one] if name != "allOf" => drop(result.insert("allOf".into(), json!([one]))),
        _ => drop(result.insert(name.into(), Value::Array(others))),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        _ => "string",
    }
}
