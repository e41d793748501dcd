//! Running the tests and the bench.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::build::{self, HOST, Mode, cargo, run};
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Set when a test whose surroundings are missing (a Redis server, for instance) must fail instead of being skipped.
pub const REQUIRE_ALL: &str = "SPINDLE_REQUIRE_ALL";

/// The instance that the end-to-end suite asks. Unset, the suite starts its own.
pub const URL: &str = "SPINDLE_URL";

/// An origin that the instance at [`URL`] has in `cors_allowed_origins`.
pub const CORS_ORIGIN: &str = "SPINDLE_CORS_ORIGIN";

/// Builds the components and the host and runs every test of the workspace whose name contains `filter`.
///
/// # Errors
///
/// If something does not build or a test fails.
pub fn test(workspace: &Workspace, require_all: bool, filter: Option<&str>) -> Result<()> {
    let mut steps = Steps::default();
    steps.prepare("build the components", || {
        build::ensure_wasm_target(workspace)?;
        build::components(workspace, Mode::Release)?;
        build::guests(workspace)
    });
    steps.prepare("build the host", || build::host(workspace));
    // Apart, because cargo builds a dependency with the features that all selected packages ask for: together they would
    // ask for others than the host alone, and the Wasm engine would be compiled a second time.
    steps.run("test the host", || run(&mut tests(workspace, &["--package", HOST], require_all, filter)));
    steps.run("test the rest", || run(&mut tests(workspace, &["--workspace", "--exclude", HOST], require_all, filter)));
    steps.finish()
}

fn tests(workspace: &Workspace, packages: &[&str], require_all: bool, filter: Option<&str>) -> Command {
    let mut command = cargo(workspace);
    command.args(["test", "--profile", "host", "--no-fail-fast"]).args(packages);
    command.arg("--target-dir").arg(workspace.target_dir()).args(filter);
    // An instance from somebody's environment would make the result depend on it.
    command.env_remove(URL).env_remove(CORS_ORIGIN);
    if require_all {
        command.env(REQUIRE_ALL, "1");
    }
    command
}

/// Runs the end-to-end suite against the instance at `url`: the embedded host, `spin up`, a cluster.
///
/// # Errors
///
/// If the suite does not build or a test fails.
pub fn e2e(workspace: &Workspace, url: &str, cors_origin: Option<&str>, filter: Option<&str>) -> Result<()> {
    let mut tests = cargo(workspace);
    tests.args(["test", "--profile", "host", "--package", "spindle-tests", "--test", "e2e", "--target-dir"]);
    tests.arg(workspace.target_dir()).args(filter);
    tests.env(URL, url);
    if let Some(origin) = cors_origin {
        tests.env(CORS_ORIGIN, origin);
    }
    run(&mut tests).with_context(|| format!("tests failed against {url}"))
}

/// Builds everything in its release form and runs the bench.
///
/// # Errors
///
/// If something does not build or the bench fails.
pub fn bench(workspace: &Workspace, quick: bool, json: Option<PathBuf>) -> Result<()> {
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, Mode::Release)?;
    build::host(workspace)?;
    let mut bench = cargo(workspace);
    bench.args(["run", "--profile", "host", "--package", "spindle-bench", "--target-dir"]);
    bench.arg(workspace.target_dir()).args(["--", "run"]);
    if quick {
        bench.arg("--quick");
    }
    if let Some(json) = json {
        bench.arg("--json").arg(std::path::absolute(json)?);
    }
    run(&mut bench).context("the bench failed")
}
