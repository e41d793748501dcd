//! What a caller chooses when it starts a host: where things are, and the limits each request runs under.

use std::fmt;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::boundaries::BoundaryOptions;

/// Everything [`Host::start`](crate::Host::start) needs to know. Build one with [`HostOptions::new`] and change what differs.
#[derive(Debug)]
pub struct HostOptions {
    /// The manifest, usually `spin.toml`. Relative paths in it are relative to its folder.
    pub manifest: PathBuf,
    /// The address to serve; port 0 takes a free one, which [`Host::addr`](crate::Host::addr) then tells.
    pub listen: SocketAddr,
    /// Where databases and stores of type `spin` live, when the runtime config does not name another place.
    pub state_dir: PathBuf,
    /// The runtime configuration file, if any.
    pub runtime_config: Option<PathBuf>,
    /// The file of `SPIN_VARIABLE_...` lines. `None` reads `.env` beside the manifest, when there is one.
    pub env_file: Option<PathBuf>,
    /// Serve HTTPS with this certificate and key instead of plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Where compiled code is kept between starts; `None` compiles anew at each start.
    pub cache_dir: Option<PathBuf>,
    /// What one request may use.
    pub limits: Limits,
    /// Whether the instructions that guests execute are counted and logged, for benches. Guests run slower with it.
    pub count_instructions: bool,
    /// Where the components' stdout goes.
    pub stdout: LogTarget,
    /// Where the components' stderr goes.
    pub stderr: LogTarget,
    /// The form of the lines on the components' stdout.
    pub stdout_format: LogFormat,
    /// The form of the lines on the components' stderr.
    pub stderr_format: LogFormat,
    /// What happens where something becomes durable or visible; `None` does nothing and costs nothing.
    pub boundaries: Option<BoundaryOptions>,
}

impl HostOptions {
    /// The options `spin up -f <manifest>` would use, but on a free port of the loopback interface: state in `.spin`
    /// beside the manifest, compiled code in `.spin/cache`, default limits, output to this process's.
    pub fn new(manifest: impl Into<PathBuf>) -> Self {
        let manifest = manifest.into();
        let state_dir = default_state_dir(&manifest);
        Self {
            manifest,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            cache_dir: Some(state_dir.join("cache")),
            state_dir,
            runtime_config: None,
            env_file: None,
            tls: None,
            limits: Limits::default(),
            count_instructions: false,
            stdout: LogTarget::Stdout,
            stderr: LogTarget::Stderr,
            stdout_format: LogFormat::Json,
            stderr_format: LogFormat::Json,
            boundaries: None,
        }
    }
}

/// Where the state of the application in `manifest` lives unless told otherwise: `.spin` beside it.
pub fn default_state_dir(manifest: &Path) -> PathBuf {
    manifest.parent().unwrap_or(Path::new("")).join(".spin")
}

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

/// What a single request may use, and how many run at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Linear memory of one instance, all its core modules together, in bytes.
    pub memory_bytes: usize,
    /// From the request's arrival until its response head; then 504.
    pub timeout: Duration,
    /// How long the guest may go on after its response head: streaming the body and work after the response.
    pub after_response: Duration,
    /// Requests from outside that run at the same time; more of them wait. Chained requests do not count.
    pub concurrency: u32,
    /// How long a shutdown waits for requests in flight before it cuts them off.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 256 << 20,
            timeout: Duration::from_secs(30),
            after_response: Duration::from_secs(300),
            concurrency: 256,
            drain: Duration::from_millis(1500),
        }
    }
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// The lines as components print them, which is JSON in Spindle's components.
    #[default]
    Json,
    /// One short readable line for each JSON line.
    Text {
        /// Whether the lines have ANSI colours.
        color: bool,
    },
}

/// Where the lines of a component's output stream go.
pub enum LogTarget {
    /// This process's stdout.
    Stdout,
    /// This process's stderr.
    Stderr,
    /// Nowhere.
    Discard,
    /// A writer of the caller's, for instance a buffer that a test reads.
    Writer(Box<dyn Write + Send>),
}

impl fmt::Debug for LogTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "Stdout",
            Self::Stderr => "Stderr",
            Self::Discard => "Discard",
            Self::Writer(_) => "Writer",
        })
    }
}
