//! HAProxy before three replicas, with the configuration in examples/haproxy.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::host::KillOnDrop;
use xtask::workspace::Workspace;

use crate::skip;

/// The number of replicas in the configuration.
pub const REPLICAS: usize = 3;

/// The time limit for a replica to be up, or without requests in flight.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The time between two looks at a replica.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A balancer. It ends with this value, or with the test process.
#[derive(Debug)]
pub struct Haproxy {
    process: Child,
    _kill_on_drop: KillOnDrop,
    folder: TempDir,
    port: u16,
}

impl Haproxy {
    /// Starts a balancer for `test` before the replicas at these URLs. `None`: there is no HAProxy on this machine, and the test is skipped.
    ///
    /// # Panics
    ///
    /// If it does not start, a replica is not up in time, or no test may be skipped.
    pub fn start(test: &str, replicas: [&str; REPLICAS]) -> Option<Self> {
        if Command::new("haproxy").arg("-v").stdout(Stdio::null()).status().is_err() {
            skip(test, "haproxy");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temp folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let configuration = Workspace::locate().root().join("examples/haproxy/haproxy.cfg");
        let mut command = Command::new("haproxy");
        // In the foreground, without a line for each replica that goes or comes.
        command.args(["-db", "-q", "-f"]).arg(configuration).env("LISTEN", format!("127.0.0.1:{port}"));
        command.env("ADMIN", folder.path().join("admin"));
        for (number, url) in (1..).zip(replicas) {
            command.env(format!("REPLICA_{number}"), address(url));
        }
        let mut process =
            command.stdin(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().expect("HAProxy starts");
        let kill_on_drop = KillOnDrop::new(&process).expect("a shell that ends it");
        wait_until(|| {
            assert!(process.try_wait().expect("its state can be read").is_none(), "HAProxy has ended");
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        let balancer = Self { process, _kill_on_drop: kill_on_drop, folder, port };
        (0..REPLICAS).for_each(|number| balancer.wait_until_up(number));
        Some(balancer)
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sends no more requests to the replica with this number, from 0, and waits until it has none in flight.
    ///
    /// # Panics
    ///
    /// If it still has some after half a minute.
    pub fn drain(&self, number: usize) {
        self.set(number, "state drain");
        wait_until(|| self.value(number, "scur") == "0");
    }

    /// Sends requests again to the replica with this number, which is now at `url`, once it is up.
    ///
    /// # Panics
    ///
    /// If it is not up after half a minute.
    pub fn replace(&self, number: usize, url: &str) {
        let (host, port) = address(url).rsplit_once(':').expect("an address has a port");
        self.set(number, &format!("addr {host} port {port}"));
        self.set(number, "state ready");
        self.wait_until_up(number);
    }

    fn wait_until_up(&self, number: usize) {
        wait_until(|| self.value(number, "status") == "UP" && self.value(number, "check_status") == "L7OK");
    }

    /// Returns a column of the statistics of a replica.
    fn value(&self, number: usize, column: &str) -> String {
        let table = self.admin("show stat replicas 4 -1");
        let mut lines = table.trim_start_matches("# ").lines();
        let index = lines.next().and_then(|names| names.split(',').position(|name| name == column)).expect("a column");
        let row = lines.find(|line| line.split(',').nth(1) == Some(&(number + 1).to_string())).expect("a replica");
        row.split(',').nth(index).expect("a value").to_owned()
    }

    fn set(&self, number: usize, value: &str) {
        let answer = self.admin(&format!("set server replicas/{} {value}", number + 1));
        let is_done =
            answer.trim().is_empty() || answer.contains("changed from") || answer.contains("no need to change");
        assert!(is_done, "{value}: {answer}");
    }

    /// Sends a command to its socket, and returns the answer.
    fn admin(&self, command: &str) -> String {
        let path: PathBuf = self.folder.path().join("admin");
        let mut socket = UnixStream::connect(path).expect("HAProxy listens at its socket");
        socket.write_all(format!("{command}\n").as_bytes()).expect("it reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("it answers");
        answer
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the host and the port of a URL.
fn address(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, address)| address)
}

fn wait_until(mut is_true: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_true() {
        assert!(begin.elapsed() < TIMEOUT, "the replicas do not become what they are to be");
        thread::sleep(POLL_INTERVAL);
    }
}
