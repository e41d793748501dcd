//! The cost of a provider as a component, in every language with a provider: its instantiation for each request of its caller, and each call. The
//! caller is the component in `bench/caller`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::StatusCode;
use serde::Serialize;
use tokio::runtime::Runtime;
use xtask::workspace::Workspace;

use crate::instance::Server;
use crate::load::{self, Operation};
use crate::report::{Quantiles, millis};
use crate::requests;
use crate::start::Memory;

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
pub(crate) struct Provider {
    pub(crate) name: &'static str,
    pub(crate) bytes: u64,
    /// A request without a call.
    pub(crate) uncalled: Quantiles,
    /// A request with one call.
    pub(crate) called_once: Quantiles,
    /// One further call, at p50.
    pub(crate) call_ms: f64,
    /// The same work in a function of the caller, at p50.
    pub(crate) function_ms: f64,
    /// The resident memory of the host after all these requests.
    pub(crate) memory_mb: f64,
}

/// Measures each provider that is built, for `time`.
///
/// # Errors
///
/// If the host does not start or a provider returns an unexpected result.
pub(crate) fn measure(runtime: &Runtime, folder: &Path, time: Duration) -> Result<Vec<Provider>> {
    let root = Workspace::locate().root().to_path_buf();
    let mut measured = Vec::new();
    for (name, file) in PROVIDERS {
        let file = root.join(file);
        if !file.exists() {
            eprintln!("skipped a provider: {} does not exist", file.display());
            continue;
        }
        eprintln!("measuring a provider: {name}");
        measured.push(one(runtime, &folder.join(name), name, &file, time)?);
    }
    Ok(measured)
}

fn one(runtime: &Runtime, folder: &Path, name: &'static str, file: &Path, time: Duration) -> Result<Provider> {
    fs::create_dir_all(folder)?;
    let server = Server::of(manifest(folder, file)?, folder, Workspace::locate().cache_dir())?;
    let request = |mode: &str, calls: u32| {
        let operation = requests::get("provider", format!("/{mode}/{calls}"), None);
        (server.address, Operation { expected: StatusCode::NO_CONTENT, ..operation })
    };
    let operations =
        [request("composed", 0), request("composed", 1), request("composed", CALLS), request("in-process", CALLS)];
    runtime.block_on(load::alternate(&operations, time / 10))?;
    let latencies = runtime.block_on(load::alternate(&operations, time))?;
    let p50 = |index: usize| millis(latencies[index].value_at_quantile(0.5));
    let each = |index: usize| (p50(index) - p50(0)) / f64::from(CALLS);
    #[expect(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    let memory_mb = Memory::of(&server.process)?.now as f64 / 1e6;
    Ok(Provider {
        name,
        bytes: fs::metadata(file)?.len(),
        uncalled: Quantiles::of(&latencies[0]),
        called_once: Quantiles::of(&latencies[1]),
        call_ms: each(2),
        function_ms: each(3),
        memory_mb,
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
pub(crate) fn write(text: &mut String, providers: &[Provider]) -> std::fmt::Result {
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
