//! Running the tests, the acceptance tests and the bench.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::admin::Credentials;
use crate::application::Application;
use crate::build::{self, HOST, KIT, Mode, World, cargo, run};
use crate::host::Launch;
use crate::steps::Steps;
use crate::store::{LibsqlServer, STORE, Store};
use crate::workspace::Workspace;
use crate::{secrets, spin, state};

/// Set when a test whose tools are missing (a Redis server, for instance) must fail instead of being skipped.
pub const REQUIRE_ALL: &str = "SPINDLE_REQUIRE_ALL";

/// The instance that the end-to-end suite tests. Unset, the suite starts one.
pub const URL: &str = "SPINDLE_URL";

/// An origin that the instance at [`URL`] has in `cors_allowed_origins`.
pub const CORS_ORIGIN: &str = "SPINDLE_CORS_ORIGIN";

/// The e-mail address of an admin of the instance at [`URL`].
pub const ADMIN_EMAIL: &str = "SPINDLE_ADMIN_EMAIL";

/// The password of that admin.
pub const ADMIN_PASSWORD: &str = "SPINDLE_ADMIN_PASSWORD";

/// Set to write generated files instead of comparing them.
pub const UPDATE: &str = "SPINDLE_UPDATE";

/// Set to [`FULL`] to run the acceptance tests in the full form, which takes the time that their figures need. Unset, they are as short as any other test.
pub const ACCEPTANCE: &str = "SPINDLE_ACCEPTANCE";

/// The value of [`ACCEPTANCE`] for the full form.
pub const FULL: &str = "full";

/// The suites that start the application.
const APPLICATION_SUITES: [&str; 8] =
    ["acceptance", "browser", "clients", "contract", "docs", "e2e", "faults", "providers"];

/// The suites that run on another store than files of SQLite: the others do not see a difference.
const STORE_SUITES: [&str; 3] = ["e2e", "faults", "acceptance"];

/// The tests to run.
#[derive(Debug)]
pub struct Selection {
    /// The world of the services in the instances that the tests start.
    pub world: World,
    /// The suites to run, of those that start the application. Empty: in world 0.2 every test of the workspace, in 0.3 all of these suites, because
    /// the other tests do not see a difference.
    pub suites: Vec<String>,
    /// The store of these instances. `None`: files of SQLite.
    pub store: Option<Store>,
    /// Whether a test whose tools are missing fails.
    pub require_all: bool,
    /// A part of the names of the tests.
    pub filter: Option<String>,
}

/// Builds the components and the host and runs the selected tests.
///
/// # Errors
///
/// If something does not build, a test fails, or there is no such suite.
pub fn test(workspace: &Workspace, selection: &Selection) -> Result<()> {
    let mode = selection.world.released();
    for suite in &selection.suites {
        ensure!(APPLICATION_SUITES.contains(&suite.as_str()), "{suite} is no suite: {}", APPLICATION_SUITES.join(", "));
    }
    let mut steps = Steps::default();
    steps.prepare("build the components", || {
        build::ensure_wasm_target(workspace)?;
        build::components(workspace, mode)?;
        build::guests(workspace)
    });
    steps.prepare("build the host", || build::host(workspace));
    steps.prepare("compile the components for this machine", || compile(workspace, mode));
    // Separately, because cargo builds a dependency with the features that all selected packages require: together they would
    // require other features than the host alone, and the Wasm engine would be compiled a second time.
    let engine = ["--package", HOST, "--package", KIT];
    let mut rest = vec!["--workspace", "--exclude", HOST, "--exclude", KIT];
    if selection.world == World::default() && selection.suites.is_empty() {
        steps.run("test the host and the conformance kit", || run(&mut tests(workspace, &engine, selection)));
        steps.run("test the rest", || run(&mut tests(workspace, &rest, selection)));
        return steps.finish();
    }
    let selected: Vec<&str> = selection.suites.iter().map(String::as_str).collect();
    for suite in if selected.is_empty() { &APPLICATION_SUITES[..] } else { &selected } {
        rest.extend(["--test", suite]);
    }
    steps.run("test the application", || run(&mut tests(workspace, &rest, selection)));
    steps.finish()
}

