//! Copies of spin.toml and runtime-config.toml for starts with other settings: another state folder, a debug build, other providers.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

use crate::build::{self, Mode};
use crate::provider::Choice;
use crate::workspace::state_folder;

/// The mode of the state folder: its databases have password hashes, names and addresses.
const FOLDER_MODE: u32 = 0o700;

/// The rights of other users.
const OTHERS: u32 = 0o077;

/// The bit of a folder that several users share, such as `/tmp`.
const STICKY: u32 = 0o1000;

/// Creates the state folder for this user alone. Of one that exists, and of the files in it, the rights of other users are taken.
///
/// # Errors
///
/// If the folder cannot be created or read, or belongs to another user.
pub fn create_private_folder(folder: &Path) -> Result<()> {
    let create = || -> std::io::Result<()> {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        let mode = fs::metadata(folder)?.permissions().mode();
        if mode & STICKY != 0 {
            return Ok(());
        }
        if mode & OTHERS != 0 {
            fs::set_permissions(folder, Permissions::from_mode(mode & !OTHERS))?;
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let mode = entry.metadata()?.permissions().mode();
            if entry.file_type()?.is_file() && mode & OTHERS != 0 {
                fs::set_permissions(entry.path(), Permissions::from_mode(mode & !OTHERS))?;
            }
        }
        Ok(())
    };
    create().with_context(|| format!("cannot create {} for this user alone", folder.display()))
}

/// Writes to `copy` a copy of the runtime configuration `config` whose databases and stores of type `spin` are in `state_dir` instead of `.spindle`.
/// Absolute paths are not changed; all paths in the copy are absolute.
///
/// # Errors
///
/// If `config` cannot be read or parsed, or the copy not written.
pub fn copy_runtime_config(config: &Path, state_dir: &Path, copy: &Path) -> Result<()> {
    write(copy, config, &runtime_config_in(config, state_dir)?)
}

/// Returns the runtime configuration `config` as [`copy_runtime_config`] writes it.
pub(crate) fn runtime_config_in(config: &Path, state_dir: &Path) -> Result<Table> {
    let mut table = read(config)?;
    let base = std::path::absolute(config.parent().unwrap_or(Path::new(".")))?;
    move_stores(&mut table, &base, &std::path::absolute(state_dir)?);
    Ok(table)
}

/// Writes to `copy` a copy of `manifest` with the components of a build of `mode`, and with `providers` instead of those of the manifest.
///
/// # Errors
///
/// If the manifest cannot be read or parsed, a provider does not implement the interface, or the copy cannot be written.
pub fn copy_manifest(manifest: &Path, mode: Mode, providers: &[Choice], copy: &Path) -> Result<()> {
    let base = std::path::absolute(manifest.parent().unwrap_or(Path::new(".")))?;
    let mut table = read(manifest)?;
    for component in tables_in(&mut table, "component") {
        let mode = mode.of(tables_in(component, "dependencies").next().is_some());
        let move_to_build = |path: &mut Value| {
            if let Value::String(path) = path {
                let built = base.join(build::in_mode(Path::new(path), mode));
                *path = built.to_string_lossy().into_owned();
            }
        };
        component.get_mut("source").into_iter().for_each(move_to_build);
        let dependencies = tables_in(component, "dependencies");
        dependencies.filter_map(|dependency| dependency.get_mut("path")).for_each(move_to_build);
    }
    providers.iter().try_for_each(|provider| provider.apply(&mut table))?;
    write(copy, manifest, &table)
}

/// Writes to `copy`, in the same folder, the text of `manifest` with the services of a build of `mode`. Nothing but their sources differs.
///
/// # Errors
///
/// If the manifest cannot be read or parsed, or the copy cannot be written.
pub fn write_manifest(manifest: &Path, mode: Mode, copy: &Path) -> Result<()> {
    let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let text = in_mode(&text, mode).with_context(|| format!("{} is not a manifest", manifest.display()))?;
    let name = manifest.file_name().unwrap_or_default().display();
    let text = format!("# Made of {name} by `cargo xtask build --world 0.3`, which builds what it names.\n{text}");
    fs::write(copy, text).with_context(|| format!("cannot write {}", copy.display()))
}

