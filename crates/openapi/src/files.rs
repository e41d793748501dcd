//! The files that the documents are kept in.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The environment variable that makes tests write the generated files instead of comparing them.
const UPDATE: &str = "SPINDLE_UPDATE";

/// Returns the folder of the documents.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs")
}

/// Reads the document `name`, such as `orders.yaml`.
///
/// # Errors
///
/// If it cannot be read, or is no YAML.
pub fn read(name: &str) -> Result<Value> {
    let path = directory().join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    crate::from_yaml(&text).with_context(|| format!("parsing {}", path.display()))
}

/// Checks that the file `path` has exactly `content`. With `SPINDLE_UPDATE=1` it writes it there.
///
/// # Panics
///
/// If the file has other content, or cannot be written. `command` is what to run then.
#[track_caller]
pub fn write_or_compare(path: &Path, content: &str, command: &str) {
    if std::env::var(UPDATE).is_ok_and(|value| value == "1") {
        fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    if found != content {
        let line = found.lines().zip(content.lines()).take_while(|(found, expected)| found == expected).count();
        let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
        let (path, found, expected) = (path.display(), at(&found), at(content));
        panic!(
            "{path} is out of date: `{UPDATE}=1 {command}` writes it. Line {}:\n  has  {found}\n  should have  {expected}",
            line + 1
        );
    }
}
