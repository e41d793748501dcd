//! The process that runs an application, the embedded host or Spin: started, watched, stopped, and never left behind.

mod kill_on_drop;
mod output;

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process_group};

pub use self::kill_on_drop::KillOnDrop;
use self::output::Lines;
use crate::workspace::Workspace;
use crate::{secrets, tls};

/// The time that a host has to finish its requests after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// The time that a host may take until it serves: compiling every component takes a few seconds on a slow machine, and a provider that holds a
/// Python interpreter a minute.
const SERVING: Duration = Duration::from_secs(300);

/// The program that runs an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// The embedded host.
    Host(PathBuf),
    /// Spin's command line.
    Spin(PathBuf),
}

/// An application to start, and the conditions of its start.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program that runs it.
    pub runtime: Runtime,
    /// The application's manifest.
    pub manifest: PathBuf,
    /// The places of its databases, if it has any.
    pub runtime_config: Option<PathBuf>,
    /// The file of `SPIN_VARIABLE_...` lines; `None` lets the host look for `.env` beside the manifest.
    pub env_file: Option<PathBuf>,
    /// The folder of the host's own state.
    pub state_dir: PathBuf,
    /// The folder of compiled components, kept between starts. Spin has its own.
    pub cache_dir: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The certificate and key for HTTPS instead of plain HTTP.
    pub tls: Option<tls::Files>,
    /// The folder that the host runs in.
    pub directory: PathBuf,
    /// Differences from this process's environment; `None` removes a variable.
    pub environment: Vec<(String, Option<String>)>,
    /// The destination of everything that the host and the components print.
    pub output: Output,
    /// More arguments of the embedded host.
    pub arguments: Vec<OsString>,
}

/// The destination of a host's output.
#[derive(Clone, Debug)]
pub enum Output {
    /// The streams of this process: stderr at once, stdout from [`HostProcess::show_output`] on.
    Terminal(LogFormat),
    /// A file, as the host prints it.
    File(PathBuf),
}

/// The form of log lines on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One short readable line for each request or event
    Text,
    /// The lines as they are written, one JSON object each
    Json,
}

impl Launch {
    /// Returns the application of this checkout on the embedded host, on a free port, with its state in `state_dir` as `runtime_config` says, and
    /// its output in `state_dir/host.log`.
    pub fn new(workspace: &Workspace, runtime_config: impl Into<Option<PathBuf>>, state_dir: PathBuf) -> Self {
        Self {
            runtime: Runtime::Host(workspace.host_binary()),
            manifest: workspace.manifest(),
            runtime_config: runtime_config.into(),
            env_file: None,
            cache_dir: workspace.cache_dir(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            directory: workspace.root().to_path_buf(),
            environment: Vec::new(),
            output: Output::File(state_dir.join("host.log")),
            state_dir,
            arguments: Vec::new(),
        }
    }

    /// Starts the host without waiting for it.
    ///
    /// # Errors
    ///
    /// If the binary cannot be started or the output file not be made.
    pub fn spawn(self) -> Result<HostProcess> {
        let mut command = match &self.runtime {
            Runtime::Host(program) => self.host_command(program),
            Runtime::Spin(program) => self.spin_command(program)?,
        };
        if let Some(runtime_config) = &self.runtime_config {
            command.arg("--runtime-config-file").arg(runtime_config);
        }
        command.arg("--state-dir").arg(&self.state_dir);
        if let Some(tls) = &self.tls {
            command.arg("--tls-cert").arg(&tls.cert).arg("--tls-key").arg(&tls.key);
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        HostProcess::spawn(command, self.output)
    }

    fn host_command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg("--from").arg(&self.manifest);
        command.arg("--cache-dir").arg(&self.cache_dir);
        command.args(["--listen", &self.listen.to_string()]);
        if let Some(env_file) = &self.env_file {
            command.arg("--env-file").arg(env_file);
        }
        command.args(&self.arguments).current_dir(&self.directory);
        command
    }

    /// Returns the command that runs Spin. Spin reads variables from the environment and from `.env` in the folder that it runs in: it runs in the state
    /// folder, which has none.
    fn spin_command(&self, program: &Path) -> Result<Command> {
        let mut command = Command::new(program);
        command.arg("up").arg("--from").arg(&self.manifest).current_dir(&self.state_dir);
        // The arguments differ by trigger: that of Redis listens on no port.
        if self.listen.port() != 0 {
            command.args(["--listen", &self.listen.to_string()]);
        }
        if let Some(env_file) = &self.env_file {
            for (name, value) in secrets::values(env_file)? {
                if std::env::var_os(&name).is_none() {
                    command.env(name, value);
                }
            }
        }
        Ok(command)
    }
}

/// A running host. Dropping it kills it and the processes that it has started.
#[derive(Debug)]
pub struct HostProcess {
    child: Child,
    _kill_on_drop: KillOnDrop,
    output: Output,
    /// The lines of a host that prints to the terminal.
    lines: Option<Arc<Lines>>,
}

impl HostProcess {
    /// Starts any command that prints its URL as the host does.
    ///
    /// # Errors
    ///
    /// If it cannot be started or the output file not be made.
    pub fn spawn(mut command: Command, output: Output) -> Result<Self> {
        // A separate process group: Ctrl-C reaches only this process, which then signals the host once.
        command.stdin(Stdio::null()).process_group(0);
        match &output {
            Output::Terminal(_) => command.stdout(Stdio::piped()),
            Output::File(path) => {
                let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
                command.stdout(file.try_clone()?).stderr(file)
            }
        };
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let lines = match output {
            Output::Terminal(format) => child.stdout.take().map(|stdout| Lines::read(stdout, format)),
            Output::File(_) => None,
        };
        let kill_on_drop = KillOnDrop::new(&child)?;
        Ok(Self { child, _kill_on_drop: kill_on_drop, output, lines })
    }

