//! Generates `src/generated.rs` and `src/facts.rs` from api-specs/openapi.json, and holds the files in the repository equal to the result.
//! `SPINDLE_UPDATE=1 cargo test -p spindle-client --test generated` writes them.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod enumerations;
mod prepare;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use serde_json::Value;
use spindle_openapi::{directory, openapi_3_0, write_or_compare};
use syn::{ImplItem, Item, Type};

use prepare::Prepared;

const COMMAND: &str = "cargo test -p spindle-client --test generated";

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)
}

fn document() -> Value {
    let text = std::fs::read_to_string(directory().join("openapi.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Returns the client and its types as progenitor generates them.
fn client(prepared: &Prepared) -> String {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_inner_type(quote! { crate::transport::Transport })
        .with_hooks(HooksMode::Expected)
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    for (schema, path) in &prepared.replacements {
        settings.with_replacement(schema, path, [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    }
    let specification: openapiv3::OpenAPI = serde_json::from_value(prepared.document.clone()).unwrap();
    let tokens = Generator::new(&settings).generate_tokens(&specification).unwrap();
    let mut file: syn::File = syn::parse2(tokens).unwrap();
    without_builders_of_responses(&mut file, &prepared.requests);
    let file = prettyplease::unparse(&file);
    format!(
        "//! The operations of the API and their types, from api-specs/openapi.json by progenitor: `{COMMAND}` holds them current.\n\n{file}"
    )
}

/// Removes the builders of types that only responses have: they are half of the code, and no caller makes such a value.
fn without_builders_of_responses(file: &mut syn::File, requests: &BTreeSet<String>) {
    let types = content(&mut file.items, "types");
    types.retain(|item| !is_builder_function(item) || requests.contains(&self_type(item)));
    content(types, "builder").retain(|item| requests.contains(&self_type(item)));
}

/// Returns the items of the module `name`.
fn content<'i>(items: &'i mut [Item], name: &str) -> &'i mut Vec<Item> {
    let module = items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_mut(),
        _ => None,
    });
    &mut module.unwrap_or_else(|| panic!("no module {name}")).1
}

/// Returns whether an item is `impl Type { pub fn builder() }`.
fn is_builder_function(item: &Item) -> bool {
    let Item::Impl(item) = item else { return false };
    item.trait_.is_none()
        && item.items.iter().any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder"))
}

/// Returns the name of the type that an item of the module `builder` declares or extends: that of a builder, also where it is turned into the type
/// which it builds.
fn self_type(item: &Item) -> String {
    match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Impl(item) => match &*item.self_ty {
            Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Returns the enumerations, and the facts about operations that requests are sent by.
fn facts(prepared: &Prepared) -> String {
    let mut text = format!(
        "//! The enumerations of the API, and facts about its operations, from api-specs/openapi.json: `{COMMAND}` holds them current.\n\n\
         use crate::enumeration::enumeration;\n"
    );
    for (doc, name, operations) in [
        ("The operations that take an access token.", "AUTHENTICATED", &prepared.authenticated),
        ("The operations that take an `Idempotency-Key`.", "WITH_IDEMPOTENCY_KEY", &prepared.with_idempotency_key),
    ] {
        write!(text, "\n/// {doc}\npub(crate) const {name}: &[&str] = &[\n").unwrap();
        for operation in operations {
            writeln!(text, "    \"{operation}\",").unwrap();
        }
        text.push_str("];\n");
    }
    for enumeration in &prepared.enumerations {
        text.push_str(&enumeration.rendered());
    }
    text
}

#[test]
fn the_generated_code_is_current() {
    let prepared = Prepared::of(&openapi_3_0(&document()));
    write_or_compare(&source("generated.rs"), &client(&prepared), COMMAND);
    write_or_compare(&source("facts.rs"), &facts(&prepared), COMMAND);
}

#[test]
fn every_list_can_be_read_item_by_item() {
    let paging = std::fs::read_to_string(source("paging.rs")).unwrap();
    for (path, operation) in document()["paths"].as_object().unwrap().iter().map(|(path, item)| (path, &item["get"])) {
        let schema = operation.pointer("/responses/200/content/application~1json/schema/$ref").and_then(Value::as_str);
        if schema.is_some_and(|name| name.ends_with("Page")) {
            let id = operation["operationId"].as_str().unwrap();
            let builder = format!("{}{}", id[..1].to_uppercase(), &id[1..]);
            assert!(paging.contains(&format!("{builder} => ")), "src/paging.rs lacks {builder} of {path}");
        }
    }
}
