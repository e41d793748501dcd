//! One document of all services.

use crate::components;
use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

/// The services with public operations, in the order of the documents.
pub const SERVICES: [&str; 7] = ["auth", "users", "catalog", "orders", "payments", "notifications", "gateway"];

/// Returns the document of all operations of `documents`.
///
/// # Errors
///
/// If two of them have different components of one name, or one operation twice.
pub fn bundle(documents: &[Value]) -> Result<Value> {
    let mut bundle = json!({ "paths": {}, "tags": [], "components": {} });
    for document in documents {
        for member in ["openapi", "info", "servers"] {
            bundle[member] = document[member].clone();
        }
        bundle["tags"]
            .as_array_mut()
            .expect("made above")
            .extend(document["tags"].as_array().cloned().unwrap_or_default());
        merge(&mut bundle["paths"], &document["paths"], "path")?;
        for (group, components) in document["components"].as_object().into_iter().flatten() {
            let target = bundle["components"].as_object_mut().expect("made above");
            merge(target.entry(group).or_insert_with(|| json!({})), components, group)?;
        }
    }
    bundle["info"]["title"] = "Spindle".into();
    bundle["info"]["summary"] = "The public API of the commerce back end Spindle.".into();
    bundle["info"]["description"] = components::GENERAL.into();
    Ok(bundle)
}

fn merge(target: &mut Value, source: &Value, kind: &str) -> Result<()> {
    let target: &mut Map<String, Value> = target.as_object_mut().expect("it is made as an object");
    for (name, value) in source.as_object().into_iter().flatten() {
        match target.get(name) {
            Some(present) if present != value => bail!("two documents have different {kind} {name}"),
            Some(_) => {}
            None => drop(target.insert(name.clone(), value.clone())),
        }
    }
    Ok(())
}