/// Returns the text of a manifest with the services of a build of `mode`.
fn in_mode(manifest: &str, mode: Mode) -> Result<String> {
    let mut text = manifest.to_owned();
    let mut table: Table = toml::from_str(manifest)?;
    for component in tables_in(&mut table, "component") {
        let mode = mode.of(tables_in(component, "dependencies").next().is_some());
        if let Some(Value::String(source)) = component.get("source") {
            let built = build::in_mode(Path::new(source), mode);
            text = text.replace(&format!("source = \"{source}\""), &format!("source = \"{}\"", built.display()));
        }
    }
    Ok(text)
}

/// Reads a file of TOML.
pub(crate) fn read(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))
}

fn move_stores(table: &mut Table, base: &Path, state_dir: &Path) {
    for section in ["sqlite_database", "key_value_store"] {
        for store in tables_in(table, section) {
            if let Some(Value::String(path)) = store.get_mut("path") {
                let moved = match Path::new(path.as_str()).strip_prefix(state_folder()) {
                    Ok(rest) => state_dir.join(rest),
                    Err(_) => base.join(path.as_str()),
                };
                *path = moved.to_string_lossy().into_owned();
            }
        }
    }
}

fn tables_in<'a>(table: &'a mut Table, section: &str) -> impl Iterator<Item = &'a mut Table> {
    let section = table.get_mut(section).and_then(Value::as_table_mut);
    section.into_iter().flat_map(|section| section.iter_mut()).filter_map(|(_, value)| value.as_table_mut())
}

fn write(path: &Path, source: &Path, table: &Table) -> Result<()> {
    let text = format!("# Derived from {} at each start.\n\n{}", source.display(), toml::to_string(table)?);
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn the_state_folder_is_for_this_user_alone_whether_it_is_new_or_not() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new/state");
        create_private_folder(&folder).unwrap();
        assert_eq!([mode(&root.path().join("new")), mode(&folder)], [0o700; 2]);

        fs::write(folder.join("users.db"), "").unwrap();
        fs::set_permissions(folder.join("users.db"), Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        create_private_folder(&folder).unwrap();
        assert_eq!([mode(&folder), mode(&folder.join("users.db"))], [0o700, 0o600]);

        fs::set_permissions(&folder, Permissions::from_mode(0o1777)).unwrap();
        create_private_folder(&folder).unwrap();
        assert_eq!(mode(&folder), 0o1777, "a folder that several users share stays so");
    }

    #[test]
    fn the_manifest_of_wasi_0_3_differs_from_spin_toml_in_the_sources_of_the_services_alone() {
        let original = fs::read_to_string(crate::workspace::Workspace::locate().manifest()).unwrap();
        let derived = in_mode(&original, Mode::ReleaseWasi0_3).unwrap();
        let mut tables = [&original, &derived].map(|text| toml::from_str::<Table>(text).unwrap());
        let mut moved = Vec::new();
        let [original, derived] = &mut tables;
        for (component, other) in tables_in(original, "component").zip(tables_in(derived, "component")) {
            let sources = [component, other].map(|component| component.remove("source").unwrap());
            let [before, after] = sources.each_ref().map(|source| source.as_str().unwrap());
            if before != after {
                assert_eq!(after, before.replace("/release/", "/wasi-0-3/"));
                moved.push(after.to_owned());
            }
        }
        assert_eq!(original, derived);
        assert!(moved.iter().any(|source| source.ends_with("/orders.wasm")), "{moved:?}");
        assert!(!moved.iter().any(|source| source.contains("adapter")), "{moved:?}");
    }

    #[test]
    fn only_paths_in_the_state_folder_are_moved() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("runtime-config.toml");
        fs::write(
            &config,
            r#"
            [sqlite_database.users]
            type = "spin"
            path = ".spindle/users.db"
            [sqlite_database.elsewhere]
            type = "spin"
            path = "/var/lib/elsewhere.db"
            [sqlite_database.cluster]
            type = "libsql"
            url = "https://libsql.example"
            [key_value_store.cache]
            type = "spin"
            path = "other/cache.db"
            "#,
        )
        .unwrap();
        let state = dir.path().join("state");
        let copy = dir.path().join("copy.toml");
        copy_runtime_config(&config, &state, &copy).unwrap();
        let derived = read(&copy).unwrap();
        let path = |section: &str, label: &str| derived[section][label].get("path").and_then(Value::as_str);
        assert_eq!(path("sqlite_database", "users"), state.join("users.db").to_str());
        assert_eq!(path("sqlite_database", "elsewhere"), Some("/var/lib/elsewhere.db"));
        assert_eq!(path("sqlite_database", "cluster"), None);
        assert_eq!(path("key_value_store", "cache"), dir.path().join("other/cache.db").to_str());
    }
}
