//! The start-up time of the application, and the memory of a process.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use xtask::host::HostProcess;

use crate::instance;

/// Measures the time from the start of the process until `/healthz` returns 200.
///
/// # Errors
///
/// If the application does not start.
pub(crate) fn measure(folder: &Path, cache: PathBuf) -> Result<Duration> {
    let mut launch = instance::application(folder, cache)?;
    // The address is known in advance, so that the response is the only thing to wait for.
    launch.listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let address = launch.listen;
    let start = Instant::now();
    let mut process = launch.spawn()?;
    while !is_healthy(address) {
        process.check_alive()?;
        if start.elapsed() > Duration::from_secs(120) {
            bail!("no response after two minutes");
        }
        thread::sleep(Duration::from_millis(1));
    }
    let duration = start.elapsed();
    process.stop()?;
    Ok(duration)
}

fn is_healthy(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut response = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut response).is_ok()
        && response.starts_with("HTTP/1.1 200 ")
}

/// The resident memory of a process, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl Memory {
    /// Reads the memory of `process` from /proc.
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
