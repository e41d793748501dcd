//! Node and the npm workspaces of the repository, for the suites that run them.

use std::process::Command;
use std::sync::OnceLock;

use xtask::npm;
use xtask::workspace::Workspace;

use crate::skip;

/// Installs the packages of all workspaces, once, and returns true; without Node, or with one that is too old, reports that `test` is skipped.
///
/// # Panics
///
/// If the packages cannot be installed.
pub fn has_packages(test: &str) -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    let has_packages = *INSTALLED.get_or_init(|| {
        let has_node = npm::check().is_ok();
        if has_node {
            npm::install(Workspace::locate().root()).unwrap_or_else(|error| panic!("{error:#}"));
        }
        has_node
    });
    if !has_packages {
        skip(test, npm::NEEDED);
    }
    has_packages
}

/// Returns the command that runs `script` of the npm workspace in `folder`, such as `clients/typescript`.
pub fn npm_script(folder: &str, script: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", script]).current_dir(Workspace::locate().root().join(folder));
    npm
}

/// Runs `command` and returns what it prints on stdout.
///
/// # Panics
///
/// If it fails; with all that it printed.
#[track_caller]
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed: {}\n{stdout}\n{stderr}", output.status);
    stdout.into_owned()
}
