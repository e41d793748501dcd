//! An instance of the application that a test starts for itself: its own process, port and databases.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use toml::Table;
use xtask::build::{self, Mode};
use xtask::host::{HostProcess, Launch};
use xtask::workspace::Workspace;
use xtask::{http, ready, state};

use crate::Client;

/// The origin that instances started by the tests allow browsers to call from.
pub const ORIGIN: &str = "https://shop.example";

const SECRET: &str = "SPIN_VARIABLE_SERVICE_TOKEN_SECRET=\"a secret that only the tests know, 32 bytes long\"";

/// A running instance. It is killed when it is dropped, or when the test process ends.
#[derive(Debug)]
pub struct Instance {
    host: HostProcess,
    url: String,
    /// Its log and configuration; inside the state folder, and apart from those of another instance on the same.
    _own: TempDir,
}

impl Instance {
    /// Starts the application with its databases in `state_dir`, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn start(state_dir: &Path) -> Self {
        let mut instance = Self::spawn(state_dir, |_| ());
        let host = &mut instance.host;
        ready::wait(&http::Client::new(&instance.url), Duration::from_secs(30), || host.check_alive(), |_| ())
            .unwrap_or_else(|error| panic!("{error:#}\n{}", host.printed()));
        instance
    }

    /// Starts the application as [`start`](Self::start) does, but from a manifest that `change` has changed, and does not
    /// wait until it is ready: it may never be.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the host does not serve.
    pub fn start_changed(state_dir: &Path, change: impl FnOnce(&mut Table)) -> Self {
        Self::spawn(state_dir, change)
    }

    fn spawn(state_dir: &Path, change: impl FnOnce(&mut Table)) -> Self {
        let own = tempfile::tempdir_in(state_dir).expect("the state folder can be written to");
        let launch = launch(state_dir, own.path(), change).expect("a configuration");
        let mut host = launch.spawn().expect("the host starts");
        let url = host.url().expect("the host serves");
        Self { host, url, _own: own }
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client for it.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// What the host and its components have printed.
    pub fn log(&self) -> String {
        self.host.printed()
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    ///
    /// If it cannot be killed.
    pub fn kill(self) {
        self.host.kill().expect("the host can be killed");
    }
}

fn launch(state_dir: &Path, own: &Path, change: impl FnOnce(&mut Table)) -> anyhow::Result<Launch> {
    let workspace = Workspace::locate();
    build::check_built(&workspace, Mode::Release)?;
    let (runtime_config, env_file, manifest) =
        (own.join("runtime-config.toml"), own.join(".env"), own.join("spin.toml"));
    state::copy_runtime_config(&workspace.runtime_config(), state_dir, &runtime_config)?;
    // A file of its own, so that nobody's .env decides what the tests see.
    fs::write(&env_file, format!("{SECRET}\nSPIN_VARIABLE_CORS_ALLOWED_ORIGINS=\"{ORIGIN}\"\n"))?;
    state::copy_manifest(&workspace, Mode::Release, &manifest)?;
    let mut table: Table = toml::from_str(&fs::read_to_string(&manifest)?)?;
    change(&mut table);
    fs::write(&manifest, toml::to_string(&table)?)?;

    let mut launch = Launch::new(&workspace, runtime_config, own.to_path_buf());
    launch.manifest = manifest;
    launch.env_file = Some(env_file);
    Ok(launch)
}
