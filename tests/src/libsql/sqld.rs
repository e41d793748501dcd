//! The real server of libSQL, `sqld`, as a process.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use xtask::host::KillOnDrop;

use super::double::Limits;
use super::public_keys;

/// The folder of the database in that of the server.
const DATABASE: &str = "data/dbs/default";

/// A server on a free port, which it keeps. It ends with this value, or with the test process.
#[derive(Debug)]
pub struct Sqld {
    program: PathBuf,
    folder: PathBuf,
    limits: Limits,
    port: u16,
    process: Mutex<Option<(Child, KillOnDrop)>>,
}

impl Sqld {
    /// Starts `program` with its data in `folder` and those `limits` that it has options for: connections and requests. `file` becomes a link to its
    /// database, so that a test reads it as it reads that of a host.
    ///
    /// # Panics
    ///
    /// If the folder cannot be written to, or the server does not start.
    pub fn start(program: &Path, folder: &Path, file: &Path, limits: Limits) -> Self {
        fs::create_dir_all(folder).expect("the folder can be written to");
        fs::write(folder.join("keys"), public_keys()).expect("the folder can be written to");
        if fs::symlink_metadata(file).is_err() {
            symlink(folder.join(DATABASE).join("data"), file).expect("the folder can be written to");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let (program, folder) = (program.to_owned(), folder.to_owned());
        let server = Self { program, folder, limits, port, process: Mutex::default() };
        server.restart();
        server
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the folder of its database: `data` with its write-ahead log, and `wallog`, what other servers would copy.
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn kill(&self) {
        let (mut process, _) = self.process().take().expect("the server runs");
        process.kill().and_then(|()| process.wait()).expect("the server can be killed");
    }

    /// Starts it again after it was killed, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If it does not answer in time.
    pub fn restart(&self) {
        let log = File::options().create(true).append(true).open(self.folder.join("log")).expect("a log file");
        let mut command = Command::new(&self.program);
        command.args(["--no-welcome", "--http-listen-addr", &format!("127.0.0.1:{}", self.port), "--db-path"]);
        command.arg(self.folder.join("data")).arg("--auth-jwt-key-file").arg(self.folder.join("keys"));
        command.args(["--max-concurrent-connections", &self.limits.connections.to_string()]);
        command.args(["--max-concurrent-requests", &self.limits.requests.to_string()]);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log file")).stderr(log).process_group(0);
        let mut process = command.spawn().expect("the server starts");
        let guard = KillOnDrop::new(&process).expect("a shell that ends the server");
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = process.try_wait().expect("its state can be read");
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(ended.is_none() && Instant::now() < deadline, "sqld does not serve: {}", log());
            std::thread::sleep(Duration::from_millis(2));
        }
        *self.process() = Some((process, guard));
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<(Child, KillOnDrop)>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sqld {
    fn drop(&mut self) {
        if let Some((mut process, _guard)) = self.process().take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