/// Starts the application once. The code that it compiles is cached, so that the tests, which start it many times at once, need not compile it
/// again.
fn compile(workspace: &Workspace, mode: Mode) -> Result<()> {
    let folder = workspace.target_dir().join("warm-up");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (config, env_file) = (folder.join("runtime-config.toml"), folder.join(".env"));
    state::copy_runtime_config(&workspace.runtime_config(), &folder, &config)?;
    secrets::ensure(&env_file, &secrets::needed(&Application::read(&workspace.manifest())?))?;
    let manifest = folder.join("spin.toml");
    state::copy_manifest(&workspace.manifest(), mode, &[], &manifest)?;
    let mut launch = Launch::new(workspace, config, folder);
    launch.manifest = manifest;
    launch.env_file = Some(env_file);
    let mut host = launch.spawn()?;
    host.url()?;
    host.stop()?;
    Ok(())
}

fn tests(workspace: &Workspace, packages: &[&str], selection: &Selection) -> Command {
    let mut command = cargo(workspace);
    command.args(["test", "--profile", "host", "--no-fail-fast"]).args(packages);
    command.arg("--target-dir").arg(workspace.target_dir()).args(&selection.filter);
    // The result must not depend on an instance that the environment names.
    for name in [URL, CORS_ORIGIN, ADMIN_EMAIL, ADMIN_PASSWORD, ACCEPTANCE, spin::INSTANCES] {
        command.env_remove(name);
    }
    command.env(build::WORLD, selection.world.name());
    match selection.store {
        Some(store) => command.env(STORE, store.name()),
        None => command.env_remove(STORE),
    };
    if selection.require_all {
        command.env(REQUIRE_ALL, "1");
    }
    command
}

/// An instance that was started elsewhere, for the end-to-end suite.
#[derive(Debug)]
pub struct ExternalInstance {
    /// Its URL.
    pub url: String,
    /// An origin that it has in `cors_allowed_origins`.
    pub cors_origin: Option<String>,
    /// One of its admins.
    pub admin: Credentials,
}

/// Builds the components and the ticker, and packs the application, the event relay and the ticker as images with `arguments`, in the folder that this runs in.
///
/// # Errors
///
/// If something does not build, or the registry does not take an image.
pub fn image(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, Mode::Release)?;
    let mut packer = Command::new(build::image(workspace)?);
    match build::static_ticker(workspace)? {
        Some((program, target)) => {
            packer.arg("--program").arg(program).args(["--target", &target]);
        }
        None => println!("no image of the ticker: it is built on Linux with glibc"),
    }
    run(packer.args(arguments).args([workspace.manifest(), workspace.relay_manifest()]))
}

/// Builds the conformance kit and runs it with `arguments`, in the folder that this runs in.
///
/// # Errors
///
/// If the kit does not build, or the provider does not conform to its contract.
pub fn conformance(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    build::kit(workspace)?;
    run(Command::new(workspace.kit_binary()).arg("--cache-dir").arg(workspace.cache_dir()).args(arguments))
}

/// Runs the end-to-end and the contract suite against `instance`: the embedded host, `spin up`, a cluster.
///
/// # Errors
///
/// If a suite does not build or a test fails.
pub fn e2e(workspace: &Workspace, instance: &ExternalInstance, filter: Option<&str>) -> Result<()> {
    against(workspace, instance, &["e2e", "contract"], filter)
}

/// Runs the end-to-end suite alone against `instance`: the contract suite expects an instance that no other suite has used.
///
/// # Errors
///
/// If the suite does not build or a test fails.
pub(crate) fn end_to_end(workspace: &Workspace, instance: &ExternalInstance, filter: Option<&str>) -> Result<()> {
    against(workspace, instance, &["e2e"], filter)
}

/// Builds the components that only tests use, and the host, and runs the faults with instances on the Spin in the file `program`.
///
/// # Errors
///
/// If something does not build or a test fails.
pub(crate) fn faults_on_spin(workspace: &Workspace, program: &Path, world: World, filter: Option<&str>) -> Result<()> {
    build::guests(workspace)?;
    build::host(workspace)?;
    let mut tests = suite(workspace, "faults");
    tests.args(["--no-fail-fast"]).args(filter).env(build::WORLD, world.name()).env(spin::INSTANCES, program);
    run(&mut tests).context("a fault failed on Spin")
}

