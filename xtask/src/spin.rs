//! The `spin` command of the Spin project, for `cargo xtask up --on spin` and `cargo xtask e2e --on spin`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::fs::Mode as FileMode;
use rustix::process::umask;
use spindle_smoke::Options;

use crate::admin::Credentials;
use crate::application::Application;
use crate::build::{self, World};
use crate::host::{Launch, Runtime};
use crate::http::Client;
use crate::suite::{self, ExternalInstance};
use crate::tick::{self, Ticker};
use crate::workspace::Workspace;
use crate::{ready, secrets, state};

/// The variable with the path of `spin`, if the one on `PATH` is not meant.
const PROGRAM: &str = "SPIN_BIN";

/// The variable with the path of the Spin that runs the instances of the tests. Unset, it is the embedded host.
pub const INSTANCES: &str = "SPINDLE_SPIN";

/// The time that the services may take to apply their migrations and become ready.
const READY: Duration = Duration::from_secs(60);

/// An origin that the end-to-end suite calls from.
const ORIGIN: &str = "https://shop.example";

/// The variables of an instance for the end-to-end suite, which sends more requests than a client may, and buys for many customers as one.
const VARIABLES: [(&str, &str); 7] = [
    ("cors_allowed_origins", ORIGIN),
    ("rate_limit_auth", "1000000/60"),
    ("rate_limit_read", "1000000/60"),
    ("rate_limit_write", "1000000/60"),
    ("rate_limit_export", "1000000/60"),
    ("customer_max_unpaid_orders", "1000000"),
    ("customer_max_unpaid_pieces", "1000000"),
];

/// The oldest version that Spindle is promised to run on: the oldest that it was run on.
const OLDEST: (u64, u64) = (3, 6);

/// The first version that is not supported yet.
const UNKNOWN: (u64, u64) = (5, 0);

/// The advice in an error: how to install Spin.
const INSTALL: &str =
    "https://spinframework.dev/install installs Spin; without `--on spin` the embedded host runs instead";

/// Builds the components, starts them on Spin with empty databases, and runs the end-to-end suite against them and, if no filter selects tests, the smoke
/// test, which orders one of the products that the suite leaves; then the faults, whose instances run on Spin, but for those that need failpoints or
/// telemetry of the embedded host.
///
/// # Errors
///
/// If there is no supported Spin, something does not build, the application does not become ready, or a test fails.
pub fn e2e(workspace: &Workspace, world: World, filter: Option<&str>) -> Result<()> {
    let (program, version) = find()?;
    let (runtime, mode) = (Runtime::Spin(program.clone()), world.released());
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, mode)?;
    build::check_built(workspace, mode, &runtime)?;
    let folder = tempfile::tempdir().context("cannot make a folder for the databases")?;
    // Spin creates its databases with the rights that its umask leaves, which it has from this process.
    umask(FileMode::RWXG | FileMode::RWXO);
    let (config, env_file) = (folder.path().join("runtime-config.toml"), folder.path().join(".variables"));
    state::copy_runtime_config(&workspace.runtime_config(), folder.path(), &config)?;
    secrets::ensure(&env_file, &secrets::needed(&Application::read(&workspace.manifest())?))?;
    let mut launch = Launch::new(workspace, config, folder.path().to_owned());
    launch.manifest = folder.path().join("spin.toml");
    state::copy_manifest(&workspace.manifest(), mode, &[], &launch.manifest)?;
    launch.runtime = runtime;
    launch.env_file = Some(env_file.clone());
    launch.environment =
        VARIABLES.map(|(name, value)| (secrets::env_name(name), Some(value.to_owned()))).into_iter().collect();
    // Spin does not support port 0.
    launch.listen = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?.local_addr()?;
    println!("starting on Spin {version}");
    let mut host = launch.spawn()?;
    let url = host.url()?;
    let clock = Ticker::from_env_file(&Client::new(&url), &env_file)?;
    let started = ready::wait(&clock, READY, &BTreeMap::new(), || host.check_alive(), |_| ());
    started.with_context(|| host.printed())?;
    let ticker = clock.spawn(tick::EVERY, |line| println!("{line}"));
    let admin = Credentials::read(&env_file)?.context("the variables name no admin")?;
    let instance = ExternalInstance { url: url.clone(), cors_origin: Some(ORIGIN.to_owned()), admin };
    let tested = suite::end_to_end(workspace, &instance, filter).and_then(|()| match filter {
        Some(_) => Ok(()),
        None => Ok(spindle_smoke::run(&Options::new(&url), &Arc::default(), &mut |line| println!("{line}"))?),
    });
    drop(ticker);
    host.stop()?;
    tested.and(suite::faults_on_spin(workspace, &program, world, filter))
}

/// Returns the Spin that runs the instances of the tests, if the environment names one.
pub fn of_environment() -> Option<PathBuf> {
    std::env::var_os(INSTANCES).map(PathBuf::from)
}

/// Finds `spin` at `SPIN_BIN` or on PATH and returns it with its version.
///
/// # Errors
///
/// If there is none, or its version is not supported; with a hint.
pub fn find() -> Result<(PathBuf, String)> {
    let program = std::env::var_os(PROGRAM).map_or_else(|| PathBuf::from("spin"), PathBuf::from);
    let output = Command::new(&program).arg("--version").output();
    let output = output.with_context(|| format!("`spin` is not on PATH, and {PROGRAM} names none: {INSTALL}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().nth(1).unwrap_or_default().to_owned();
    ensure!(
        output.status.success() && text.starts_with("spin "),
        "{} is another program: {INSTALL}",
        program.display()
    );
    ensure!(
        is_supported(&version),
        "Spin {version} is not supported: Spindle needs {}.{} or later, before {}.0. {INSTALL}",
        OLDEST.0,
        OLDEST.1,
        UNKNOWN.0
    );
    Ok((program, version))
}

/// Returns whether `version`, such as `3.6.3` or `4.1.0-pre0`, runs Spindle.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (OLDEST..UNKNOWN).contains(&(major, minor)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_supported;

    #[test]
    fn supported_are_the_versions_that_the_suites_ran_on() {
        for version in ["3.6.0", "3.6.3", "4.0.2", "4.1.0-pre0"] {
            assert!(is_supported(version), "{version}");
        }
        for version in ["", "2.7.0", "3.5.1", "5.0.0", "main"] {
            assert!(!is_supported(version), "{version}");
        }
    }
}
