//! The installation of Node packages from a lock file, only when it has changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The oldest supported version of Node.
const OLDEST: u32 = 20;

/// Installs the packages in the `package-lock.json` of `folder`, unless they are installed.
///
/// # Errors
///
/// If Node is missing or too old, or the packages cannot be installed.
pub fn install(folder: &Path) -> Result<()> {
    let version = Command::new("node").arg("--version").output().context("Node is not installed")?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major: u32 = version.trim_start_matches('v').split('.').next().unwrap_or_default().parse().unwrap_or(0);
    ensure!(major >= OLDEST, "Node {version} is too old: {OLDEST} or newer is required");
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
