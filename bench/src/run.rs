//! The order of the measurements.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::http::Client;

use crate::instance::Server;
use crate::load::{Operation, load};
use crate::machine::Machine;
use crate::report::{Cell, Report};
use crate::start::{self, Memory};

/// The numbers of connections at which each operation is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How much time the figures may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
    pub(crate) cold_starts: usize,
    pub(crate) warm_starts: usize,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If a server does not start, or answers what it should not.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let folder = TempDir::new()?;
    let cache = folder.path().join("cache");

    progress("cold start");
    let cold = median((0..effort.cold_starts).map(|number| {
        let empty = folder.path().join(format!("cold-{number}"));
        start::measure(&empty, empty.join("cache"))
    }))?;
    progress("warm start");
    let warm_folder = folder.path().join("warm");
    start::measure(&warm_folder, cache.clone())?;
    let warm = median((0..effort.warm_starts).map(|_| start::measure(&warm_folder, cache.clone())))?;

    let state = folder.path().join("state");
    let spindle = Server::application(&state, cache)?;
    // What the start took and will not need again is given back by now.
    thread::sleep(Duration::from_millis(500));
    let idle = Memory::of(&spindle.process)?;
    let path = create_user(&spindle)?;
    let twin = Server::twin(&state.join("users.db"), &state)?;
    check_same(&spindle, &twin, &path)?;

    let runtime = Runtime::new()?;
    let read = get("user read", path);
    let mut cells = Vec::new();
    for connections in CONNECTIONS {
        let mut measure = |name, server: &Server, operation: &Operation| {
            progress(&format!("{name}: {} at {connections} connections", operation.name));
            cells.push(cell(&runtime, effort, name, server, operation, connections)?);
            anyhow::Ok(())
        };
        measure("spindle", &spindle, &get("healthz", "/healthz".to_owned()))?;
        // One right after the other: a machine that slows down meanwhile slows down both.
        measure("spindle", &spindle, &read)?;
        measure("twin", &twin, &read)?;
        measure("spindle", &spindle, &write())?;
    }
    let peak = Memory::of(&spindle.process)?;

    let report = Report {
        machine: Machine::this(),
        seconds_per_run: effort.run.as_secs_f64(),
        runs: effort.runs,
        cold_start_ms: cold.as_secs_f64() * 1e3,
        warm_start_ms: warm.as_secs_f64() * 1e3,
        idle_memory_mb: megabytes(idle.now),
        peak_memory_mb: megabytes(peak.peak),
        cells,
    };
    println!("{}", report.text());
    if let Some(path) = json {
        fs::write(path, serde_json::to_string_pretty(&report)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

fn cell(
    runtime: &Runtime,
    effort: Effort,
    name: &'static str,
    server: &Server,
    operation: &Operation,
    connections: usize,
) -> Result<Cell> {
    let run = |time| runtime.block_on(load(server.address, operation, connections, time));
    run(effort.warm_up)?;
    let runs = (0..effort.runs).map(|_| run(effort.run)).collect::<Result<Vec<_>>>()?;
    Cell::median(name, operation.name, connections, runs).context("no run")
}

fn get(name: &'static str, path: String) -> Operation {
    let request = move |_| {
        let request = Request::builder().uri(path.as_str()).header("host", "localhost");
        request.body(Full::new(Bytes::new())).expect("a valid request")
    };
    Operation { name, expected: StatusCode::OK, request: Arc::new(request) }
}

fn write() -> Operation {
    let request = |number| {
        let body = json!({"email": format!("bench-{number}@example.com"), "display_name": "Bench"}).to_string();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/v1/users")
            .header("host", "localhost")
            .header("content-type", "application/json");
        request.body(Full::new(Bytes::from(body))).expect("a valid request")
    };
    Operation { name: "user write", expected: StatusCode::CREATED, request: Arc::new(request) }
}

/// Creates the user that is read, and returns its path.
fn create_user(spindle: &Server) -> Result<String> {
    let user = json!({
        "email": "ada@example.com",
        "display_name": "Ada Lovelace",
        "locale": "en-GB",
        "phone": "+442079460000",
        "addresses": [{
            "label": "home",
            "lines": ["12 St James's Square"],
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB",
        }],
    });
    let created = Client::new(&spindle.url).post("/v1/users", &user)?;
    ensure!(created.status == 201, "POST /v1/users answered {}: {}", created.status, created.body);
    Ok(format!("/v1/users/{}", created.body["id"].as_str().context("a user has no id")?))
}

/// A comparison is only fair if both give the same answer.
fn check_same(spindle: &Server, twin: &Server, path: &str) -> Result<()> {
    let (own, native) = (Client::new(&spindle.url).get(path)?, Client::new(&twin.url).get(path)?);
    ensure!(
        (own.status, &own.etag, &own.body) == (native.status, &native.etag, &native.body),
        "the twin's answer differs: {own:?} and {native:?}"
    );
    Ok(())
}

fn median(figures: impl Iterator<Item = Result<Duration>>) -> Result<Duration> {
    let mut figures = figures.collect::<Result<Vec<_>>>()?;
    figures.sort();
    figures.get(figures.len() / 2).copied().context("no figures")
}

fn megabytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no process has 2^53 bytes")]
    let bytes = bytes as f64;
    bytes / 1e6
}

fn progress(what: &str) {
    eprintln!("measuring {what}");
}
