//! The `spin` command of the Spin project, for `cargo xtask up --on spin`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// The oldest version that runs Spindle: older ones lack features that spin.toml uses.
const OLDEST: (u64, u64) = (3, 4);

/// The first version that is not supported yet.
const UNKNOWN: (u64, u64) = (5, 0);

/// The advice in an error: how to install Spin.
const INSTALL: &str =
    "https://spinframework.dev/install installs Spin; without `--on spin` the embedded host runs instead";

/// Finds `spin` on PATH and returns it with its version.
///
/// # Errors
///
/// If there is none, or its version is not supported; with a hint.
pub fn find() -> Result<(PathBuf, String)> {
    let program = PathBuf::from("spin");
    let output = Command::new(&program).arg("--version").output();
    let output = output.with_context(|| format!("`spin` is not on PATH: {INSTALL}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().nth(1).unwrap_or_default().to_owned();
    ensure!(output.status.success() && text.starts_with("spin "), "`spin` on PATH is another program: {INSTALL}");
    ensure!(
        is_supported(&version),
        "Spin {version} is not supported: Spindle needs {}.{} or later, before {}.0. {INSTALL}",
        OLDEST.0,
        OLDEST.1,
        UNKNOWN.0
    );
    Ok((program, version))
}

/// Returns whether `version`, such as `3.6.3` or `4.1.0-pre0`, runs Spindle.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (OLDEST..UNKNOWN).contains(&(major, minor)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_supported;

    #[test]
    fn supported_are_the_versions_that_the_suites_ran_on() {
        for version in ["3.4.0", "3.6.3", "4.0.2", "4.1.0-pre0"] {
            assert!(is_supported(version), "{version}");
        }
        for version in ["", "2.7.0", "3.3.1", "5.0.0", "main"] {
            assert!(!is_supported(version), "{version}");
        }
    }
}
