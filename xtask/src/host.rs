//! The embedded host as a child process: started, watched, asked to stop, and never left behind.

mod leash;
mod output;

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use self::leash::Leash;
use self::output::Lines;
use crate::tls;
use crate::workspace::Workspace;

/// How long a host gets to finish what it is doing when it is asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// How long a host may take until it serves: compiling every component anew takes a few seconds on a slow machine, and a provider with a
/// Python in it a minute.
const SERVING: Duration = Duration::from_secs(300);

/// What to start, and how.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The host's binary.
    pub binary: PathBuf,
    /// The application.
    pub manifest: PathBuf,
    /// Where its databases are, if it has any.
    pub runtime_config: Option<PathBuf>,
    /// The file of `SPIN_VARIABLE_...` lines; `None` lets the host look for `.env` beside the manifest.
    pub env_file: Option<PathBuf>,
    /// The host's own state.
    pub state_dir: PathBuf,
    /// Where compiled components are kept between starts.
    pub cache_dir: PathBuf,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Serve HTTPS with this certificate and key instead of plain HTTP.
    pub tls: Option<tls::Files>,
    /// The folder the host runs in.
    pub directory: PathBuf,
    /// Differences from this process's environment; `None` takes a variable away.
    pub environment: Vec<(String, Option<String>)>,
    /// Where the host and the components print to.
    pub output: Output,
    /// More arguments.
    pub arguments: Vec<OsString>,
}

/// Where a host's output goes.
#[derive(Clone, Debug)]
pub enum Output {
    /// To this process's own: stderr at once, stdout from [`HostProcess::show_output`] on.
    Terminal,
    /// To a file.
    File(PathBuf),
}

impl Launch {
    /// The application of this checkout, on a free port, with its state in `state_dir` as `runtime_config` says, and its
    /// output in `state_dir/host.log`.
    pub fn new(workspace: &Workspace, runtime_config: impl Into<Option<PathBuf>>, state_dir: PathBuf) -> Self {
        Self {
            binary: workspace.host_binary(),
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
        let mut command = Command::new(&self.binary);
        command.arg("--from").arg(&self.manifest);
        if let Some(runtime_config) = &self.runtime_config {
            command.arg("--runtime-config-file").arg(runtime_config);
        }
        command.arg("--state-dir").arg(&self.state_dir);
        command.arg("--cache-dir").arg(&self.cache_dir);
        command.args(["--listen", &self.listen.to_string()]);
        if let Some(env_file) = &self.env_file {
            command.arg("--env-file").arg(env_file);
        }
        if let Some(tls) = &self.tls {
            command.arg("--tls-cert").arg(&tls.cert).arg("--tls-key").arg(&tls.key);
        }
        command.args(&self.arguments).current_dir(&self.directory);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        HostProcess::spawn(command, self.output)
    }
}

/// A running host. Dropping it kills it.
#[derive(Debug)]
pub struct HostProcess {
    child: Child,
    _leash: Leash,
    output: Output,
    /// Only of a host that prints to the terminal.
    lines: Option<Arc<Lines>>,
}

impl HostProcess {
    /// Starts any command that says where it serves as the host does.
    ///
    /// # Errors
    ///
    /// If it cannot be started or the output file not be made.
    pub fn spawn(mut command: Command, output: Output) -> Result<Self> {
        // A group of its own: Ctrl-C reaches whoever started the host, who then asks it to stop, once.
        command.stdin(Stdio::null()).process_group(0);
        match &output {
            Output::Terminal => command.stdout(Stdio::piped()),
            Output::File(path) => {
                let file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
                command.stdout(file.try_clone()?).stderr(file)
            }
        };
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let lines = child.stdout.take().map(Lines::of);
        let leash = Leash::new(&child)?;
        Ok(Self { child, _leash: leash, output, lines })
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

    /// The process id, for looking at what it uses.
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
        // What goes to the terminal has been read there.
        let last = match self.output {
            Output::Terminal => None,
            Output::File(_) => self.printed().lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned),
        };
        match last {
            Some(line) => bail!("the host ended ({status}): {line}"),
            None => bail!("the host ended ({status})"),
        }
    }

    /// Everything printed so far; to a terminal, only what was held back.
    pub fn printed(&self) -> String {
        match (&self.output, &self.lines) {
            (Output::File(path), _) => fs::read_to_string(path).unwrap_or_default(),
            (Output::Terminal, lines) => lines.as_ref().map(|lines| lines.held()).unwrap_or_default(),
        }
    }

    /// From now on stdout is passed on as it comes. What was held back so far is dropped.
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
        self.child.kill()?;
        Ok(self.child.wait()?)
    }

    /// Kills the host as a crash would: at once, without a chance to finish anything.
    ///
    /// # Errors
    ///
    /// If it cannot be killed or waited for.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for HostProcess {
    fn drop(&mut self) {
        // Both fail only if the process is already gone and waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, signal: Signal) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended on its own; the wait that follows tells.
        let _ = kill_process(pid, signal);
    }
}

/// The URL in the line with which a host, as `spin up`, says where it serves.
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
        launch.binary = "/bin/cat".into();
        let mut host = launch.spawn().unwrap();
        let error = host.url().unwrap_err().to_string();
        assert!(error.starts_with("the host ended (exit status: 1): "), "{error}");
    }
}