    /// Waits until the host serves, and returns its URL.
    ///
    /// # Errors
    ///
    /// If the host ends or does not serve in time; the message has the last line it printed.
    pub fn url(&mut self) -> Result<String> {
        let deadline = Instant::now() + SERVING;
        loop {
            if let Some(url) = serving(&self.printed()) {
                return Ok(url);
            }
            self.check_alive()?;
            if Instant::now() > deadline {
                bail!("the host does not serve after {} s", SERVING.as_secs());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails if the host has ended.
    ///
    /// # Errors
    ///
    /// How it ended, and the last line it printed.
    pub fn check_alive(&mut self) -> Result<()> {
        let Some(status) = self.child.try_wait()? else { return Ok(()) };
        let last = match self.output {
            // The reader has it on the terminal.
            Output::Terminal(_) => None,
            Output::File(_) => self.printed().lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned),
        };
        match last {
            Some(line) => bail!("the host ended ({status}): {line}"),
            None => bail!("the host ended ({status})"),
        }
    }

    /// Returns everything printed so far; of a host that prints to the terminal, the lines held back.
    pub fn printed(&self) -> String {
        match (&self.output, &self.lines) {
            (Output::File(path), _) => fs::read_to_string(path).unwrap_or_default(),
            (Output::Terminal(_), lines) => lines.as_ref().map(|lines| lines.held()).unwrap_or_default(),
        }
    }

    /// Passes stdout on from now on. Drops the lines held back so far.
    pub fn show_output(&self) {
        if let Some(lines) = &self.lines {
            lines.open();
        }
    }

    /// Asks the host to stop, and kills it if it does not within two seconds.
    ///
    /// # Errors
    ///
    /// If its end cannot be waited for.
    pub fn stop(mut self) -> Result<ExitStatus> {
        signal(&self.child, Signal::INT);
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        signal(&self.child, Signal::KILL);
        Ok(self.child.wait()?)
    }

    /// Kills the host as a crash would: at once, in the middle of its requests.
    ///
    /// # Errors
    ///
    /// If it cannot be killed or waited for.
    pub fn kill(mut self) -> Result<()> {
        signal(&self.child, Signal::KILL);
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for HostProcess {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            signal(&self.child, Signal::KILL);
        }
        // Fails only if the process was already waited for.
        let _ = self.child.wait();
    }
}

/// Sends `signal` to the process group of `child`, which Spin's triggers are part of.
fn signal(child: &Child, signal: Signal) {
    // The child may have ended on its own; the caller's wait shows that.
    let _ = kill_process_group(Pid::from_child(child), signal);
}

/// Returns the URL in the line `Serving <url>` of the embedded host and of `spin up`.
fn serving(printed: &str) -> Option<String> {
    let complete = &printed[..printed.rfind('\n')?];
    let url = complete.lines().find_map(|line| line.split_once("Serving "))?.1;
    Some(url.split_whitespace().next()?.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_read_only_from_a_whole_line() {
        assert_eq!(serving("\nServing http://127.0.0.1:30"), None);
        assert_eq!(serving("\nServing http://127.0.0.1:3000\nAvailable"), Some("http://127.0.0.1:3000".to_owned()));
    }

    #[test]
    fn a_host_that_ends_early_is_reported_with_its_last_line() {
        let dir = tempfile::tempdir().unwrap();
        let mut launch = Launch::new(&Workspace::locate(), None, dir.path().into());
        launch.runtime = Runtime::Host("/bin/cat".into());
        let mut host = launch.spawn().unwrap();
        let error = host.url().unwrap_err().to_string();
        assert!(error.starts_with("the host ended (exit status: 1): "), "{error}");
    }
}
