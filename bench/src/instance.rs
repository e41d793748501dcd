//! The two servers that are measured: the application on the embedded host, and the twin.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use xtask::host::{HostProcess, Launch, Output};
use xtask::workspace::Workspace;
use xtask::{http, ready, state};

/// Backtraces of errors that are handled anyway cost a quarter of the throughput, and nobody sets this in production.
const BACKTRACE: &str = "RUST_BACKTRACE";

/// How to start the application with its state in `folder` and compiled code in `cache`.
///
/// # Errors
///
/// If the folder cannot be written to.
pub(crate) fn application(folder: &Path, cache: PathBuf) -> Result<Launch> {
    let workspace = Workspace::locate();
    fs::create_dir_all(folder)?;
    let (config, env_file) = (folder.join("runtime-config.toml"), folder.join(".env"));
    state::copy_runtime_config(&workspace.runtime_config(), folder, &config)?;
    fs::write(&env_file, "SPIN_VARIABLE_SERVICE_TOKEN_SECRET=\"only as long as the bench runs, 32 bytes\"\n")?;
    let mut launch = Launch::new(&workspace, config, folder.to_path_buf());
    launch.env_file = Some(env_file);
    launch.cache_dir = cache;
    launch.environment.push((BACKTRACE.to_owned(), None));
    Ok(launch)
}

/// A server under measurement. It is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) process: HostProcess,
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts the application and waits until it is ready.
    ///
    /// # Errors
    ///
    /// If it does not become ready.
    pub(crate) fn application(folder: &Path, cache: PathBuf) -> Result<Self> {
        let mut server = Self::new(application(folder, cache)?.spawn()?)?;
        let process = &mut server.process;
        let client = http::Client::new(&server.url);
        ready::wait(&client, Duration::from_secs(30), || process.check_alive(), |_| ())?;
        Ok(server)
    }

    /// Starts the twin on `database`.
    ///
    /// # Errors
    ///
    /// If it does not serve.
    pub(crate) fn twin(database: &Path, folder: &Path) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("twin").arg("--database").arg(database).env_remove(BACKTRACE);
        Self::new(HostProcess::spawn(command, Output::File(folder.join("twin.log")))?)
    }

    fn new(mut process: HostProcess) -> Result<Self> {
        let url = process.url()?;
        let address = url.strip_prefix("http://").context("the bench speaks plain HTTP")?.parse()?;
        Ok(Self { process, url, address })
    }
}
