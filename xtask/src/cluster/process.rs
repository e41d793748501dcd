//! A program of the cluster in the background: its log, and its end.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::host::KillOnDrop;

/// The time between two looks at something that is waited for.
const PAUSE: Duration = Duration::from_millis(200);

/// The number of lines of a log that an error shows.
const LAST_LINES: usize = 8;

/// A program in the background. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    log: PathBuf,
    child: Child,
    _kill_on_drop: KillOnDrop,
}

impl Process {
    /// Starts `command` with its output in `logs/<name>.log`.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or its log not be made.
    pub fn start(name: &str, mut command: Command, logs: &Path) -> Result<Self> {
        fs::create_dir_all(logs).with_context(|| format!("cannot make {}", logs.display()))?;
        let log = logs.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("cannot make {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let kill_on_drop = KillOnDrop::new(&child)?;
        Ok(Self { name: name.to_owned(), log, child, _kill_on_drop: kill_on_drop })
    }

    /// Fails if it has ended.
    ///
    /// # Errors
    ///
    /// How it ended, and the end of its log.
    pub fn check_alive(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended ({status}):\n{}", self.name, self.last_lines()),
            None => Ok(()),
        }
    }

    /// Returns the end of its log.
    pub fn last_lines(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Either fails only if the process has ended on its own.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Calls `probe` until it returns something, and returns that.
///
/// # Errors
///
/// After `limit`: `what`, and the last error of `probe`.
pub fn wait_for<T>(what: &str, limit: Duration, mut probe: impl FnMut() -> Result<T>) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        match probe() {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() >= deadline => {
                return Err(error.context(format!("{what} is not there after {} s", limit.as_secs())));
            }
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

/// Runs `command` to its end, and returns what it prints to stdout.
///
/// # Errors
///
/// If it cannot be started or fails; the message has what it prints to stderr.
pub fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let name = Path::new(&program).file_name().map_or(program.clone(), |name| name.to_string_lossy().into_owned());
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {program}"))?;
    if !output.status.success() {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{name} {} ({}): {}", arguments.join(" "), output.status, stderr.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_ends_is_reported_with_the_end_of_its_log() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "seq 1 20; exit 3"]);
        let mut process = Process::start("counter", command, dir.path()).unwrap();
        let end = wait_for("the end", Duration::from_secs(10), || match process.check_alive() {
            Ok(()) => bail!("it runs"),
            Err(error) => Ok(error.to_string()),
        });
        assert_eq!(end.unwrap(), "counter ended (exit status: 3):\n13\n14\n15\n16\n17\n18\n19\n20");
    }

    #[test]
    fn a_dropped_process_is_gone_with_its_children() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo $!; wait"]);
        let process = Process::start("parent", command, dir.path()).unwrap();
        let child = wait_for("the child", Duration::from_secs(10), || {
            process.last_lines().trim().parse::<u32>().context("no number yet")
        });
        let child = child.unwrap();
        drop(process);
        wait_for("the end of the child", Duration::from_secs(10), || {
            let status = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            // One that nothing has waited for yet is a zombie.
            if status.is_empty() || status.contains(") Z ") { Ok(()) } else { bail!("it runs") }
        })
        .unwrap();
    }

    #[test]
    fn a_command_that_fails_is_reported_with_what_it_says() {
        let error = output(Command::new("sh").args(["-c", "echo no >&2; exit 1"])).unwrap_err();
        assert_eq!(error.to_string(), "sh -c echo no >&2; exit 1 (exit status: 1): no");
        let error = wait_for("rain", Duration::ZERO, || -> Result<()> { bail!("the sky is clear") }).unwrap_err();
        assert_eq!(format!("{error:#}"), "rain is not there after 0 s: the sky is clear");
    }
}
