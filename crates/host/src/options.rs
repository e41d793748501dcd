//! The options of a host: locations, and the limits of each request.

use std::fmt;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::failpoints::FailpointOptions;

/// The options of [`Host::start`](crate::Host::start). Create them with [`HostOptions::new`] and change single fields.
#[derive(Debug)]
pub struct HostOptions {
    /// The manifest, usually `spin.toml`. Relative paths in it are relative to its folder.
    pub manifest: PathBuf,
    /// The address to serve; port 0 takes a free one, which [`Host::addr`](crate::Host::addr) returns.
    pub listen: SocketAddr,
    /// The folder of databases and stores of type `spin`, unless the runtime config names another location.
    pub state_dir: PathBuf,
    /// The runtime configuration file, if any.
    pub runtime_config: Option<PathBuf>,
    /// The file of `SPIN_VARIABLE_...` lines. `None` reads `.env` beside the manifest, if it exists.
    pub env_file: Option<PathBuf>,
    /// The certificate and key for HTTPS. `None`: plain HTTP.
    pub tls: Option<TlsFiles>,
    /// The folder of compiled code, kept between starts; `None` compiles at each start.
    pub cache_dir: Option<PathBuf>,
    /// The limits of each request.
    pub limits: Limits,
    /// Whether the host counts and logs the instructions of guests, for benches. Guests run slower with it.
    pub count_instructions: bool,
    /// The OpenAPI document (JSON) that responses are held against: one that it does not describe becomes a 500. `None` checks nothing.
    pub validate_responses: Option<PathBuf>,
    /// The target of the components' stdout.
    pub stdout: LogTarget,
    /// The target of the components' stderr.
    pub stderr: LogTarget,
    /// The form of the lines on the components' stdout.
    pub stdout_format: LogFormat,
    /// The form of the lines on the components' stderr.
    pub stderr_format: LogFormat,
    /// The metrics and spans that the host serves and sends.
    pub telemetry: TelemetryOptions,
    /// The actions at failpoints, where something becomes durable or visible; `None` does nothing and costs nothing.
    pub failpoints: Option<FailpointOptions>,
}

impl HostOptions {
    /// Returns the options of `spin up -f <manifest>`, but with a free port of the loopback interface: state in `.spin`
    /// beside the manifest, compiled code in `.spin/cache`, default limits, output to this process's streams.
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
            validate_responses: None,
            stdout: LogTarget::Stdout,
            stderr: LogTarget::Stderr,
            stdout_format: LogFormat::Json,
            stderr_format: LogFormat::Json,
            telemetry: TelemetryOptions::default(),
            failpoints: None,
        }
    }
}

/// Returns the default state folder of the application in `manifest`: `.spin` beside it.
pub fn default_state_dir(manifest: &Path) -> PathBuf {
    manifest.parent().unwrap_or(Path::new("")).join(".spin")
}

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The chain, the server's certificate first.
    pub cert: PathBuf,
    /// The private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

/// The metrics and spans of a host. Both are derived from the access lines of its components (`docs/logs.md`).
#[derive(Clone, Debug, Default)]
pub struct TelemetryOptions {
    /// The address at which `GET /metrics` is served, in the format of OpenMetrics 1.0; port 0 takes a free one, which
    /// [`Host::metrics_addr`](crate::Host::metrics_addr) returns. It asks for no token: choose one that only the scraper reaches.
    pub metrics_listen: Option<SocketAddr>,
    /// The target of spans; `None` sends none.
    pub traces: Option<TraceOptions>,
}

/// The target of spans.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// The base URL of an OTLP receiver (HTTP, protobuf), such as `http://127.0.0.1:4318`: spans are sent to its path `/v1/traces`.
    pub endpoint: Url,
    /// The share of traces that is sent, from 0 to 1. It is decided by the id of a trace, so that all its spans are sent or none.
    pub ratio: f64,
}

/// The limits of a single request, and the number of concurrent ones.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Linear memory of one instance, all its core modules together, in bytes.
    pub memory_bytes: usize,
    /// The time from the request's arrival until its response head; then 504.
    pub timeout: Duration,
    /// The time that a guest may continue after its response head: streaming the body and work after the response.
    pub after_response: Duration,
    /// The number of concurrent requests from outside; more of them wait. Chained requests do not count.
    pub concurrency: u32,
    /// The time that a shutdown waits for requests in flight before it cuts them off.
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

/// The target of a component's output stream.
pub enum LogTarget {
    /// This process's stdout.
    Stdout,
    /// This process's stderr.
    Stderr,
    /// No output.
    Discard,
    /// A writer of the caller, for instance a buffer that a test reads.
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
