//! The schemas of a document: of what clients send, and of what they receive.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The place of the schemas in a document.
pub(crate) const DEFINITIONS: &str = "/components/schemas";

/// Collects the schemas that a document refers to. A type can have two: a client may leave out what a response always has.
#[derive(Debug)]
pub(crate) struct Schemas {
    requests: SchemaGenerator,
    responses: SchemaGenerator,
    pages: BTreeMap<String, Value>,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = DEFINITIONS.into();
                settings.meta_schema = None;
            })
        };
        Self {
            requests: settings().for_deserialize().into_generator(),
            responses: settings().for_serialize().into_generator(),
            pages: BTreeMap::new(),
        }
    }

    /// Returns a reference to the schema of `T` in a request.
    pub(crate) fn request<T: JsonSchema>(&mut self) -> Value {
        mark_request(self.requests.subschema_for::<T>().to_value())
    }

    /// Returns the schema of a text of which each line is a `T`.
    pub(crate) fn lines<T: JsonSchema>(&mut self) -> Value {
        json!({ "type": "string", "contentMediaType": "application/x-ndjson", "contentSchema": self.request::<T>() })
    }

    /// Returns a reference to the schema of `T` in a response.
    pub(crate) fn response<T: JsonSchema>(&mut self) -> Value {
        self.responses.subschema_for::<T>().to_value()
    }

    /// Returns the schema of `T` in a request itself: for a query, whose fields are parameters.
    pub(crate) fn inline<T: JsonSchema>(&mut self) -> Value {
        mark_request(T::json_schema(&mut self.requests).to_value())
    }

    /// Returns the schema of `T` in a response itself: for the members of a problem.
    pub(crate) fn response_inline<T: JsonSchema>(&mut self) -> Value {
        T::json_schema(&mut self.responses).to_value()
    }

    /// Returns a reference to the schema of a page of `T`.
    pub(crate) fn page_of<T: JsonSchema>(&mut self) -> Value {
        self.page::<T>(&Value::Null)
    }

    /// Returns a reference to the schema of a page of `T` that has the optional members of `M` as well.
    pub(crate) fn page_of_with<T: JsonSchema, M: JsonSchema>(&mut self) -> Value {
        let members = self.response_inline::<M>();
        self.page::<T>(&members["properties"])
    }

    fn page<T: JsonSchema>(&mut self, members: &Value) -> Value {
        let item = self.response::<T>();
        let name = format!("{}Page", T::schema_name());
        let mut page = json!({
            "type": "object",
            "description": "One page of a list.",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": { "type": "array", "items": item, "description": "The items of this page, in the order of the list." },
                "next_cursor": {
                    "type": ["string", "null"],
                    "description": "The `cursor` of the next page; `null` on the last page.",
                },
            },
        });
        for (name, member) in members.as_object().into_iter().flatten() {
            page["properties"][name] = member.clone();
        }
        self.pages.insert(name.clone(), page);
        json!({ "$ref": format!("#{DEFINITIONS}/{name}") })
    }

    /// Returns all schemas by name. A type whose schema in requests differs from that in responses has the suffix `Input` there.
    pub(crate) fn finish(mut self, inline: &mut Value) -> Map<String, Value> {
        let mut all: Map<String, Value> = self.responses.take_definitions(true).into_iter().collect();
        all.extend(self.pages);
        let requests = self.requests.take_definitions(true);
        let names = input_names(&requests, &all);
        for (name, mut schema) in requests {
            let Some(name) = names.get(&name) else { continue };
            schema = mark_request(schema);
            rename(&mut schema, &names);
            all.insert(name.clone(), schema);
        }
        rename(inline, &names);
        all.values_mut().for_each(tidy);
        tidy(inline);
        all
    }
}

/// The prefix of a reference from a request, until it is known whether its schema differs from that of responses.
const REQUEST: &str = "request:";

/// Marks each reference in `schema` as one from a request.
fn mark_request(mut schema: Value) -> Value {
    each_reference(&mut schema, &mut |name| Some(format!("{REQUEST}{name}")));
    schema
}

/// Replaces the references from requests by those to the schemas with their final names.
fn rename(schema: &mut Value, names: &BTreeMap<String, String>) {
    each_reference(schema, &mut |name| {
        let name = name.strip_prefix(REQUEST)?;
        Some(names.get(name).map_or(name, String::as_str).to_owned())
    });
}

/// Calls `change` with the name in each reference to a schema in `value`; what it returns takes the place of the name.
fn each_reference(value: &mut Value, change: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        let prefix = format!("#{DEFINITIONS}/");
                        if let Some(changed) = target.strip_prefix(&prefix).and_then(&mut *change) {
                            *target = format!("{prefix}{changed}");
                        }
                    }
                    _ => each_reference(member, change),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_reference(item, change)),
        _ => {}
    }
}

/// Returns the final name of each schema of requests. One that differs from the schema of the same name in responses, or refers to one that does, gets another name.
fn input_names(requests: &Map<String, Value>, responses: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut differing: Vec<&String> = requests
        .iter()
        .filter(|(name, schema)| responses.get(*name).is_some_and(|other| other != *schema))
        .map(|(name, _)| name)
        .collect();
    loop {
        let refers = |schema: &Value| {
            let mut found = false;
            each_reference(&mut schema.clone(), &mut |name| {
                found |= differing.iter().any(|differing| *differing == name);
                None
            });
            found
        };
        let more: Vec<&String> = requests
            .iter()
            .filter(|(name, schema)| responses.contains_key(*name) && !differing.contains(name) && refers(schema))
            .map(|(name, _)| name)
            .collect();
        if more.is_empty() {
            break;
        }
        differing.extend(more);
    }
    let name = |name: &String| if differing.contains(&name) { format!("{name}Input") } else { name.clone() };
    requests.keys().map(|original| (original.clone(), name(original))).collect()
}

/// Removes what says nothing to a reader: titles that repeat a name, and line breaks within the paragraphs of a doc comment.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("title").is_some_and(Value::is_string) {
                members.remove("title");
            }
            if let Some(Value::String(text)) = members.get_mut("description") {
                *text = unwrap_lines(text);
            }
            // What an example has under these names is its own.
            members.iter_mut().filter(|(name, _)| *name != "examples").for_each(|(_, member)| tidy(member));
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Joins the lines of each paragraph.
fn unwrap_lines(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| match paragraph.starts_with(['-', '*', '|', '#']) {
        true => paragraph.to_owned(),
        false => paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "),
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Returns the schema without `null`: a parameter is absent, never null.
pub(crate) fn without_null(mut schema: Value) -> Value {
    let Value::Object(members) = &mut schema else { return schema };
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    members.retain(|name, value| name != "default" || !value.is_null());
    if let Some(Value::Array(alternatives)) = members.get_mut("anyOf") {
        alternatives.retain(|schema| schema["type"] != "null");
        if let [Value::Object(only)] = alternatives.as_slice() {
            let only = only.clone();
            members.remove("anyOf");
            for (name, value) in only {
                members.entry(name).or_insert(value);
            }
        }
    }
    schema
}
