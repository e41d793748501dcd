//! A container registry that a test starts: the CNCF's distribution, which Debian has as docker-registry.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::skip;

/// The program, as Debian names it.
const PROGRAM: &str = "docker-registry";

/// The time limit for a start.
const START: Duration = Duration::from_secs(10);

/// An empty registry without TLS. It ends with this value.
#[derive(Debug)]
pub struct Registry {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Registry {
    /// Starts a registry for `test`. `None`: there is no such program on this machine, and the test is skipped.
    ///
    /// # Panics
    ///
    /// If it does not start, or if no test may be skipped.
    pub fn start(test: &str) -> Option<Self> {
        if Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).status().is_err() {
            skip(test, PROGRAM);
            return None;
        }
        let folder = tempfile::tempdir().expect("a temp folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let config = folder.path().join("config.yml");
        let data = folder.path().join("data");
        let text = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"127.0.0.1:{port}\"}}\n",
            data.display()
        );
        std::fs::write(&config, text).expect("the configuration is written");
        let process = Command::new(PROGRAM)
            .arg("serve")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the registry starts");
        let registry = Self { process, port, _folder: folder };
        let deadline = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "{PROGRAM} accepts no connection");
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(registry)
    }

    /// Returns the body of a document or a content.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn get(&self, path: &str) -> Vec<u8> {
        const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";
        let url = format!("http://{}{path}", self.address());
        let response = ureq::get(&url).header("accept", format!("{MANIFESTS}, */*")).call();
        let mut response = response.unwrap_or_else(|error| panic!("{url}: {error}"));
        response.body_mut().with_config().limit(u64::MAX).read_to_vec().expect("the body is complete")
    }

    /// Returns its host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
