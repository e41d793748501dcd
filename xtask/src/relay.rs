//! The event relay beside an application: started, and restarted whenever it ends, as it does when its connection to Redis is lost. No event is
//! lost with it: consumers pull the missing ones.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::build::Mode;
use crate::host::{HostProcess, Launch, Output, Runtime};
use crate::secrets::env_name;
use crate::state;
use crate::workspace::Workspace;

/// The pause before a restart.
const PAUSE: Duration = Duration::from_secs(1);

/// The line that a host prints once it is subscribed to its channels.
const SUBSCRIBED: &str = "Active Channels on ";

/// The relay of one application.
#[derive(Debug)]
pub struct Relay {
    launch: Launch,
    log_file: PathBuf,
    process: Option<HostProcess>,
    started: Option<Instant>,
    subscribed: bool,
    /// Whether the outage has been reported.
    reported: bool,
}

impl Relay {
    /// Returns a relay from the Redis server at `redis` to the application at `gateway`, not started yet. Its log is in `state_dir`, and `env_file`
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
        state::copy_manifest(&workspace.relay_manifest(), mode.of_adapters(), &[], &launch.manifest)?;
        launch.env_file = Some(env_file.to_path_buf());
        launch.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        launch.environment = [("redis_address", redis), ("gateway_url", gateway)]
            .map(|(name, value)| (env_name(name), Some(value.to_owned())))
            .into();
        let log_file = folder.join("host.log");
        launch.output = Output::File(log_file.clone());
        Ok(Self { launch, log_file, process: None, started: None, subscribed: false, reported: false })
    }

    /// Returns the same relay, run by `runtime` instead of the embedded host.
    #[must_use]
    pub fn on(mut self, runtime: Runtime) -> Self {
        self.launch.runtime = runtime;
        self
    }

    /// Keeps it running: to be called several times a second. Calls `report` when it ends or cannot be started, and when it receives messages after
    /// that.
    ///
    /// # Errors
    ///
    /// If no process can be started at all.
    pub fn watch(&mut self, mut report: impl FnMut(&str)) -> Result<()> {
        let Some(process) = &mut self.process else {
            if self.started.is_none_or(|started| started.elapsed() >= PAUSE) {
                self.started = Some(Instant::now());
                self.process = Some(self.launch.clone().spawn()?);
            }
            return Ok(());
        };
        if let Err(error) = process.check_alive() {
            if !self.reported {
                report(&format!("the event relay is down, and restarted until it stays up: {error:#}"));
            }
            (self.process, self.subscribed, self.reported) = (None, false, true);
        } else if !self.subscribed && process.printed().contains(SUBSCRIBED) {
            self.subscribed = true;
            if std::mem::take(&mut self.reported) {
                report("the event relay is up again");
            }
        }
        Ok(())
    }

    /// Returns whether it receives messages, as far as [`watch`](Self::watch) has seen.
    pub fn is_subscribed(&self) -> bool {
        self.subscribed
    }

    /// Kills it as a crash would; [`watch`](Self::watch) notices.
    ///
    /// # Errors
    ///
    /// If it cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.subscribed = false;
        self.process.take().map_or(Ok(()), HostProcess::kill)
    }

    /// Returns the file that it prints to; each start begins it again.
    pub fn log_file(&self) -> &Path {
        &self.log_file
    }

    /// Returns its output since its last start.
    pub fn log(&self) -> String {
        self.process.as_ref().map(HostProcess::printed).unwrap_or_default()
    }
}
