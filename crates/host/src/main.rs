//! The `spindle-host` binary: `spin up` for one application, without the `spin` CLI.

use std::io::{self, IsTerminal, Write as _};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use spindle_host::{
    FailpointOptions, Host, HostOptions, Limits, LogFormat, LogTarget, RedisConsumer, RunningApp, TelemetryOptions,
    TlsFiles, TraceOptions, default_state_dir, init_events, start,
};
use url::Url;

/// Each request allocates and frees some hundred small objects, from several threads: glibc's allocator took a tenth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs a Spin application.
#[derive(Debug, Parser)]
#[command(name = "spindle-host", version)]
struct Args {
    /// The manifest, or its folder
    #[arg(short = 'f', long = "from", alias = "file", default_value = "spin.toml")]
    from: PathBuf,
    /// IP address and port to listen on
    #[arg(long, env = "SPIN_HTTP_LISTEN_ADDR", default_value = "127.0.0.1:3000", value_parser = parse_listen)]
    listen: SocketAddr,
    /// The folder of databases and stores [default: .spin beside the manifest]
    #[arg(long)]
    state_dir: Option<PathBuf>,
    /// The runtime configuration file
    #[arg(long, env = "RUNTIME_CONFIG_FILE")]
    runtime_config_file: Option<PathBuf>,
    /// The file of SPIN_VARIABLE_... lines [default: .env beside the manifest]
    #[arg(long)]
    env_file: Option<PathBuf>,
    /// The certificate chain for HTTPS, PEM
    #[arg(long, env = "SPIN_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, PEM
    #[arg(long, env = "SPIN_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// The folder of compiled code [default: cache in the state folder]
    #[arg(long)]
    cache_dir: Option<PathBuf>,
    /// Compile at each start
    #[arg(long, conflicts_with = "cache_dir")]
    disable_cache: bool,
    /// Memory limit of one instance, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    memory_limit: u32,
    /// Seconds that a component has for its response head
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = parse_seconds)]
    request_timeout: f64,
    /// Requests that run at the same time
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    max_concurrency: u32,
    /// Count the instructions of each guest (wasmtime's fuel) and log them at its end; guests run slower
    #[arg(long)]
    count_instructions: bool,
    /// Check responses against this OpenAPI document (JSON): one that it does not describe becomes a 500
    #[arg(long, value_name = "FILE")]
    validate_responses: Option<PathBuf>,
    /// The form of log lines [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    log_format: Option<FormatName>,
    /// Whether readable log lines are coloured; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Serve metrics at this IP address and port (`GET /metrics`, OpenMetrics). It asks for no token
    #[arg(long, value_name = "ADDRESS", value_parser = parse_listen)]
    metrics_listen: Option<SocketAddr>,
    /// Send spans to this OTLP receiver (HTTP, protobuf): its URL without /v1/traces
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true)]
    otlp_endpoint: Option<Url>,
    /// The share of traces whose spans are sent, from 0 to 1
    #[arg(long, value_name = "SHARE", env = "OTEL_TRACES_SAMPLER_ARG", default_value_t = 1.0, value_parser = parse_share)]
    trace_ratio: f64,
    /// Discard the output of the components
    #[arg(short, long)]
    quiet: bool,
    /// For tests: print each failpoint, a point at which something becomes durable or visible
    #[arg(long, hide = true)]
    list_failpoints: bool,
    /// For tests: abort at the failpoint with this number, from 1
    #[arg(long, hide = true, value_name = "NUMBER")]
    crash_at: Option<u64>,
    /// For tests: number the failpoints from the moment this file exists
    #[arg(long, hide = true, value_name = "FILE")]
    failpoints_from: Option<PathBuf>,
}

/// A value of `--log-format`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// One short readable line for each log entry
    Text,
    /// The lines as the components print them
    Json,
}

