//! Ties the life of a child process to this one.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// Kills the process group of a child once this process is gone, even if this one was killed: a shell waits on a pipe whose other end only
/// this process holds.
#[derive(Debug)]
pub struct KillOnDrop(Child);

impl KillOnDrop {
    /// Watches over the process group that `leader` leads.
    ///
    /// # Errors
    ///
    /// If no shell can be started.
    pub fn new(leader: &Child) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", "read -r _; kill -KILL \"-$0\"", &leader.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        Ok(Self(shell))
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // The shell ends before the group's id can be given to another process.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
