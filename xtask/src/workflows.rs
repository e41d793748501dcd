//! `cargo xtask workflows`: checks the workflows of GitHub Actions with actionlint (syntax, expressions, types) and zizmor (security).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::checks::{Checks, Outcome};
use crate::workspace::Workspace;
use crate::{command, go, python};

/// Makes the checks, each with one line of result.
///
/// # Errors
///
/// If one failed, or was skipped and may not be.
pub fn run(workspace: &Workspace, require_all: bool) -> Result<()> {
    let files = files(&workspace.root().join(".github/workflows"))?;
    let mut checks = Checks::new(require_all);
    checks.run("actionlint", || syntax(workspace, &files));
    checks.run("zizmor", || security(workspace, &files));
    checks.finish()
}

/// Returns the workflows in `folder`.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml"));
    files.sort();
    ensure!(!files.is_empty(), "{} has no workflow", folder.display());
    Ok(files)
}

fn syntax(workspace: &Workspace, files: &[PathBuf]) -> Result<Outcome> {
    let Some(program) = go::program(workspace, "actionlint", "github.com/rhysd/actionlint/cmd/actionlint")? else {
        return Ok(Outcome::Skipped("Go is not installed".to_owned()));
    };
    // Without the programs that it finds on PATH: the result would depend on the machine.
    let mut actionlint = Command::new(program);
    actionlint.args(["-no-color", "-shellcheck=", "-pyflakes="]).args(files);
    command::print_failure(&mut actionlint, "actionlint found the faults above")?;
    Ok(passed(files))
}

fn security(workspace: &Workspace, files: &[PathBuf]) -> Result<Outcome> {
    let requirements = workspace.root().join("tools/workflows/requirements.txt");
    let venv = workspace.target_dir().join("workflows").join("python");
    let Some(mut zizmor) = python::program(&requirements, &venv, "zizmor")? else {
        return Ok(Outcome::Skipped("Python with its module venv is not installed".to_owned()));
    };
    // Offline: what it could ask GitHub for changes without a change here.
    zizmor.args(["--offline", "--no-progress", "--color=never", "--strict-collection"]).args(files);
    command::print_failure(&mut zizmor, "zizmor found the faults above")?;
    Ok(passed(files))
}

fn passed(files: &[PathBuf]) -> Outcome {
    Outcome::Passed(format!("{} workflows", files.len()))
}
