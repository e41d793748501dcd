//! The order of the measurements.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::http::{Answer, Client};

use crate::instance::Server;
use crate::load::{Operation, load};
use crate::machine::Machine;
use crate::report::{Cell, Report, publish};
use crate::start::{self, Memory};
use crate::{edge, login, people, requests};

/// The numbers of connections at which each operation is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How many people log in at once.
const CROWD: usize = 20;

/// How much time the figures may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
    pub(crate) cold_starts: usize,
    pub(crate) warm_starts: usize,
    /// For the read by all routes of the guest.
    pub(crate) edge: Duration,
    /// Logins of one person.
    pub(crate) logins: usize,
    /// Logins of each in a crowd.
    pub(crate) rounds: usize,
    /// For a read at a fixed rate, once without and once with logins.
    pub(crate) slowdown: Duration,
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
    let spindle = Server::application(&state, cache.clone())?;
    // What the start took and will not need again is given back by now.
    thread::sleep(Duration::from_millis(500));
    let idle = Memory::of(&spindle.process)?;

    let client = Client::new(&spindle.url);
    let token = people::log_in_admin(&client)?;
    let user = people::create_ada(&client.as_user(&token))?;
    let path = format!("/v1/users/{user}");
    let twin = Server::twin(&state, &spindle.url)?;
    let expected = check_same(&spindle, &twin, &path, &token)?;

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
        // One right after the other: a machine that slows down meanwhile slows down both.
        measure("spindle", &spindle, &read)?;
        measure("twin", &twin, &read)?;
        measure("spindle", &spindle, &requests::create_user(&token))?;
    }

    let peak = Memory::of(&spindle.process)?;

    progress("logins");
    let emails = people::register(&client, CROWD)?;
    let logins = vec![
        runtime.block_on(login::measure(spindle.address, &emails[..1], effort.logins))?,
        runtime.block_on(login::measure(spindle.address, &emails, effort.rounds))?,
    ];
    progress("a read during logins");
    let slowdown = runtime.block_on(login::slowdown(spindle.address, &read, &emails, effort.slowdown))?;
    let login_peak = Memory::of(&spindle.process)?;

    let report = Report {
        machine: Machine::this(),
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

/// A comparison is only fair if both give the same answer, to whoever may ask and to whoever may not.
fn check_same(spindle: &Server, twin: &Server, path: &str, token: &str) -> Result<Answer> {
    let (own, native) = (Client::new(&spindle.url), Client::new(&twin.url));
    for server in [&own, &native] {
        let statuses = (server.get(path)?.status, server.as_user(&format!("{token}A")).get(path)?.status);
        ensure!(statuses == (401, 401), "without a good token, a read answers {statuses:?}");
    }
    let (own, native) = (own.as_user(token).get(path)?, native.as_user(token).get(path)?);
    ensure!(
        (own.status, &own.etag, &own.body) == (native.status, &native.etag, &native.body) && own.status == 200,
        "the twin's answer differs: {own:?} and {native:?}"
    );
    Ok(own)
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
