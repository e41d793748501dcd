//! Rules for Cargo.toml and spin.toml: one place for versions and lints, one direction of dependencies, no component that is built but not
//! run, or run but not built, and no variable without a reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use toml::{Table, Value};
use xtask::application::{Application, Component};
use xtask::workspace::Workspace;

use crate::repository::{files, members, root_manifest, subfolders};

/// The folders of the components that only tests run.
const GUESTS: &str = "/tests/guests/";

/// The folder of the providers, which are composed into adapters.
const PROVIDERS: &str = "components/providers";

/// The folder of the adapters, into which a provider is composed.
const ADAPTERS: &str = "components/adapters";

/// The crates of ours that each crate may depend on, from ARCHITECTURE.md. All components share one entry, and so do all guests.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "components",
        &[
            "spindle-contracts",
            "spindle-edge",
            "spindle-events",
            "spindle-idempotency",
            "spindle-metrics-schema",
            "spindle-migrations",
            "spindle-notifier",
            "spindle-platform",
            "spindle-static-files",
        ],
    ),
    ("clients/rust", &["spindle-openapi"]),
    ("crates/conformance", &[]),
    ("crates/contracts", &[]),
    ("crates/edge", &["spindle-contracts", "spindle-openapi", "spindle-platform"]),
    (
        "crates/events",
        &["spindle-contracts", "spindle-edge", "spindle-migrations", "spindle-openapi", "spindle-platform"],
    ),
    ("crates/host", &["spindle-log-text", "spindle-metrics-schema", "spindle-openapi"]),
    ("crates/idempotency", &["spindle-contracts", "spindle-migrations", "spindle-platform"]),
    ("crates/image", &[]),
    (GUESTS, &[]),
    ("crates/log-text", &[]),
    ("crates/metrics-schema", &["spindle-openapi"]),
    ("crates/migrations", &[]),
    ("crates/notifier", &[]),
    ("crates/openapi", &["spindle-contracts"]),
    ("crates/platform", &["spindle-contracts", "spindle-migrations"]),
    ("crates/smoke", &[]),
    ("crates/static-files", &["spindle-contracts", "spindle-edge", "spindle-platform"]),
    ("crates/ticker", &[]),
    ("xtask", &["spindle-log-text", "spindle-metrics-schema", "spindle-migrations", "spindle-smoke", "spindle-ticker"]),
    (
        "tests",
        &["spindle-image", "spindle-metrics-schema", "spindle-migrations", "spindle-openapi", "spindle-smoke", "xtask"],
    ),
    ("bench", &["spindle-migrations", "xtask"]),
    ("bench/caller", &["spindle-platform"]),
];

/// Returns every dependency of a crate, of any kind and for any target.
fn dependencies(manifest: &Table) -> Vec<(String, Value)> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.as_table()).chain([manifest]);
    tables
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()))
        .flatten()
        .map(|(name, dependency)| (name.clone(), dependency.clone()))
        .collect()
}

fn package_name(manifest: &Table) -> &str {
    manifest["package"]["name"].as_str().expect("a package has a name")
}

#[test]
fn dependencies_point_one_way() {
    let members = members();
    let ours: BTreeSet<&str> = members.values().map(package_name).collect();
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (folder, manifest) in &members {
        let layer = match folder.as_str() {
            folder if folder.starts_with("components/") => "components",
            folder if folder.contains(GUESTS) => GUESTS,
            folder => folder,
        };
        let allowed = arrows.get(layer).unwrap_or_else(|| panic!("{folder} is new: add its allowed dependencies"));
        for (name, _) in dependencies(manifest) {
            let fine = !ours.contains(name.as_str()) || allowed.contains(&name.as_str());
            assert!(fine, "{folder} must not depend on {name}: see ARCHITECTURE.md");
        }
    }
}

#[test]
fn versions_are_only_in_the_root_manifest() {
    for (folder, manifest) in members() {
        for (name, dependency) in dependencies(&manifest) {
            let inherited = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
            assert!(inherited, "{folder}: {name} inherits its version from the workspace: `{name}.workspace = true`");
        }
        for field in ["version", "edition", "rust-version", "license", "publish"] {
            let inherited = manifest["package"].get(field).and_then(|field| field.get("workspace")).is_some();
            assert!(inherited, "{folder}: package.{field} is inherited: `{field}.workspace = true`");
        }
    }
}

#[test]
fn every_dependency_of_the_workspace_is_used() {
    let used: BTreeSet<String> = members().values().flat_map(dependencies).map(|(name, _)| name).collect();
    let manifest = root_manifest();
    let declared = manifest["workspace"]["dependencies"].as_table().expect("the workspace declares dependencies");
    let unused: Vec<&String> = declared.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "no crate uses {unused:?}: remove them from the root Cargo.toml");
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    for (folder, manifest) in members() {
        // A guest may be nothing but generated bindings, which are made of unsafe code.
        if folder.contains(GUESTS) {
            continue;
        }
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        assert_eq!(lints, Some(true), "{folder} has `[lints] workspace = true` and no other lints");
    }
}

