//! A child that must not outlive this process.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// Ends the host when this process is gone, even if this one was killed or forgot: a shell waits on a pipe whose other end
/// only we hold.
#[derive(Debug)]
pub(super) struct Leash(Child);

impl Leash {
    /// Ties `host` to this process.
    ///
    /// # Errors
    ///
    /// If no shell can be started.
    pub(super) fn new(host: &Child) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", "read -r _; kill -KILL \"$0\"", &host.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        Ok(Self(shell))
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // Before the host's id can be given to another process.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
