//! The event relay beside an application: started, and started again whenever it ends, which it does when its connection to Redis is lost.
//! Nothing is lost with it: whoever listens to events asks for what is missing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::build::Mode;
use crate::host::{HostProcess, Launch, Output};
use crate::secrets::env_name;
use crate::state;
use crate::workspace::Workspace;

/// How long to wait before it is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// What a host prints once it hears messages.
const HEARS: &str = "Active Channels on ";

/// The relay of one application.
#[derive(Debug)]
pub struct Relay {
    launch: Launch,
    log_file: PathBuf,
    process: Option<HostProcess>,
    started: Option<Instant>,
    hears: bool,
    /// That it does not hear has been told.
    told: bool,
}

impl Relay {
    /// A relay from the Redis server at `redis` to the application at `gateway`, not started yet. `state_dir` takes its log, and `env_file`
    /// has the application's secrets.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written to.
    pub fn new(
        workspace: &Workspace,
        mode: Mode,
        state_dir: &Path,
        env_file: &Path,
        redis: &str,
        gateway: &str,
    ) -> Result<Self> {
        let folder = state_dir.join("relay");
        std::fs::create_dir_all(&folder)?;
        let mut launch = Launch::new(workspace, None, folder.clone());
        launch.manifest = folder.join("spin.toml");
        state::copy_manifest(&workspace.relay_manifest(), mode, &[], &launch.manifest)?;
        launch.env_file = Some(env_file.to_path_buf());
        launch.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        launch.environment = [("redis_address", redis), ("gateway_url", gateway)]
            .map(|(name, value)| (env_name(name), Some(value.to_owned())))
            .into();
        let log_file = folder.join("host.log");
        launch.output = Output::File(log_file.clone());
        Ok(Self { launch, log_file, process: None, started: None, hears: false, told: false })
    }

    /// Sees to it that it runs: to be called several times a second. `tell` hears when it ends or cannot be started, and when it hears
    /// messages after that.
    ///
    /// # Errors
    ///
    /// If no process can be started at all.
    pub fn watch(&mut self, mut tell: impl FnMut(&str)) -> Result<()> {
        let Some(process) = &mut self.process else {
            if self.started.is_none_or(|started| started.elapsed() >= PAUSE) {
                self.started = Some(Instant::now());
                self.process = Some(self.launch.clone().spawn()?);
            }
            return Ok(());
        };
        if let Err(error) = process.check_alive() {
            if !self.told {
                tell(&format!("the event relay is down, and started again until it stays up: {error:#}"));
            }
            (self.process, self.hears, self.told) = (None, false, true);
        } else if !self.hears && process.printed().contains(HEARS) {
            self.hears = true;
            if std::mem::take(&mut self.told) {
                tell("the event relay is up again");
            }
        }
        Ok(())
    }

    /// Whether it hears messages, as far as [`watch`](Self::watch) has seen.
    pub fn hears(&self) -> bool {
        self.hears
    }

    /// Kills it as a crash would; [`watch`](Self::watch) notices.
    ///
    /// # Errors
    ///
    /// If it cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.hears = false;
        self.process.take().map_or(Ok(()), HostProcess::kill)
    }

    /// The file that it prints to, anew each time it is started.
    pub fn log_file(&self) -> &Path {
        &self.log_file
    }

    /// What it has printed since it was last started.
    pub fn log(&self) -> String {
        self.process.as_ref().map(HostProcess::printed).unwrap_or_default()
    }
}
