//! The release that a rollback returns to: the revision that `release.toml` names. `cargo xtask release check` finds out whether the release is complete,
//! and whether its code still runs on the databases that the migrations of this tree make.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use semver::Version;
use serde::Deserialize;
use toml::Table;

use crate::state;
use crate::workspace::Workspace;

pub mod contraction;
pub mod history;
mod migrations;

use history::Revision;

/// The file with the version and the revision, in the root.
pub const FILE: &str = "release.toml";

/// The version and the revision of the last release.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its version: `0.1.0`.
    pub version: String,
    /// The whole id of the commit that it was built from.
    pub revision: String,
}

impl Release {
    /// Reads it from the checkout in `root`.
    ///
    /// # Errors
    ///
    /// If the file is missing, or has another form.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a version and a revision", path.display()))
    }
}

/// Prints what is wrong with the release, one line each.
///
/// # Errors
///
/// If something is wrong, or cannot be checked.
pub fn run(workspace: &Workspace) -> Result<()> {
    let faults = check(workspace.root())?;
    let Release { version, revision } = Release::read(workspace.root())?;
    if faults.is_empty() {
        println!("release {version} ({revision}) is complete, and its code runs on the migrations of this tree");
        return Ok(());
    }
    for fault in &faults {
        println!("{fault}");
    }
    let (number, noun) = (faults.len(), if faults.len() == 1 { "fault" } else { "faults" });
    bail!(
        "release {version} has {number} {noun}: CONTRIBUTING.md says how to cut a release and how to write a migration"
    )
}

/// Returns what is wrong with the release of the checkout in `root`, one line each.
///
/// # Errors
///
/// If something cannot be checked.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let release = Release::read(root)?;
    let mut faults = Vec::new();
    let version = match Version::parse(&release.version) {
        Ok(version) => version,
        Err(error) => return Ok(vec![format!("{FILE}: {:?} is no version: {error}", release.version)]),
    };
    documents(root, &release.version, &mut faults)?;
    let revision = Revision::new(root, &release.revision);
    if !revision.is_whole() {
        faults.push(format!("{FILE}: {:?} is not the whole id of a commit, which has 40 digits", release.revision));
    } else if !revision.is_here() {
        faults.push(format!(
            "{FILE}: there is no commit {revision} here: it was never made, or this is not a full clone"
        ));
    } else {
        if !revision.is_ancestor_of_head()? {
            faults.push(format!("{FILE}: {revision} is no ancestor of HEAD: the release is not part of this history"));
        }
        let released = tempfile::tempdir().context("cannot make a folder for the released sources")?;
        revision.check_out(released.path())?;
        versions(released.path(), &release, &mut faults)?;
        migrations::compare(released.path(), root, &version, &mut faults)?;
    }
    Ok(faults)
}

/// Checks the release notes and the changelog.
fn documents(root: &Path, version: &str, faults: &mut Vec<String>) -> Result<()> {
    let notes = format!("docs/releases/{version}.md");
    match fs::read_to_string(root.join(&notes)) {
        Ok(text) if text.lines().next().is_some_and(|title| title.starts_with("# ") && title.ends_with(version)) => {}
        Ok(_) => faults.push(format!("{notes}: its title does not end with {version}")),
        Err(_) => faults.push(format!("{notes} is missing: the release has no notes")),
    }
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).context("cannot read CHANGELOG.md")?;
    let heading = format!("## [{version}]");
    if !changelog.lines().any(|line| line.starts_with(&heading)) {
        faults.push(format!("CHANGELOG.md has no heading `{heading}`"));
    }
    Ok(())
}

/// Compares the version of the release with those in the manifests of its revision, whose sources are in `released`.
fn versions(released: &Path, release: &Release, faults: &mut Vec<String>) -> Result<()> {
    let places: [(&str, &[&str]); 2] =
        [("Cargo.toml", &["workspace", "package", "version"]), ("spin.toml", &["application", "version"])];
    for (file, keys) in places {
        let table: Table = state::read(&released.join(file))?;
        let mut keys = keys.iter();
        let first = keys.next().and_then(|key| table.get(*key));
        let found = keys.fold(first, |value, key| value?.get(*key)).and_then(toml::Value::as_str).unwrap_or("none");
        if found != release.version {
            faults.push(format!(
                "{file} of {} has the version {found}, and {FILE} has {}",
                release.revision, release.version
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
