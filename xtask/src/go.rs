//! Programs in Go whose versions are pinned by the module in `tools/<name>`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;

/// Builds the program `package` of the module in `tools/<name>`, if it is not built yet, and returns its path; `None` if Go is missing.
///
/// # Errors
///
/// If it does not build.
pub fn program(workspace: &Workspace, name: &str, package: &str) -> Result<Option<PathBuf>> {
    let version = Command::new("go").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let program = workspace.target_dir().join("tools").join(name);
    let mut go = Command::new("go");
    go.args(["build", "-trimpath", "-o"]).arg(&program).arg(package);
    // Without cgo, which none of them needs: a C compiler could be missing.
    go.current_dir(workspace.root().join("tools").join(name)).env("CGO_ENABLED", "0").stdin(Stdio::null());
    let output = go.output().context("cannot start go")?;
    ensure!(output.status.success(), "go build {package} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(Some(program))
}
