//! A Redis server that a test starts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::skip;

/// The programs that speak the protocol, in order of preference.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// A server with an empty folder. It ends with this value, or can be killed and started again on its port.
#[derive(Debug)]
pub struct RedisServer {
    program: &'static str,
    process: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server for `test`. `None`: there is no such program on this machine, and the test is skipped.
    ///
    /// # Panics
    ///
    /// If it does not start, or if no test may be skipped.
    pub fn start(test: &str) -> Option<Self> {
        let is_there = |program: &&str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
        let Some(program) = PROGRAMS.into_iter().find(is_there) else {
            skip(test, "redis-server or valkey-server");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut server = Self { program, process: None, port, folder: tempfile::tempdir().expect("a temp folder") };
        server.restart();
        Some(server)
    }

    /// Starts it again after it was killed.
    ///
    /// # Panics
    ///
    /// If it accepts no connection after ten seconds.
    pub fn restart(&mut self) {
        let process = Command::new(self.program)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &self.port.to_string()])
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.expect("the server starts"));
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "{} accepts no connection", self.program);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Kills it.
    ///
    /// # Panics
    ///
    /// If it cannot be killed.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().and_then(|()| process.wait()).expect("the server can be killed");
        }
    }

    /// Stops it: it still accepts connections and data, and responds to nothing.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// Continues it.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.as_ref().expect("the server runs").id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("there is a program kill");
        assert!(sent.success(), "kill {signal} {id}");
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Publishes `message` on `channel`, and returns the number of subscribers that received it.
    ///
    /// # Panics
    ///
    /// If the server does not respond.
    pub fn publish(&self, channel: &str, message: &str) -> usize {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).expect("the server accepts connections");
        let words = ["PUBLISH", channel, message].map(|word| format!("${}\r\n{word}\r\n", word.len())).concat();
        connection.write_all(format!("*3\r\n{words}").as_bytes()).expect("the server reads");
        let mut reply = String::new();
        BufReader::new(connection).read_line(&mut reply).expect("the server replies");
        let received = reply.trim_end().strip_prefix(':').and_then(|number| number.parse().ok());
        received.unwrap_or_else(|| panic!("not a number: {reply}"))
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
