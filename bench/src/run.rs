//! The measurements of `cargo xtask bench`, in their order.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::http::{Client, Response};

use crate::environment::Environment;
use crate::instance::Server;
use crate::load::{Operation, load};
use crate::report::{Cell, Report, publish};
use crate::start::{self, Memory};
use crate::{accounts, edge, login, requests};

/// The numbers of connections at which each operation is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// The number of customers who log in at once.
const CONCURRENT_LOGINS: usize = 20;

/// The durations and counts of the measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
    pub(crate) cold_starts: usize,
    pub(crate) warm_starts: usize,
    /// Of the reads by all routes of the guest together.
    pub(crate) edge: Duration,
    /// The number of logins of one customer.
    pub(crate) logins: usize,
    /// The number of logins of each of several customers.
    pub(crate) rounds: usize,
    /// Of a read at a fixed rate, once without and once with logins.
    pub(crate) slowdown: Duration,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If a server does not start or sends an unexpected response.
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
    let spindle = Server::application(&state, cache.clone())?;
    // Time for the process to return the memory that only the start needed.
    thread::sleep(Duration::from_millis(500));
    let idle = Memory::of(&spindle.process)?;

    let client = Client::new(&spindle.url);
    let token = accounts::log_in_admin(&client)?;
    let user = accounts::create_user(&client.as_user(&token))?;
    let path = format!("/v1/users/{user}");
    let baseline = Server::baseline(&state, &spindle.url)?;
    let expected = check_same(&spindle, &baseline, &path, &token)?;

    let runtime = Runtime::new()?;
    let read = requests::get("user read", path, Some(&token));
    progress("the edge");
    let guest = Server::guest(&folder.path().join("guest"), &state, cache)?;
    let edge =
        runtime.block_on(edge::measure(guest.address, (spindle.address, &read), &user, &expected, effort.edge))?;
    drop(guest);

    let mut cells = Vec::new();
    for connections in CONNECTIONS {
        let mut measure = |name, server: &Server, operation: &Operation| {
            progress(&format!("{name}: {} at {connections} connections", operation.name));
            cells.push(cell(&runtime, effort, name, server, operation, connections)?);
            anyhow::Ok(())
        };
        measure("spindle", &spindle, &requests::get("healthz", "/healthz".to_owned(), None))?;
        // One directly after the other, so that a slowdown of the machine affects both.
        measure("spindle", &spindle, &read)?;
        measure("baseline", &baseline, &read)?;
        measure("spindle", &spindle, &requests::create_user(&token))?;
    }

    let peak = Memory::of(&spindle.process)?;

    progress("logins");
    let emails = accounts::register(&client, CONCURRENT_LOGINS)?;
    let logins = vec![
        runtime.block_on(login::measure(spindle.address, &emails[..1], effort.logins))?,
        runtime.block_on(login::measure(spindle.address, &emails, effort.rounds))?,
    ];
    progress("a read during logins");
    let slowdown = runtime.block_on(login::slowdown(spindle.address, &read, &emails, effort.slowdown))?;
    let login_peak = Memory::of(&spindle.process)?;

    let report = Report {
        environment: Environment::detect(),
        seconds_per_run: effort.run.as_secs_f64(),
        runs: effort.runs,
        cold_start_ms: cold.as_secs_f64() * 1e3,
        warm_start_ms: warm.as_secs_f64() * 1e3,
        idle_memory_mb: megabytes(idle.now),
        peak_memory_mb: megabytes(peak.peak),
        login_peak_memory_mb: megabytes(login_peak.peak),
        cells,
        logins,
        slowdown,
        edge_parts_ms: edge.parts(),
        edge,
    };
    publish(&report, &report.text(), json)
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

/// Checks that both servers send the same responses, to a caller with a valid token and to one without: otherwise, the comparison would be unfair.
/// Returns the response.
fn check_same(spindle: &Server, baseline: &Server, path: &str, token: &str) -> Result<Response> {
    let (application, native) = (Client::new(&spindle.url), Client::new(&baseline.url));
    for server in [&application, &native] {
        let statuses = (server.get(path)?.status, server.as_user(&format!("{token}A")).get(path)?.status);
        ensure!(
            statuses == (401, 401),
            "without a valid token, the statuses of a read are {statuses:?} instead of 401"
        );
    }
    let (expected, actual) = (application.as_user(token).get(path)?, native.as_user(token).get(path)?);
    ensure!(
        (expected.status, &expected.etag, &expected.body) == (actual.status, &actual.etag, &actual.body)
            && expected.status == 200,
        "the response of the baseline differs: {expected:?} and {actual:?}"
    );
    Ok(expected)
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

fn progress(name: &str) {
    eprintln!("measuring {name}");
}
