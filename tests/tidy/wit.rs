//! Rules for the WIT interfaces (conventions, "WIT"): their documentation is all that the author of a provider reads.

use std::fs;

use wit_parser::{Interface, PackageId, Resolve, Type, TypeDef, TypeDefKind};
use xtask::workspace::Workspace;

/// Returns each package in `wit/`, with the name of its folder.
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

/// Returns the named parts of a type, with whether they are documented.
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
fn every_item_is_documented() {
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

/// An unforeseen error fits into `other`, so that it needs no new version of the interface.
#[test]
fn the_error_of_a_function_ends_in_other() {
    for (folder, resolve, package) in packages() {
        for interface in interfaces(&resolve, package) {
            for (name, function) in &interface.functions {
                let Some(Type::Id(result)) = function.result else { continue };
                let TypeDefKind::Result(result) = &resolve.types[result].kind else { continue };
                let Some(Type::Id(error)) = result.err else { panic!("{folder}: {name} has no error type") };
                let error = &resolve.types[error];
                let TypeDefKind::Variant(variant) = &error.kind else {
                    panic!("{folder}: the error of {name} is no variant")
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
