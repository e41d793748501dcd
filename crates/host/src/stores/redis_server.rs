//! A Redis server for one test.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server with a temporary folder, stopped when dropped.
#[derive(Debug)]
pub(crate) struct RedisServer {
    process: Child,
    pub(crate) port: u16,
    _folder: tempfile::TempDir,
}

impl RedisServer {
    /// Starts a server. `None`: `redis-server` is not installed and the test is skipped, which `SPINDLE_REQUIRE_ALL=1` forbids.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()])
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn();
        let process = match process {
            Ok(process) => process,
            Err(error) => {
                let required = std::env::var("SPINDLE_REQUIRE_ALL").is_ok_and(|required| required == "1");
                assert!(!required, "{test} needs redis-server: {error}");
                eprintln!("skipped: {test} needs redis-server ({error})");
                return None;
            }
        };
        let server = Self { process, port, _folder: folder };
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "redis-server accepts no connection");
            std::thread::sleep(Duration::from_millis(2));
        }
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
