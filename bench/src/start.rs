//! How long a start takes, and what memory a process holds.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use xtask::host::HostProcess;

use crate::instance;

/// From the start of the process until `/healthz` answers 200.
///
/// # Errors
///
/// If the application does not start.
pub(crate) fn measure(folder: &Path, cache: PathBuf) -> Result<Duration> {
    let mut launch = instance::application(folder, cache)?;
    // Known beforehand, so that nothing has to be waited for but the answer.
    launch.listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let address = launch.listen;
    let start = Instant::now();
    let mut process = launch.spawn()?;
    while !is_healthy(address) {
        process.check_alive()?;
        if start.elapsed() > Duration::from_secs(120) {
            bail!("no answer after two minutes");
        }
        thread::sleep(Duration::from_millis(1));
    }
    let took = start.elapsed();
    process.stop()?;
    Ok(took)
}

fn is_healthy(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200 ")
}

/// Resident memory of a process in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl Memory {
    /// Reads what the kernel says of `process`.
    ///
    /// # Errors
    ///
    /// If the process is gone, or this is not Linux.
    pub(crate) fn of(process: &HostProcess) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{}/status", process.id())).context("cannot read /proc")?;
        Ok(Self { now: field(&status, "VmRSS:")?, peak: field(&status, "VmHWM:")? })
    }
}

fn field(status: &str, name: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
    let kibibytes = line.trim().strip_suffix(" kB").with_context(|| format!("{name} is not in kB"))?;
    Ok(kibibytes.parse::<u64>()? * 1024)
}
