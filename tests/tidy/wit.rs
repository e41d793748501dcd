//! Rules for our interfaces (conventions, "WIT"): somebody implements them who has nothing else to read.

use std::fs;

use wit_parser::{Interface, PackageId, Resolve, Type, TypeDef, TypeDefKind};
use xtask::workspace::Workspace;

/// Each package in `wit/`, with the name of its folder.
fn packages() -> Vec<(String, Resolve, PackageId)> {
    let folders = fs::read_dir(Workspace::locate().root().join("wit")).expect("wit/ is there");
    let read = |folder: fs::DirEntry| {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(folder.path()).expect("a package is valid");
        (folder.file_name().to_string_lossy().into_owned(), resolve, package)
    };
    folders.map(|folder| read(folder.expect("wit/ can be read"))).collect()
}

fn interfaces(resolve: &Resolve, package: PackageId) -> impl Iterator<Item = &Interface> {
    resolve.packages[package].interfaces.values().map(|id| &resolve.interfaces[*id])
}

fn types<'r>(resolve: &'r Resolve, interface: &'r Interface) -> impl Iterator<Item = (&'r str, &'r TypeDef)> {
    interface.types.iter().map(|(name, id)| (name.as_str(), &resolve.types[*id]))
}

/// The parts of a type that have a name of their own, and whether they are documented.
fn parts(kind: &TypeDefKind) -> Vec<(&str, bool)> {
    match kind {
        TypeDefKind::Record(record) => {
            record.fields.iter().map(|f| (f.name.as_str(), f.docs.contents.is_some())).collect()
        }
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().map(|c| (c.name.as_str(), c.docs.contents.is_some())).collect()
        }
        TypeDefKind::Enum(all) => all.cases.iter().map(|c| (c.name.as_str(), c.docs.contents.is_some())).collect(),
        TypeDefKind::Flags(all) => all.flags.iter().map(|f| (f.name.as_str(), f.docs.contents.is_some())).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_package_is_named_as_its_folder_and_has_its_first_version() {
    for (folder, resolve, package) in packages() {
        assert_eq!(resolve.packages[package].name.to_string(), format!("spindle:{folder}@1.0.0"));
    }
}

#[test]
fn every_item_says_what_it_is() {
    let mut silent = Vec::new();
    for (folder, resolve, package) in packages() {
        let mut check = |documented: bool, item: String| {
            if !documented {
                silent.push(format!("{folder}: {item}"));
            }
        };
        for (name, id) in &resolve.packages[package].worlds {
            check(resolve.worlds[*id].docs.contents.is_some(), format!("world {name}"));
        }
        for interface in interfaces(&resolve, package) {
            check(interface.docs.contents.is_some(), format!("interface {:?}", interface.name));
            for (name, function) in &interface.functions {
                check(function.docs.contents.is_some(), name.clone());
            }
            for (name, definition) in types(&resolve, interface) {
                check(definition.docs.contents.is_some(), name.to_owned());
                for (part, documented) in parts(&definition.kind) {
                    check(documented, format!("{name}.{part}"));
                }
            }
        }
    }
    assert!(silent.is_empty(), "without `///`:\n  {}", silent.join("\n  "));
}

/// So that an error that nobody thought of has a place, and a version need not change for it.
#[test]
fn what_can_fail_has_an_error_that_ends_in_other() {
    for (folder, resolve, package) in packages() {
        for interface in interfaces(&resolve, package) {
            for (name, function) in &interface.functions {
                let Some(Type::Id(result)) = function.result else { continue };
                let TypeDefKind::Result(result) = &resolve.types[result].kind else { continue };
                let Some(Type::Id(error)) = result.err else { panic!("{folder}: {name} fails with no word") };
                let error = &resolve.types[error];
                let TypeDefKind::Variant(variant) = &error.kind else {
                    panic!("{folder}: {name} fails with no variant")
                };
                let last = variant.cases.last().expect("a variant has cases");
                assert_eq!(
                    (error.name.as_deref(), last.name.as_str(), last.ty),
                    (Some("error"), "other", Some(Type::String)),
                    "{folder}: {name}"
                );
            }
        }
    }
}
