//! The source files and crates of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;
use xtask::workspace::Workspace;

/// Folders without hand-written files.
const SKIPPED: [&str; 6] = ["target", ".git", ".spindle", ".spin", ".venv", "node_modules"];

/// Returns the root of the checkout.
pub(crate) fn root() -> PathBuf {
    Workspace::locate().root().to_path_buf()
}

/// Returns every file with the extension `extension`: its path relative to the root, and its text.
pub(crate) fn files(extension: &str) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut |path| {
        if path.extension().is_some_and(|other| other == extension) {
            let name = path.strip_prefix(&root).expect("the walk stays in the root").to_string_lossy().into_owned();
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            found.push((name, text));
        }
    });
    assert!(!found.is_empty(), "no .{extension} file under {}", root.display());
    found.sort();
    found
}

/// Returns every path below the root, relative to the root.
pub(crate) fn paths() -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut |path| {
        found.push(path.strip_prefix(&root).expect("the walk stays in the root").to_string_lossy().into_owned());
    });
    found.sort();
    found
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let entry = entry.expect("a folder can be listed");
        let kind = entry.file_type().expect("an entry has a type");
        if kind.is_dir() && !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
            walk(&entry.path(), visit);
        } else if kind.is_file() {
            visit(&entry.path());
        }
    }
}

/// Returns the root Cargo.toml.
pub(crate) fn root_manifest() -> Table {
    parse(&root().join("Cargo.toml"))
}

/// Returns the Cargo.toml of every workspace member, by its folder.
pub(crate) fn members() -> BTreeMap<String, Table> {
    let manifest = root_manifest();
    let patterns = manifest["workspace"]["members"].as_array().expect("the workspace lists its members");
    let mut members = BTreeMap::new();
    for pattern in patterns.iter().filter_map(|pattern| pattern.as_str()) {
        let folders = match pattern.strip_suffix("/*") {
            Some(parent) => subfolders(parent),
            None => vec![pattern.to_owned()],
        };
        for folder in folders {
            let manifest = parse(&root().join(&folder).join("Cargo.toml"));
            members.insert(folder, manifest);
        }
    }
    members
}

/// Returns the folders in `parent`, as paths relative to the root.
pub(crate) fn subfolders(parent: &str) -> Vec<String> {
    let mut folders: Vec<String> = fs::read_dir(root().join(parent))
        .unwrap_or_else(|error| panic!("{parent}: {error}"))
        .map(|entry| entry.expect("a folder can be listed"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| format!("{parent}/{}", entry.file_name().to_string_lossy()))
        .collect();
    folders.sort();
    folders
}

fn parse(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
