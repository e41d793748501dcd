//! A Redis server that a test starts for itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::skip;

/// The programs that are one, in the order in which they are looked for.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// A server with a folder of its own. It ends with this value, or can be killed and started again on its port.
#[derive(Debug)]
pub struct RedisServer {
    program: &'static str,
    process: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    /// Starts one for `test`. None: there is no such program here, and the test is skipped.
    ///
    /// # Panics
    ///
    /// If it does not start, or if nothing may be skipped.
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
    /// If it does not listen after ten seconds.
    pub fn restart(&mut self) {
        let process = Command::new(self.program)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &self.port.to_string()])
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.expect("the server starts"));
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < patience, "{} does not listen", self.program);
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

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Publishes `message` on `channel`, and says how many heard it.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn publish(&self, channel: &str, message: &str) -> usize {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        let words = ["PUBLISH", channel, message].map(|word| format!("${}\r\n{word}\r\n", word.len())).concat();
        connection.write_all(format!("*3\r\n{words}").as_bytes()).expect("the server reads");
        let mut answer = String::new();
        BufReader::new(connection).read_line(&mut answer).expect("the server answers");
        let heard = answer.trim_end().strip_prefix(':').and_then(|number| number.parse().ok());
        heard.unwrap_or_else(|| panic!("not a number: {answer}"))
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
