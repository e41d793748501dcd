//! Programs in Go whose versions are pinned by the module in `tools/<name>`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;

/// A program of a module in `tools/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program<'a> {
    /// The folder of its module in `tools/`.
    pub module: &'a str,
    /// The name of its file.
    pub name: &'a str,
    /// Its package.
    pub package: &'a str,
    /// Flags of the linker.
    pub ldflags: &'a str,
}

impl Program<'_> {
    /// Returns the path of its file after a build.
    pub fn path(&self, workspace: &Workspace) -> PathBuf {
        workspace.target_dir().join("tools").join(self.name)
    }

    /// Builds it, if it is not built yet, and returns its path; `None` if Go is missing.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub fn build(&self, workspace: &Workspace) -> Result<Option<PathBuf>> {
        if !is_installed() {
            return Ok(None);
        }
        let Self { module, package, ldflags, .. } = *self;
        let path = self.path(workspace);
        let mut go = Command::new("go");
        go.args(["build", "-trimpath", "-ldflags", ldflags, "-o"]).arg(&path).arg(package);
        // Without cgo, which none of them needs: a C compiler could be missing.
        go.current_dir(workspace.root().join("tools").join(module)).env("CGO_ENABLED", "0").stdin(Stdio::null());
        let output = go.output().context("cannot start go")?;
        ensure!(
            output.status.success(),
            "go build {package} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(Some(path))
    }
}

/// Returns whether Go is installed.
pub fn is_installed() -> bool {
    let version = Command::new("go").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Builds the program `package` of the module in `tools/<name>`, if it is not built yet, and returns its path; `None` if Go is missing.
///
/// # Errors
///
/// If it does not build.
pub fn program(workspace: &Workspace, name: &str, package: &str) -> Result<Option<PathBuf>> {
    Program { module: name, name, package, ldflags: "" }.build(workspace)
}
