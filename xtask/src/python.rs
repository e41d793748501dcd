//! Programs in Python whose versions are pinned, with the digest of each file, by a requirements.txt.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command;

/// Returns the program of the packages in `requirements`, which are installed into `venv` where they are missing or have changed; `None` if Python or
/// its module venv is missing.
///
/// # Errors
///
/// If they cannot be installed.
pub fn program(requirements: &Path, venv: &Path, program: &str) -> Result<Option<Command>> {
    if !command::has("python3", &["-c", "import ensurepip, venv"]) {
        return Ok(None);
    }
    let pinned = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let installed = venv.join("installed.txt");
    if fs::read(&installed).ok().as_ref() != Some(&pinned) {
        eprintln!("installing the packages of {}", requirements.display());
        command::succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv))?;
        let mut pip = Command::new(venv.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]).arg(requirements);
        command::succeed(&mut pip)?;
        fs::write(&installed, pinned)?;
    }
    Ok(Some(Command::new(venv.join("bin").join(program))))
}