/// A value of `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Args {
    /// Returns the form of the log lines that are written to `stream`.
    fn log_format(&self, stream: &impl IsTerminal) -> LogFormat {
        let is_terminal = stream.is_terminal();
        let color = match self.color {
            Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Color::Always => true,
            Color::Never => false,
        };
        match self.log_format {
            None if is_terminal => LogFormat::Text { color },
            Some(FormatName::Text) => LogFormat::Text { color },
            None | Some(FormatName::Json) => LogFormat::Json,
        }
    }

    fn into_options(self) -> HostOptions {
        let (stdout_format, stderr_format) = (self.log_format(&io::stdout()), self.log_format(&io::stderr()));
        let manifest = if self.from.is_dir() { self.from.join("spin.toml") } else { self.from };
        let state_dir = self.state_dir.unwrap_or_else(|| default_state_dir(&manifest));
        let cache_dir = self.cache_dir.unwrap_or_else(|| state_dir.join("cache"));
        let mut options = HostOptions::new(manifest);
        options.listen = self.listen;
        options.state_dir = state_dir;
        options.cache_dir = (!self.disable_cache).then_some(cache_dir);
        options.runtime_config = self.runtime_config_file;
        options.env_file = self.env_file;
        options.tls = self.tls_cert.zip(self.tls_key).map(|(cert, key)| TlsFiles { cert, key });
        options.limits = Limits {
            memory_bytes: (self.memory_limit as usize) << 20,
            timeout: Duration::from_secs_f64(self.request_timeout),
            concurrency: self.max_concurrency,
            ..Limits::default()
        };
        options.count_instructions = self.count_instructions;
        options.validate_responses = self.validate_responses;
        (options.stdout_format, options.stderr_format) = (stdout_format, stderr_format);
        options.telemetry = TelemetryOptions {
            metrics_listen: self.metrics_listen,
            traces: self.otlp_endpoint.map(|endpoint| TraceOptions { endpoint, ratio: self.trace_ratio }),
        };
        if self.list_failpoints || self.crash_at.is_some() {
            let (list, crash_at, from) = (self.list_failpoints, self.crash_at, self.failpoints_from);
            options.failpoints = Some(FailpointOptions { list, crash_at, from });
        }
        if self.quiet {
            options.stdout = LogTarget::Discard;
            options.stderr = LogTarget::Discard;
        }
        options
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    init_events(args.log_format(&io::stderr()));
    match run(args.into_options()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: HostOptions) -> Result<()> {
    match start(options).await? {
        RunningApp::Http(host) => serve(host).await,
        RunningApp::Redis(consumer) => consume(consumer).await,
    }
}

async fn serve(host: Host) -> Result<()> {
    announce(&host).context("cannot write to stdout")?;
    let stopped_by = stop_signal().await?;
    tracing::info!("{stopped_by}: stopping");
    // A second signal stops the process at once.
    tokio::select! {
        () = host.shutdown() => {}
        _ = stop_signal() => {}
    }
    Ok(())
}

/// Consumes messages until a connection is lost. A signal stops it at once, as in Spin.
async fn consume(consumer: RedisConsumer) -> Result<()> {
    announce_channels(&consumer).context("cannot write to stdout")?;
    tokio::select! {
        lost = consumer.run() => Err(lost),
        stopped_by = stop_signal() => {
            tracing::info!("{}: stopping", stopped_by?);
            Ok(())
        }
    }
}

fn announce_channels(consumer: &RedisConsumer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (server, channels) in consumer.channels() {
        writeln!(out, "Active Channels on {server}:")?;
        for (channel, components) in channels {
            writeln!(out, "\t{server}/{channel}: [{}]", components.join(","))?;
        }
    }
    out.flush()
}

fn announce(host: &Host) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let url = host.url();
    writeln!(out, "\nServing {url}")?;
    if let Some(addr) = host.metrics_addr() {
        writeln!(out, "Serving metrics at http://{addr}/metrics")?;
    }
    writeln!(out, "Available Routes:")?;
    for (route, target) in host.routes() {
        let shown = match route.strip_suffix("/...") {
            Some(prefix) => format!("{prefix} (wildcard)"),
            None => route.to_owned(),
        };
        writeln!(out, "  {target}: {url}{shown}")?;
    }
    out.flush()
}

async fn stop_signal() -> Result<&'static str> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot install signal handlers")?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| "interrupted"),
            _ = terminate.recv() => Ok("terminated"),
        }
        .context("cannot install signal handlers")
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.map(|()| "interrupted").context("cannot install signal handlers")
    }
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let addresses: Vec<_> = text.to_socket_addrs().map_err(|error| error.to_string())?.collect();
    // `localhost` may resolve to IPv6 first, where most clients do not look first.
    let preferred = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    preferred.copied().ok_or_else(|| "no such address".into())
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("must be from 0 to 1".into()) }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 86_400.0 { Ok(seconds) } else { Err("must be more than 0 and at most a day".into()) }
}
