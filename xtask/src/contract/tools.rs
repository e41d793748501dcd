//! The tools of the contract checks, installed where they are missing or their pinned versions have changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::npm;
use crate::workspace::Workspace;

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

/// Returns whether `program` runs with `arguments`.
fn has(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Returns a program of the Python packages; `None` if Python or its module venv is missing.
pub(super) fn python(workspace: &Workspace, program: &str) -> Result<Option<Command>> {
    if !has("python3", &["-c", "import ensurepip, venv"]) {
        return Ok(None);
    }
    let venv = work_dir(workspace)?.join("python");
    let requirements = folder(workspace).join("requirements.txt");
    let (pinned, installed) = (fs::read(&requirements)?, venv.join("installed.txt"));
    if fs::read(&installed).ok().as_ref() != Some(&pinned) {
        eprintln!("installing the packages of {}", requirements.display());
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let mut pip = Command::new(venv.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]).arg(&requirements);
        succeed(&mut pip)?;
        fs::write(&installed, pinned)?;
    }
    Ok(Some(Command::new(venv.join("bin").join(program))))
}

/// Returns Node with a script of the npm packages, or of the folder itself; `None` if npm is missing.
pub(super) fn node(workspace: &Workspace, script: &str) -> Result<Option<Command>> {
    if !has("npm", &["--version"]) {
        return Ok(None);
    }
    let folder = folder(workspace);
    npm::install(&folder)?;
    let mut node = Command::new("node");
    node.arg(folder.join(script)).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    Ok(Some(node))
}

/// Runs `command`, and returns what it printed.
///
/// # Errors
///
/// If it cannot be started, or fails: then what it printed is printed here, and the error has `fault`.
pub(super) fn print_failure(command: &mut Command, fault: &str) -> Result<String> {
    let output = run(command)?;
    if output.0 {
        return Ok(output.1);
    }
    println!("{}", output.1.trim_end());
    bail!("{fault}")
}

fn succeed(command: &mut Command) -> Result<()> {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (succeeded, printed) = run(command)?;
    ensure!(succeeded, "{name} failed: {}", printed.trim());
    Ok(())
}

fn run(command: &mut Command) -> Result<(bool, String)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {program}"))?;
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ok((output.status.success(), text))
}

/// Returns `path` relative to the root, for messages.
pub(super) fn shown<'p>(workspace: &Workspace, path: &'p Path) -> std::path::Display<'p> {
    path.strip_prefix(workspace.root()).unwrap_or(path).display()
}
