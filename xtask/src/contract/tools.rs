//! The tools of the contract checks, installed where they are missing or their pinned versions have changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{command, npm, python};

/// The folder with the pins, the rules and the configuration of the tools.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("tools/contract")
}

/// Returns the folder of everything that a run leaves: tools, logs and reports.
pub(super) fn work_dir(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target_dir().join("contract");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Returns a program of the Python packages; `None` if Python or its module venv is missing.
pub(super) fn python(workspace: &Workspace, program: &str) -> Result<Option<Command>> {
    python::program(&folder(workspace).join("requirements.txt"), &work_dir(workspace)?.join("python"), program)
}

/// Returns Node with a script of the npm packages, or of the folder itself; `None` if npm is missing.
pub(super) fn node(workspace: &Workspace, script: &str) -> Result<Option<Command>> {
    if !command::has("npm", &["--version"]) {
        return Ok(None);
    }
    let folder = folder(workspace);
    npm::install(&folder)?;
    let mut node = Command::new("node");
    node.arg(folder.join(script)).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    Ok(Some(node))
}

/// Returns `path` relative to the root, for messages.
pub(super) fn shown<'p>(workspace: &Workspace, path: &'p Path) -> std::path::Display<'p> {
    path.strip_prefix(workspace.root()).unwrap_or(path).display()
}
