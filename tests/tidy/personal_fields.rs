//! Each field that a service reads is in the list of personal fields, or of others: a new one that holds text of a person must not survive its
//! erasure, and is to be in the person's export.

use std::collections::BTreeSet;

use spindle_tests::personal_fields::{Content, FIELDS, OTHER_TYPES};
use syn::{Attribute, Fields, Item};

use crate::repository::files;

/// A type that is read from JSON: its name in the list, and the names of its fields (none for an enum or a tuple).
type Read = (String, Vec<String>);

/// Returns the name under which the list has the types in `file`; `None` if it does not have them.
fn owner(file: &str) -> Option<&str> {
    if file.ends_with("/tests.rs") || file.contains("/tests/") {
        return None;
    }
    if file.starts_with("crates/contracts/src/") {
        return Some("contracts");
    }
    let (component, rest) = file.strip_prefix("components/")?.split_once('/')?;
    rest.starts_with("src/").then_some(component)
}

fn is_read(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut reads = false;
        let parsed = attribute.parse_nested_meta(|meta| {
            reads |= meta
                .path
                .segments
                .last()
                .is_some_and(|segment| ["Deserialize", "Deserr"].iter().any(|name| segment.ident == name));
            Ok(())
        });
        parsed.expect("a derive is a list of paths");
        reads
    })
}

/// Returns the types in `text` that derive `Deserialize` or `Deserr`.
fn read_types(owner: &str, text: &str) -> Vec<Read> {
    let source = syn::parse_file(text).expect("a source file can be parsed");
    let read = source.items.into_iter().filter_map(|item| match item {
        Item::Struct(item) if is_read(&item.attrs) => {
            let fields = match &item.fields {
                Fields::Named(fields) => fields.named.iter().filter_map(|field| field.ident.as_ref()).collect(),
                Fields::Unnamed(_) | Fields::Unit => Vec::new(),
            };
            Some((format!("{owner}::{}", item.ident), fields.into_iter().map(ToString::to_string).collect()))
        }
        Item::Enum(item) if is_read(&item.attrs) => Some((format!("{owner}::{}", item.ident), Vec::new())),
        _ => None,
    });
    read.collect()
}

#[test]
fn each_field_that_a_service_reads_is_listed_as_personal_or_not() {
    let sources = files("rs");
    let types = sources.iter().filter_map(|(file, text)| Some(read_types(owner(file)?, text))).flatten();
    let (mut expected_fields, mut expected_types) = (BTreeSet::new(), BTreeSet::new());
    for (name, fields) in types {
        if OTHER_TYPES.iter().any(|(other, _)| *other == name) || fields.is_empty() {
            expected_types.insert(name);
        } else {
            expected_fields.extend(fields.into_iter().map(|field| format!("{name}.{field}")));
        }
    }
    assert!(expected_fields.len() > 40, "the sources are read: {expected_fields:?}");
    let is_field = |name: &&str| !name.starts_with("header ");
    let listed: BTreeSet<String> = FIELDS.iter().map(|(name, _)| *name).filter(is_field).map(str::to_owned).collect();
    let listed_types: BTreeSet<String> = OTHER_TYPES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let missing: Vec<&String> =
        expected_fields.difference(&listed).chain(expected_types.difference(&listed_types)).collect();
    assert!(missing.is_empty(), "add to tests/src/personal_fields.rs whether each of these is personal: {missing:#?}");
    let gone: Vec<&String> =
        listed.difference(&expected_fields).chain(listed_types.difference(&expected_types)).collect();
    assert!(gone.is_empty(), "tests/src/personal_fields.rs lists what no service reads: {gone:#?}");
}

#[test]
fn each_canary_is_listed_once_and_is_no_part_of_another() {
    for (index, (field, content)) in FIELDS.iter().enumerate() {
        assert!(FIELDS[..index].iter().all(|(other, _)| other != field), "{field} is listed twice");
        match content {
            Content::Personal(canary) => {
                let same = FIELDS
                    .iter()
                    .filter(|(_, other)| matches!(other, Content::Personal(text) if text.contains(canary)));
                assert_eq!(same.count(), 1, "{canary} of {field}");
            }
            Content::PassedOn(origin) => {
                let is_origin =
                    |(name, content): &&(&str, Content)| name == origin && matches!(content, Content::Personal(_));
                assert!(FIELDS.iter().any(|field| is_origin(&field)), "{field} names {origin}, which has no canary");
            }
            Content::Other(reason) => assert!(!reason.is_empty(), "{field} has no reason"),
        }
    }
}

#[test]
fn a_type_that_is_read_is_found_with_its_fields() {
    let text = "
        #[derive(Debug, Deserr)] struct A { a: String, b: u8 }
        #[derive(serde::Deserialize)] enum B { C }
        #[derive(Serialize)] struct D { d: String }";
    let expected = [("x::A".to_owned(), vec!["a".to_owned(), "b".to_owned()]), ("x::B".to_owned(), Vec::new())];
    assert_eq!(read_types("x", text), expected);
    assert_eq!(owner("components/users/src/api.rs"), Some("users"));
    assert_eq!(owner("components/adapters/notify/src/lib.rs"), None);
    assert_eq!(owner("components/users/src/tests/access.rs"), None);
}
