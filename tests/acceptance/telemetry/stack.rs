//! The programs that watch an application: the collector, Jaeger and Prometheus, with the configurations in `observability/`.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use spindle_tests::acceptance::is_full;
use spindle_tests::{Instance, skip};
use tempfile::TempDir;
use xtask::workspace::Workspace;
use xtask::{go, http};

use super::clock;

/// The time limit for what the programs do by themselves: to start, to read a line, to scrape.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The time between two looks at them.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The value of the variable `metrics_token`.
pub(super) const SCRAPE_TOKEN: &str = "a token that only the tests know, 32 bytes long";

/// The modules in `tools/` with the programs that are built from sources, and their packages.
const COLLECTOR: (&str, &str) = ("otelcol", ".");
const JAEGER: (&str, &str) = ("jaeger", "github.com/jaegertracing/jaeger/cmd/jaeger");

/// The places of the programs.
pub(super) struct Programs {
    collector: PathBuf,
    jaeger: PathBuf,
}

impl Programs {
    /// Returns those on PATH. The full form builds the ones that are missing there, which takes minutes. `None`: `test` is skipped.
    pub(super) fn find(test: &str) -> Option<Self> {
        let (collector, jaeger) = (program(test, COLLECTOR)?, program(test, JAEGER)?);
        if !runs("prometheus") {
            skip(test, "prometheus");
            return None;
        }
        Some(Self { collector, jaeger })
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test prints its name")]
fn program(test: &str, (name, package): (&str, &str)) -> Option<PathBuf> {
    if runs(name) {
        return Some(name.into());
    }
    if !is_full() {
        // Not a tool that CI could install, so --require-all does not ask for it.
        eprintln!(
            "skipped {test}: it needs {name} on PATH, which `cargo xtask acceptance telemetry` builds from tools/{name}"
        );
        return None;
    }
    let built = go::program(&Workspace::locate(), name, package).unwrap_or_else(|error| panic!("{error:#}"));
    if built.is_none() {
        skip(test, "Go");
    }
    built
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The addresses of the programs.
pub(super) struct Addresses {
    collector: String,
    collector_grpc: String,
    health: String,
    metrics: String,
    jaeger: String,
    search: String,
    search_grpc: String,
    prometheus: String,
}

impl Addresses {
    /// Returns addresses that nothing listens on.
    pub(super) fn free() -> Self {
        // All at once, so that they differ.
        let listeners = [(); 8].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let address = |listener: TcpListener| listener.local_addr().expect("it has an address").to_string();
        let [collector, collector_grpc, health, metrics, jaeger, search, search_grpc, prometheus] =
            listeners.map(address);
        Self { collector, collector_grpc, health, metrics, jaeger, search, search_grpc, prometheus }
    }

    /// Returns the URL at which the collector will receive spans.
    pub(super) fn collector(&self) -> String {
        format!("http://{}", self.collector)
    }
}

/// The source of the spans and the metrics of requests.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// The host exports and serves them.
    Host,
    /// The collector derives them from the log, as on Spin.
    Log,
}

/// The programs, while they watch an application. They end with this value.
pub(super) struct Stack {
    jaeger: http::Client,
    prometheus: http::Client,
    processes: Vec<(&'static str, Child)>,
    folder: TempDir,
}

impl Stack {
    /// Starts them for `instance`, and waits until they are ready.
    pub(super) fn start(programs: &Programs, addresses: &Addresses, instance: &Instance, source: Source) -> Self {
        let folder = tempfile::tempdir().expect("a temp folder");
        let config = |name: &str| {
            let path = Workspace::locate().root().join("observability").join(name);
            format!("--config={}", path.display())
        };
        let mut jaeger = Command::new(&programs.jaeger);
        jaeger.arg(config("jaeger.yaml")).env("JAEGER_OTLP", &addresses.jaeger);
        jaeger.envs([("JAEGER_QUERY", &addresses.search), ("JAEGER_QUERY_GRPC", &addresses.search_grpc)]);

        let mut collector = Command::new(&programs.collector);
        collector.arg(config("collector.yaml"));
        let metrics = match source {
            Source::Host => instance.host_url(),
            Source::Log => {
                collector.arg(config("collector-spin.yaml")).env("SPINDLE_METRICS", &addresses.metrics);
                addresses.metrics.clone()
            }
        };
        collector.env("SPINDLE_LOG", instance.log_file());
        collector.env("SPINDLE_COLLECTOR_STATE", folder.path().join("state"));
        collector.env("SPINDLE_TRACES_TO", format!("http://{}", addresses.jaeger));
        collector.envs([
            ("SPINDLE_OTLP_HTTP", &addresses.collector),
            ("SPINDLE_OTLP_GRPC", &addresses.collector_grpc),
            ("SPINDLE_COLLECTOR_HEALTH", &addresses.health),
        ]);

        let places = [("127.0.0.1:3000", authority(instance.url())), ("127.0.0.1:9464", authority(&metrics))];
        let mut prometheus = Command::new("prometheus");
        prometheus.arg("--config.file").arg(configure_prometheus(folder.path(), &places));
        prometheus.arg("--storage.tsdb.path").arg(folder.path().join("tsdb"));
        prometheus.arg("--web.listen-address").arg(&addresses.prometheus);

        let processes = [("jaeger", jaeger), ("collector", collector), ("prometheus", prometheus)];
        let processes = processes.map(|(name, command)| (name, spawn(name, command, folder.path()))).into();
        let client = |address: &str| http::Client::new(&format!("http://{address}"));
        let stack =
            Self { jaeger: client(&addresses.search), prometheus: client(&addresses.prometheus), processes, folder };
        let health = client(&addresses.health);
        let is_ready =
            |client: &http::Client, path: &str| client.get(path).ok().filter(|response| response.status == 200);
        stack.wait_for("healthy collector", || is_ready(&health, "/"));
        stack.wait_for("Jaeger", || is_ready(&stack.jaeger, "/"));
        stack.wait_for("Prometheus", || is_ready(&stack.prometheus, "/-/ready"));
        stack
    }

    /// Returns the trace with this id once `is_complete` holds for it.
    pub(super) fn trace(&self, id: &str, is_complete: impl Fn(&Value) -> bool) -> Value {
        self.wait_for(&format!("trace {id}"), || {
            let response = self.jaeger.get(&format!("/api/traces/{id}")).ok()?;
            Some(response.body["data"][0].clone()).filter(&is_complete)
        })
    }

    /// Returns the series that match `query`, now.
    pub(super) fn series(&self, query: &str) -> Vec<Value> {
        let response = self.prometheus.get(&format!("/api/v1/query?query={}", encoded(query))).expect("it responds");
        assert_eq!(response.status, 200, "{query}: {}", response.body);
        response.body["data"]["result"].as_array().cloned().unwrap_or_default()
    }

    /// Returns the names of the alerts that fire now.
    pub(super) fn alerts(&self) -> Vec<String> {
        let response = self.prometheus.get("/api/v1/alerts").expect("it responds");
        let alerts = response.body["data"]["alerts"].as_array().cloned().unwrap_or_default();
        let firing = alerts.iter().filter(|alert| alert["state"] == "firing");
        firing.filter_map(|alert| alert["labels"]["alertname"].as_str().map(str::to_owned)).collect()
    }

    /// Returns the value of `look` once there is one.
    pub(super) fn wait_for<T>(&self, object: &str, look: impl FnMut() -> Option<T>) -> T {
        self.wait_within(TIMEOUT, object, look)
    }

    /// Does the same with another time limit.
    pub(super) fn wait_within<T>(&self, limit: Duration, object: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(Instant::now() < deadline, "no {object} after {limit:?}: {}", self.output());
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Returns the last lines that each program has printed.
    fn output(&self) -> String {
        let mut text = String::new();
        for (name, _) in &self.processes {
            let printed = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
            let last: Vec<&str> = printed.lines().rev().take(8).collect();
            text.extend([format!("\n{name}:")].into_iter().chain(last.iter().rev().map(|line| format!("\n  {line}"))));
        }
        text
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        for (_, process) in &mut self.processes {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Writes the configuration and the rules of Prometheus into `folder`, with other addresses and a faster clock, and returns the configuration's path.
fn configure_prometheus(folder: &Path, places: &[(&str, &str)]) -> PathBuf {
    let shipped = Workspace::locate().root().join("observability/prometheus");
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let write = |path: &Path, text: String| fs::write(path, text).expect("the folder can be written to");
    let mut config = clock::faster(&read(&shipped.join("prometheus.yml")));
    for (place, other) in places {
        assert!(config.contains(place), "prometheus.yml does not scrape {place}");
        config = config.replace(place, other);
    }
    write(&folder.join("scrape-token"), SCRAPE_TOKEN.to_owned());
    fs::create_dir(folder.join("rules")).expect("the folder can be written to");
    for rules in fs::read_dir(shipped.join("rules")).into_iter().flatten().flatten() {
        write(&folder.join("rules").join(rules.file_name()), clock::faster(&read(&rules.path())));
    }
    let path = folder.join("prometheus.yml");
    write(&path, config);
    path
}

fn spawn(name: &str, mut command: Command, folder: &Path) -> Child {
    let output = File::create(folder.join(name)).expect("the folder can be written to");
    let errors = output.try_clone().expect("a file can be shared");
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the host and port in a URL, or in an address.
fn authority(url: &str) -> &str {
    let rest = url.trim_start_matches("http://");
    rest.split('/').next().unwrap_or(rest)
}

/// Returns `text` in the form that a query of a URL has.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
