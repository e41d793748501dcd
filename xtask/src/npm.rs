//! The installation of Node packages from a lock file, only when it has changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The oldest supported version of Node: major and minor.
const OLDEST: (u32, u32) = (20, 19);

/// The programs that everything here needs, for messages.
pub const NEEDED: &str = "Node 20.19 or newer, with npm";

/// Checks that Node and npm are installed, and new enough.
///
/// # Errors
///
/// If one is missing, or Node is too old.
pub fn check() -> Result<()> {
    let version = Command::new("node").arg("--version").output().context("Node is not installed")?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    ensure!(is_supported(&version), "Node {version} is too old: {NEEDED}, is required");
    let npm = Command::new("npm").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    ensure!(npm.context("npm is not installed")?.success(), "npm does not work");
    Ok(())
}

/// Installs the packages in the `package-lock.json` of `folder`, unless they are installed.
///
/// # Errors
///
/// If Node is missing or too old, or the packages cannot be installed.
pub fn install(folder: &Path) -> Result<()> {
    check()?;
    // npm's own copy of the lock file is incomplete, so a complete copy shows whether the lock file has changed.
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.installed-lock.json"));
    let current = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    if fs::read(&installed).ok().as_ref() != Some(&current) {
        eprintln!("installing the packages of {}", lock.display());
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        let status = npm.status().context("npm is not installed")?;
        ensure!(status.success(), "npm ci failed: {status}");
        fs::write(&installed, current)?;
    }
    Ok(())
}

/// Returns whether `version`, as `node --version` prints it, is not too old.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_20_19_is_the_oldest_that_is_supported() {
        for (version, supported) in
            [("v20.19.0", true), ("v22.1.0", true), ("v20.18.3", false), ("v18.20.4", false), ("", false)]
        {
            assert_eq!(is_supported(version), supported, "{version}");
        }
    }
}
