//! Rules for Cargo.toml and spin.toml: one place for versions and lints, arrows that point one way, and no component that
//! is built but not run, or run but not built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml::{Table, Value};
use xtask::application::{Application, Component};
use xtask::workspace::Workspace;

use crate::repository::{members, root_manifest, subfolders};

/// Where the components are that only tests run.
const GUESTS: &str = "/tests/guests/";

/// Components that others are composed with.
const PROVIDERS: &str = "components/providers";

/// Components that a provider is composed into.
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
            "spindle-migrations",
            "spindle-notifier",
            "spindle-platform",
        ],
    ),
    ("crates/conformance", &[]),
    ("crates/contracts", &[]),
    ("crates/edge", &["spindle-contracts", "spindle-platform"]),
    ("crates/events", &["spindle-contracts", "spindle-edge", "spindle-migrations", "spindle-platform"]),
    ("crates/host", &[]),
    ("crates/idempotency", &["spindle-contracts", "spindle-migrations", "spindle-platform"]),
    (GUESTS, &[]),
    ("crates/migrations", &[]),
    ("crates/notifier", &[]),
    ("crates/platform", &["spindle-contracts", "spindle-migrations"]),
    ("xtask", &[]),
    ("tests", &["spindle-migrations", "xtask"]),
    ("bench", &["spindle-migrations", "xtask"]),
    ("bench/caller", &["spindle-platform"]),
    ("bench/guest", &["spindle-contracts", "spindle-edge", "spindle-migrations", "spindle-platform"]),
];

/// Every dependency of a crate, of whatever kind and for whatever target.
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
fn arrows_point_one_way() {
    let members = members();
    let ours: BTreeSet<&str> = members.values().map(package_name).collect();
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (folder, manifest) in &members {
        let layer = match folder.as_str() {
            folder if folder.starts_with("components/") => "components",
            folder if folder.contains(GUESTS) => GUESTS,
            folder => folder,
        };
        let allowed = arrows.get(layer).unwrap_or_else(|| panic!("{folder} is new: say here what it may depend on"));
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
            assert!(inherited, "{folder}: {name} takes its version from the workspace: `{name}.workspace = true`");
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
    assert!(unused.is_empty(), "nobody uses {unused:?}: remove them from the root Cargo.toml");
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    for (folder, manifest) in members() {
        // A guest may be nothing but generated bindings, which are made of unsafe code.
        if folder.contains(GUESTS) {
            continue;
        }
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        assert_eq!(lints, Some(true), "{folder} has `[lints] workspace = true` and no lints of its own");
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
    // A provider that none is composed with is there for whoever wants it.
    let spare = built.iter().filter(|folder| folder.starts_with(PROVIDERS)).map(|folder| package_in(folder));
    let wanted: BTreeSet<String> = run.chain(spare).collect();
    let built: BTreeSet<String> = built.iter().map(|folder| package_in(folder)).collect();
    assert_eq!(wanted, built, "the components in spin.toml and the workspace members in components/ are the same");
    for (folder, component) in &components {
        let package = component.packages().swap_remove(0);
        // One adapter stands before several providers, and is called after what they do.
        assert!(package == component.id || members.contains_key(&adapter(&package)), "{} is {package}", component.id);
        let up = if *folder == workspace.root() { "" } else { "../../" };
        let expected = format!("{up}target/wasm32-wasip2/release/{}.wasm", package.replace('-', "_"));
        assert_eq!(component.source.to_str(), Some(expected.as_str()), "spin.toml runs what cargo builds");
    }
}

/// What the package in `folder` of components/ is called.
fn package_in(folder: &str) -> String {
    match folder.rsplit_once('/').expect("a folder is in another") {
        (ADAPTERS, name) => format!("{name}-adapter"),
        (_, name) => name.to_owned(),
    }
}

/// The folder of the adapter `package`.
fn adapter(package: &str) -> String {
    format!("{ADAPTERS}/{}", package.trim_end_matches("-adapter"))
}
