//! The last release: its sources from the history, its own build of them, and its own programs.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::{Client, instance, skip};
use xtask::build::run;
use xtask::host::{HostProcess, Output};
use xtask::release::history::Revision;
use xtask::suite::{ADMIN_EMAIL, ADMIN_PASSWORD, CORS_ORIGIN, URL};
use xtask::workspace::Workspace;

/// The time that the release may take until it is ready: it compiles its components for this machine once.
const READY: Duration = Duration::from_secs(180);

/// The beginnings of the names of variables that are about this build and its tests, not about the release's.
const NOT_PASSED_ON: [&str; 8] =
    ["CARGO_BIN_", "CARGO_CRATE_", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_", "OTEL_", "SPINDLE_", "SPIN_"];

/// Variables that would choose the toolchain and the target folder of this build for the release.
const OF_THIS_BUILD: [&str; 3] = ["CARGO", "CARGO_TARGET_DIR", "RUSTUP_TOOLCHAIN"];

/// The release that `release.toml` names.
pub(super) struct Release {
    release: xtask::release::Release,
    revision: Revision,
}

impl Release {
    /// Returns it, if the history of this checkout has it; reports otherwise that `test` is skipped.
    pub(super) fn find(test: &str) -> Option<Self> {
        let workspace = Workspace::locate();
        let release = xtask::release::Release::read(workspace.root()).expect("there is a release");
        let revision = Revision::new(workspace.root(), &release.revision);
        if !revision.is_here() {
            skip(test, &format!("the commit {revision}, so a full clone"));
            return None;
        }
        Some(Self { release, revision })
    }

    pub(super) fn version(&self) -> &str {
        &self.release.version
    }

    /// Writes its sources into `folder`.
    pub(super) fn check_out(&self, folder: &Path) {
        self.revision.check_out(folder).unwrap_or_else(|error| panic!("{error:#}"));
    }

    /// Builds it in `target/released/<revision>`, which is kept: another run builds nothing.
    pub(super) fn build(&self) -> Build {
        let parent = Workspace::locate().target_dir().join("released");
        let root = parent.join(&self.release.revision);
        if !root.join("Cargo.toml").exists() {
            fs::create_dir_all(&parent).expect("the target folder can be written to");
            // Under another name first, so that a checkout that was interrupted is none.
            let part = tempfile::tempdir_in(&parent).expect("the target folder can be written to");
            self.check_out(part.path());
            fs::rename(part.keep(), &root).expect("a folder can be renamed");
        }
        let build = Build { root };
        run(build.cargo().args(["xtask", "build"])).expect("the release builds");
        run(build.suite().arg("--no-run")).expect("the suite of the release builds");
        build
    }
}

/// The sources and programs of the release.
pub(super) struct Build {
    root: PathBuf,
}

impl Build {
    /// Returns the release's own cargo: the toolchain that its `rust-toolchain.toml` names.
    fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        self.prepare(&mut cargo);
        cargo
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if NOT_PASSED_ON.iter().any(|prefix| name.starts_with(prefix)) || OF_THIS_BUILD.contains(&&*name) {
                command.env_remove(&*name);
            }
        }
    }

    /// Returns the command that runs its end-to-end suite. `cargo xtask e2e --url` would run the contract suite too, which expects empty databases.
    fn suite(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["test", "--profile", "host", "--no-fail-fast", "--package", "spindle-tests", "--test", "e2e"]);
        cargo
    }

    /// Starts it with its own `cargo xtask up`, as an operator would, on the databases in `state`.
    pub(super) fn start(&self, state: &Path, variables: &Path, listen: SocketAddr) -> Up {
        let mut up = Command::new(self.root.join("target/host/xtask"));
        self.prepare(&mut up);
        up.args(["up", "--no-build", "--no-seed", "--log-format", "json", "--listen", &listen.to_string()]);
        up.arg("--state-dir").arg(state).arg("--env-file").arg(variables);
        let log = state.join("up.log");
        let mut process = HostProcess::spawn(up, Output::File(log)).expect("the release starts");
        let url = format!("http://{listen}");
        let (client, begin) = (Client::new(&url), Instant::now());
        let is_ready = || client.try_send("GET", "/readyz", &[], None).is_ok_and(|response| response.status == 200);
        while !is_ready() {
            process.check_alive().unwrap_or_else(|error| panic!("{error:#}\n{}", process.printed()));
            assert!(begin.elapsed() < READY, "the release is not ready:\n{}", process.printed());
            thread::sleep(Duration::from_millis(100));
        }
        Up { process, url }
    }

    /// Runs its end-to-end suite, or the tests whose names contain `filter`, against the instance at `url`.
    pub(super) fn run_suite(&self, url: &str, filter: Option<&str>) -> SuiteResult {
        let file = self.root.join("target").join("rollback.log");
        let log = File::create(&file).expect("the target folder can be written to");
        let admin = instance::admin();
        let mut suite = self.suite();
        suite.args(filter).env(URL, url).env(CORS_ORIGIN, instance::ORIGIN);
        suite.env(ADMIN_EMAIL, &admin.email).env(ADMIN_PASSWORD, &admin.password);
        suite.stdout(log.try_clone().expect("a file")).stderr(log);
        let succeeded = suite.status().expect("cargo runs").success();
        let printed = fs::read_to_string(file).expect("the suite prints text");
        let (passed, failed) = counts(&printed);
        SuiteResult { passed, failed, succeeded, printed }
    }
}

/// Returns the numbers of tests that passed and failed in what a test program prints.
fn counts(printed: &str) -> (usize, usize) {
    let result = printed.lines().find_map(|line| line.strip_prefix("test result: ")).unwrap_or_default();
    let number = |what: &str| {
        let counts = result.split([';', '.']).map(str::trim);
        counts.filter_map(|count| count.strip_suffix(what)?.trim().parse().ok()).next().unwrap_or(0)
    };
    (number("passed"), number("failed"))
}

/// What a run of the suite has shown.
pub(super) struct SuiteResult {
    pub(super) passed: usize,
    pub(super) failed: usize,
    succeeded: bool,
    printed: String,
}

impl SuiteResult {
    /// Checks that every test passed.
    #[track_caller]
    pub(super) fn expect_success(&self) {
        assert!(self.succeeded && self.failed == 0 && self.passed > 100, "the release fails:\n{}", self.printed);
    }

    /// Checks that tests have failed: not only that the suite could not run.
    #[track_caller]
    pub(super) fn expect_failures(&self) {
        assert!(!self.succeeded && self.failed > 0, "the release does not notice the contraction:\n{}", self.printed);
    }
}

/// A running instance of the release.
pub(super) struct Up {
    process: HostProcess,
    url: String,
}

impl Up {
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Stops it as its operator would.
    pub(super) fn stop(self) {
        self.process.stop().expect("the release ends");
    }
}
