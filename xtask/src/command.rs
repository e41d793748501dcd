//! Programs that are run for their result: their output is shown only if they fail.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

/// Returns whether `program` runs with `arguments`.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Runs `command`, and returns what it printed.
///
/// # Errors
///
/// If it cannot be started, or fails: then what it printed is printed here, and the error has `fault`.
pub fn print_failure(command: &mut Command, fault: &str) -> Result<String> {
    let output = run(command)?;
    if output.0 {
        return Ok(output.1);
    }
    println!("{}", output.1.trim_end());
    bail!("{fault}")
}

/// Runs `command`.
///
/// # Errors
///
/// If it cannot be started, or fails: the error has what it printed.
pub fn succeed(command: &mut Command) -> Result<()> {
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
