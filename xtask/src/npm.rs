//! Node's packages, installed as a lock file says and only when it has changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The oldest Node that runs what we have.
const OLDEST: u32 = 20;

/// Installs what the `package-lock.json` in `folder` names, unless it is there.
///
/// # Errors
///
/// If Node is not there or too old, or its packages cannot be had.
pub fn install(folder: &Path) -> Result<()> {
    let version = Command::new("node").arg("--version").output().context("Node is not installed")?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major: u32 = version.trim_start_matches('v').split('.').next().unwrap_or_default().parse().unwrap_or(0);
    ensure!(major >= OLDEST, "Node {version} is too old: {OLDEST} or newer");
    // npm's own copy of the lock file leaves out what it is for; so a copy tells whether anything has changed.
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        eprintln!("installing what {} names", lock.display());
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        let status = npm.status().context("npm is not installed")?;
        ensure!(status.success(), "npm ci ended with {status}");
        fs::write(&installed, wanted)?;
    }
    Ok(())
}
