//! The environment of a measurement: figures mean nothing without it.

use std::fs;
use std::process::Command;

use serde::Serialize;

/// The machine of a measurement, and the version of the measured sources.
#[derive(Debug, Serialize)]
pub(crate) struct Environment {
    cpu: String,
    cores: usize,
    memory_mb: u64,
    kernel: String,
    rustc: String,
    commit: String,
}

impl Environment {
    /// Detects the current environment. Values that cannot be detected are "unknown".
    pub(crate) fn detect() -> Self {
        let memory: u64 =
            field("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or(0);
        Self {
            cpu: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_mb: memory / 1024,
            kernel: output("uname", &["-sr"]),
            rustc: output("rustc", &["--version"]),
            commit: output("git", &["describe", "--always", "--dirty"]),
        }
    }

    /// Returns the environment in one line.
    pub(crate) fn text(&self) -> String {
        let Self { cpu, cores, memory_mb, kernel, rustc, commit } = self;
        format!(
            "{cpu}, {cores} cores shared with the load generator, {memory_mb} MB, {kernel}, {rustc}, sources {commit}"
        )
    }
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let (_, value) = text.lines().find(|line| line.starts_with(name))?.split_once(':')?;
    Some(value.trim().to_owned())
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
    output.map_or_else(unknown, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn unknown() -> String {
    "unknown".to_owned()
}
