//! The cost of a provider as a component, in every language with a provider: its instantiation for each request of its caller, and each call. The
//! caller is the component in `bench/caller`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::StatusCode;
use serde::Serialize;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::workspace::Workspace;

use crate::environment::Environment;
use crate::load;
use crate::memory::resident_mb;
use crate::operations;
use crate::report::{Quantiles, millis, publish};
use crate::server::Server;

/// The number of calls of one request: enough that the rest of the request is a small part of its time.
const CALLS: u32 = 200;

/// The providers, with the paths of their builds from the workspace's root.
const PROVIDERS: [(&str, &str); 4] = [
    ("Rust, no own imports", "target/wasm32-wasip2/release/notify_log.wasm"),
    ("Rust, with HTTP", "target/wasm32-wasip2/release/notify_webhook.wasm"),
    ("JavaScript", "target/providers/notify-js.wasm"),
    ("Python", "target/providers/notify-python.wasm"),
];

/// The figures of one provider.
#[derive(Debug, Serialize)]
struct Provider {
    name: &'static str,
    bytes: u64,
    /// A request without a call.
    uncalled: Quantiles,
    /// A request with one call.
    called_once: Quantiles,
    /// One further call, at p50.
    call_ms: f64,
    /// The same work in a function of the caller, at p50.
    function_ms: f64,
    /// The resident memory of the host after all these requests.
    memory_mb: f64,
}

/// Measures each provider that is built, for `time`, prints the figures, and writes them to `json` if given.
///
/// # Errors
///
/// If the host does not start or a provider returns an unexpected result.
pub(crate) fn run(time: Duration, json: Option<&Path>) -> Result<()> {
    let (runtime, folder) = (Runtime::new()?, TempDir::new()?);
    let root = Workspace::locate().root().to_path_buf();
    let mut measured = Vec::new();
    for (name, file) in PROVIDERS {
        let file = root.join(file);
        if !file.exists() {
            eprintln!("skipped a provider: {} does not exist", file.display());
            continue;
        }
        eprintln!("measuring a provider: {name}");
        measured.push(one(&runtime, &folder.path().join(name), name, &file, time)?);
    }
    let mut text = format!("\n{}\n", Environment::detect().text());
    // Writing to a String never fails.
    let _ = write(&mut text, &measured);
    publish(&measured, &text, json)
}

fn one(runtime: &Runtime, folder: &Path, name: &'static str, file: &Path, time: Duration) -> Result<Provider> {
    fs::create_dir_all(folder)?;
    let server = Server::of(manifest(folder, file)?, folder)?;
    let request = |mode: &str, calls: u32| {
        let path = format!("/{mode}/{calls}");
        (server.target.clone(), operations::get("provider", path, StatusCode::NO_CONTENT))
    };
    let operations =
        [request("composed", 0), request("composed", 1), request("composed", CALLS), request("in-process", CALLS)];
    runtime.block_on(load::alternate(&operations, time / 10))?;
    let latencies = runtime.block_on(load::alternate(&operations, time))?;
    let p50 = |index: usize| millis(latencies[index].value_at_quantile(0.5));
    let each = |index: usize| (p50(index) - p50(0)) / f64::from(CALLS);
    Ok(Provider {
        name,
        bytes: fs::metadata(file)?.len(),
        uncalled: Quantiles::of(&latencies[0]),
        called_once: Quantiles::of(&latencies[1]),
        call_ms: each(2),
        function_ms: each(3),
        memory_mb: resident_mb(&server.process)?,
    })
}

/// Writes the manifest of an application of the caller and the provider in `file` to `folder`, and returns its path.
fn manifest(folder: &Path, file: &Path) -> Result<PathBuf> {
    let caller = Workspace::locate().root().join("target/wasm32-wasip2/release/spindle_bench_caller.wasm");
    let text = format!(
        r#"spin_manifest_version = 2
[application]
name = "spindle-bench-caller"
[[trigger.http]]
route = "/..."
component = "caller"
[component.caller]
source = '{}'
dependencies_inherit_configuration = true
[component.caller.dependencies]
"spindle:notify/provider@1.0.0" = {{ path = '{}' }}
"#,
        caller.display(),
        file.display()
    );
    let path = folder.join("spin.toml");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Writes the figures of `providers` to `text` as a table.
fn write(text: &mut String, providers: &[Provider]) -> std::fmt::Result {
    writeln!(
        text,
        "\na provider as a component    size kB   request without a call   with one: p50     p95   each call µs   a function µs   host MB"
    )?;
    for Provider { name, bytes, uncalled, called_once, call_ms, function_ms, memory_mb } in providers {
        write!(
            text,
            "  {name:<27} {:>6}   p50 {:>6.2} p95 {:>6.2} ms",
            bytes / 1000,
            uncalled.p50_ms,
            uncalled.p95_ms
        )?;
        write!(text, "   {:>10.2} ms{:>8.2}", called_once.p50_ms, called_once.p95_ms)?;
        writeln!(text, "   {:>12.1} {:>15.1} {memory_mb:>9.0}", call_ms * 1e3, function_ms * 1e3)?;
    }
    Ok(())
}