#[test]
fn every_component_is_a_workspace_member_and_runs() {
    let workspace = Workspace::locate();
    let components: Vec<(PathBuf, Component)> = [workspace.manifest(), workspace.relay_manifest()]
        .into_iter()
        .flat_map(|manifest| {
            let application = Application::read(&manifest).expect("each spin.toml can be read");
            let folder = manifest.parent().expect("a manifest is in a folder").to_path_buf();
            application.components.into_iter().map(move |component| (folder.clone(), component))
        })
        .collect();
    let members = members();
    let built: BTreeSet<String> = members.keys().filter(|folder| folder.starts_with("components/")).cloned().collect();
    let mut folders: BTreeSet<String> = ["components", ADAPTERS, PROVIDERS].into_iter().flat_map(subfolders).collect();
    folders.retain(|folder| folder != ADAPTERS && folder != PROVIDERS);
    assert_eq!(built, folders, "every folder in components/ is a member");
    for folder in &built {
        assert_eq!(package_name(&members[folder]), package_in(folder), "{folder} is named as its package");
    }
    let run = components.iter().flat_map(|(_, component)| component.packages());
    // A provider that spin.toml does not use may be chosen by an operator.
    let spare = built.iter().filter(|folder| folder.starts_with(PROVIDERS)).map(|folder| package_in(folder));
    let wanted: BTreeSet<String> = run.chain(spare).collect();
    let built: BTreeSet<String> = built.iter().map(|folder| package_in(folder)).collect();
    assert_eq!(wanted, built, "the components in spin.toml and the workspace members in components/ are the same");
    for (folder, component) in &components {
        let package = component.packages().swap_remove(0);
        // One adapter serves several components, which are named after their providers.
        assert!(package == component.id || members.contains_key(&adapter(&package)), "{} is {package}", component.id);
        let up = if *folder == workspace.root() { "" } else { "../../" };
        let expected = format!("{up}target/wasm32-wasip2/release/{}.wasm", package.replace('-', "_"));
        assert_eq!(component.source.to_str(), Some(expected.as_str()), "spin.toml runs what cargo builds");
    }
}

/// Returns the name of the package in `folder` of components/.
fn package_in(folder: &str) -> String {
    match folder.rsplit_once('/').expect("a folder is in another") {
        (ADAPTERS, name) => format!("{name}-adapter"),
        (_, name) => name.to_owned(),
    }
}

/// Returns the folder of the adapter `package`.
fn adapter(package: &str) -> String {
    format!("{ADAPTERS}/{}", package.trim_end_matches("-adapter"))
}

/// Returns the sections of the components of a manifest: for each the keys of its tables, in the order of the file.
fn sections(manifest: &str) -> Vec<(String, Vec<String>)> {
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            sections.push((name.to_owned(), Vec::new()));
        } else if let (Some((key, _)), Some((_, keys))) = (line.split_once(" = "), sections.last_mut())
            && !line.starts_with([' ', '#'])
        {
            keys.push(key.trim_matches('"').to_owned());
        }
    }
    sections
}

/// Returns the first two keys that two lists have in a different order.
fn disorder<'k>(one: &'k [String], other: &[String]) -> Option<(&'k str, &'k str)> {
    let common: Vec<&String> = one.iter().filter(|key| other.contains(key)).collect();
    let place = |key: &String| other.iter().position(|other| other == key);
    common.windows(2).find(|pair| place(pair[0]) > place(pair[1])).map(|pair| (pair[0].as_str(), pair[1].as_str()))
}

#[test]
fn every_variable_of_the_application_has_a_reader() {
    let manifest = fs::read_to_string(Workspace::locate().manifest()).expect("spin.toml can be read");
    let sections = sections(&manifest);
    let (_, variables) = sections.iter().find(|(name, _)| name == "variables").expect("the application has variables");
    let unused: Vec<&String> =
        variables.iter().filter(|name| !manifest.contains(&format!("{{{{ {name} }}}}"))).collect();
    assert!(unused.is_empty(), "no component of spin.toml has {unused:?}: remove the variable");

    let sources: String =
        files("rs").into_iter().filter(|(name, _)| is_guest_source(name)).map(|(_, text)| text).collect();
    let is_read = |name: &String| {
        // Names with a common beginning or end are built from the name of a service or a rate class.
        let (url, rate) = (name.ends_with("_url"), name.starts_with("rate_limit_"));
        url || rate || sources.contains(&format!("\"{name}\""))
    };
    for (section, variables) in sections.iter().filter(|(name, _)| name.ends_with(".variables")) {
        let unread: Vec<&String> = variables.iter().filter(|name| !is_read(name)).collect();
        assert!(unread.is_empty(), "[{section}]: no code reads {unread:?}: remove it");
    }
}

/// Returns whether a source file is compiled into a component.
fn is_guest_source(name: &str) -> bool {
    (name.starts_with("components/") || name.starts_with("crates/")) && !name.starts_with("crates/host/")
}

#[test]
fn the_sections_of_all_components_have_their_keys_in_the_same_order() {
    let manifest = fs::read_to_string(Workspace::locate().manifest()).expect("spin.toml can be read");
    let sections = sections(&manifest);
    let kind = |name: &str| {
        name.strip_prefix("component.").map(|name| name.split_once('.').map_or("", |(_, kind)| kind).to_owned())
    };
    let mut faults = Vec::new();
    for (at, (name, keys)) in sections.iter().enumerate().filter(|(_, (name, _))| kind(name).is_some()) {
        for (other, others) in sections[..at].iter().filter(|(other, _)| kind(other) == kind(name)) {
            if let Some((first, second)) = disorder(keys, others) {
                faults.push(format!("[{name}] has {first} before {second}, [{other}] has it after"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_different_order_of_keys_is_found() {
    let manifest = "[a]\nx = 1\n# y = 2\ny = [\n    \"z = 1\",\n]\n[b]\ny = 1\nw = 2\nx = 3\n";
    let sections = sections(manifest);
    let keys = |at: usize| sections[at].1.clone();
    assert_eq!((keys(0), keys(1)), (vec!["x".to_owned(), "y".to_owned()], ["y", "w", "x"].map(str::to_owned).to_vec()));
    assert_eq!(disorder(&keys(0), &keys(1)), Some(("x", "y")));
    assert_eq!(disorder(&keys(0), &["x".to_owned(), "v".to_owned(), "y".to_owned()]), None);
}