fn against(workspace: &Workspace, instance: &ExternalInstance, suites: &[&str], filter: Option<&str>) -> Result<()> {
    let mut tests = cargo(workspace);
    tests.args(["test", "--profile", "host", "--no-fail-fast", "--package", "spindle-tests", "--target-dir"]);
    tests.arg(workspace.target_dir()).args(suites.iter().flat_map(|suite| ["--test", suite])).args(filter);
    tests.env(URL, &instance.url);
    // Not as arguments, which every user of the machine can read.
    tests.env(ADMIN_EMAIL, &instance.admin.email).env(ADMIN_PASSWORD, &instance.admin.password);
    if let Some(origin) = &instance.cors_origin {
        tests.env(CORS_ORIGIN, origin);
    }
    run(&mut tests).with_context(|| format!("tests failed against {}", instance.url))
}

/// Builds the components and the host and runs the end-to-end suite, the faults and the short form of the acceptance tests on instances whose
/// databases are in `store`.
///
/// # Errors
///
/// If something does not build, the server of `SQLD_BIN` does not run, or a test fails.
pub fn on_store(workspace: &Workspace, store: Store, filter: Option<&str>) -> Result<()> {
    match store {
        Store::Libsql => println!("libSQL: {}", LibsqlServer::find()?),
    }
    let suites = STORE_SUITES.map(str::to_owned).to_vec();
    let filter = filter.map(str::to_owned);
    test(workspace, &Selection { world: World::default(), suites, store: Some(store), require_all: false, filter })
}

/// Builds the components and the host and records the examples in api-specs/golden: the contract suite writes the requests that it sends and their
/// responses instead of comparing them.
///
/// # Errors
///
/// If something does not build, or a scenario does not reach the state that an example needs.
pub fn record_examples(workspace: &Workspace) -> Result<()> {
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, Mode::Release)?;
    build::host(workspace)?;
    let mut scenarios = suite(workspace, "contract");
    scenarios.args(["--", "--skip", "coverage::"]).env(UPDATE, "1");
    run(&mut scenarios).context("an example was not recorded")
}

/// Builds the components and the host and runs the acceptance tests whose name contains `filter` in full, one after another.
///
/// # Errors
///
/// If something does not build or an acceptance test fails.
pub fn acceptance(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, Mode::Release)?;
    build::host(workspace)?;
    let mut tests = suite(workspace, "acceptance");
    tests.args(filter).args(["--", "--nocapture", "--test-threads=1"]).env(ACCEPTANCE, FULL);
    run(&mut tests).context("an acceptance test failed")
}

/// Prints the names of the tests.
///
/// # Errors
///
/// If they do not build.
pub fn list_acceptance_tests(workspace: &Workspace) -> Result<()> {
    let mut tests = suite(workspace, "acceptance");
    let output = tests.args(["--", "--list", "--format", "terse"]).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the acceptance tests do not build");
    for name in String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| line.strip_suffix(": test")) {
        println!("{name}");
    }
    Ok(())
}

/// Returns the command that runs one suite of `tests/`; its caller may add others.
fn suite(workspace: &Workspace, name: &str) -> Command {
    let mut command = cargo(workspace);
    command.args(["test", "--profile", "host", "--package", "spindle-tests", "--test", name, "--target-dir"]);
    command.arg(workspace.target_dir());
    command
}

/// Builds everything in its release form and runs the bench with `arguments`, in the folder that this runs in. Without a subcommand it measures the
/// platform.
///
/// # Errors
///
/// If something does not build or the bench fails.
pub fn bench(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    build::ensure_wasm_target(workspace)?;
    build::components(workspace, Mode::Release)?;
    build::bench_caller(workspace)?;
    build::host(workspace)?;
    build::bench(workspace)?;
    let mut bench = Command::new(workspace.target_dir().join("host").join("spindle-bench"));
    if arguments.first().is_none_or(|first| first.to_string_lossy().starts_with("--")) {
        bench.arg("run");
    }
    run(bench.args(arguments)).context("the bench failed")
}
