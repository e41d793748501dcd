//! The measurements, in their order: each operation on all servers in turn, so that a slowdown of the machine affects all of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::build::{self, World};
use xtask::http::{Client, Response};
use xtask::npm;
use xtask::up::On;
use xtask::workspace::Workspace;

use crate::data::Data;
use crate::environment::Environment;
use crate::load::{LoadResult, Operation, load};
use crate::memory::resident_mb;
use crate::operations::{self, Read};
use crate::orders::{Commits, Deferred, Done, EVENTS_PER_ORDER, NOTIFICATIONS, ORDERS, Watch};
use crate::report::{Cell, Quantiles, Report, ServerFigures, publish};
use crate::server::{Kind, Server};

/// The numbers of connections at which each operation is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// The measured applications.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) on: Vec<On>,
    pub(crate) worlds: Vec<World>,
    pub(crate) beside: Option<PathBuf>,
}

/// The sizes and durations of the measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) products: u32,
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If a server does not start, or the responses of two servers differ.
pub(crate) fn run(options: &Options, effort: Effort, json: Option<&Path>) -> Result<()> {
    let folder = TempDir::new()?;
    let data = Data::prepare(effort.products)?;
    let servers = start(options, &data, folder.path())?;
    let idle = servers.iter().map(|server| resident_mb(&server.process)).collect::<Result<Vec<_>>>()?;
    let reads = operations::reads(&data, effort.products)?;
    check_same(&servers, &reads)?;

    let bench = Bench { runtime: Runtime::new()?, effort, servers: &servers };
    let mut cells = Vec::new();
    for Read { operation, .. } in &reads {
        bench.measure(operation, |_| true, &mut cells);
    }
    bench.measure(&operations::log_in(), |server| server.kind == Kind::Spindle, &mut cells);
    let order = operations::order(&data.ordered()?);
    bench.measure_deferred(&order, ORDERS, "order, captured", &mut cells);
    let notification = operations::notification(&data.user()?);
    bench.measure_deferred(&notification, NOTIFICATIONS, "notification, sent", &mut cells);
    bench.measure_beside_orders(&reads[0].operation, &order, &mut cells)?;

    let figures = |(server, idle_mb): (&Server, &f64)| {
        let start_ms = server.start.as_secs_f64() * 1e3;
        Ok(ServerFigures {
            server: server.name.clone(),
            start_ms,
            idle_mb: *idle_mb,
            loaded_mb: resident_mb(&server.process)?,
        })
    };
    let report = Report {
        environment: Environment::detect(),
        seconds_per_run: effort.run.as_secs_f64(),
        runs: effort.runs,
        products: effort.products,
        servers: servers.iter().zip(&idle).map(figures).collect::<Result<_>>()?,
        cells,
    };
    publish(&report, &report.text(), json)
}

/// Starts all servers, Spin before the host before the baselines, each on a copy of `data`.
fn start(options: &Options, data: &Data, folder: &Path) -> Result<Vec<Server>> {
    let mut servers = Vec::new();
    // `cargo xtask bench` has built those of the default one.
    for world in options.worlds.iter().filter(|world| **world != World::default()) {
        build::components(&Workspace::locate(), world.released())?;
    }
    let applications = options.on.iter().flat_map(|on| options.worlds.iter().map(move |world| (*on, *world)));
    for beside in std::iter::once(None).chain(options.beside.as_deref().map(Some)) {
        for (on, world) in applications.clone() {
            eprintln!("starting the application on {on:?} in WASI {}", world.name());
            let state = folder.join(servers.len().to_string());
            data.copy(&state)?;
            servers.push(Server::application(on, world, &state, beside)?);
        }
    }
    ensure!(!servers.is_empty(), "nothing to measure");
    let (commits, state) = (Commits::of_application()?, folder.join("baselines"));
    data.copy(&state)?;
    servers.push(Server::native(&servers[0], &state, &folder.join("native"), commits)?);
    let node = Workspace::locate().root().join("bench/node-baseline");
    match npm::install(&node) {
        Ok(()) => servers.push(Server::node(&node, &servers[0], &state, &folder.join("node"), commits)?),
        Err(error) => eprintln!("without the baseline on Node: {error:#}"),
    }
    Ok(servers)
}

/// The measurement of several servers.
struct Bench<'s> {
    runtime: Runtime,
    effort: Effort,
    servers: &'s [Server],
}

impl Bench<'_> {
    /// Measures `operation` at each number of connections on each server that is `measured`.
    fn measure(&self, operation: &Operation, measured: impl Fn(&Server) -> bool, cells: &mut Vec<Cell>) {
        for connections in CONNECTIONS {
            eprintln!("measuring {} at {connections} connections", operation.name);
            let servers: Vec<&Server> = self.servers.iter().filter(|server| measured(server)).collect();
            let mut results: Vec<Vec<LoadResult>> = servers.iter().map(|_| Vec::new()).collect();
            for run in 0..self.effort.runs {
                for (server, results) in servers.iter().zip(&mut results) {
                    if run == 0 {
                        self.load(server, operation, connections, self.effort.warm_up);
                    }
                    results.extend(self.load(server, operation, connections, self.effort.run));
                }
            }
            for (server, results) in servers.iter().zip(results) {
                cells.extend(Cell::median(&server.name, operation.name, connections, results));
            }
        }
    }

    /// Loads `server`; `None` if it fails, which under this load is a figure of its own.
    fn load(&self, server: &Server, operation: &Operation, connections: usize, time: Duration) -> Option<LoadResult> {
        let result = self.runtime.block_on(load(&server.target, operation, connections, time));
        result.inspect_err(|error| eprintln!("{}, {connections} connections: {error:#}", server.name)).ok()
    }

    /// Measures `operation` until its response, and until its work is done, which `done` names.
    fn measure_deferred(&self, operation: &Operation, work: Deferred, done: &'static str, cells: &mut Vec<Cell>) {
        let of_orders = done.starts_with("order");
        for connections in CONNECTIONS {
            eprintln!("measuring {} at {connections} connections", operation.name);
            for server in self.servers.iter().filter(|server| of_orders || server.kind == Kind::Spindle) {
                let measured = self.deferred(server, operation, work, connections);
                match measured {
                    Err(error) => eprintln!("{}, {connections} connections: {error:#}", server.name),
                    Ok((answered, ended)) => {
                        let cell = |operation, per_second, latency| Cell {
                            server: server.name.clone(),
                            operation,
                            connections,
                            per_second,
                            latency: Some(latency),
                        };
                        cells.push(cell(operation.name, answered.per_second, Quantiles::of(&answered.latency)));
                        cells.push(cell(done, ended.per_second, Quantiles::of(&ended.latency)));
                        if of_orders && server.kind == Kind::Spindle {
                            let per_second = ended.per_second * EVENTS_PER_ORDER;
                            let cell = cell("events handled", per_second, Quantiles::of(&ended.latency));
                            cells.push(Cell { latency: None, ..cell });
                        }
                    }
                }
            }
        }
    }

    fn deferred(
        &self,
        server: &Server,
        operation: &Operation,
        work: Deferred,
        connections: usize,
    ) -> Result<(LoadResult, Done)> {
        let load = |time| self.runtime.block_on(load(&server.target, operation, connections, time));
        let warm_up = Watch::begin(server, work)?;
        load(self.effort.warm_up)?;
        warm_up.end()?;
        let watch = Watch::begin(server, work)?;
        let answered = load(self.effort.run)?;
        Ok((answered, watch.end()?))
    }

    /// Measures `read` on one connection of each application while 16 buyers place orders.
    fn measure_beside_orders(&self, read: &Operation, order: &Operation, cells: &mut Vec<Cell>) -> Result<()> {
        let read = Operation { name: "read one user, beside 16 buyers", ..read.clone() };
        for server in self.servers.iter().filter(|server| server.kind == Kind::Spindle) {
            eprintln!("measuring {} on {}", read.name, server.name);
            let watch = Watch::begin(server, ORDERS)?;
            let loads = async {
                let buyers = load(&server.target, order, 16, self.effort.run);
                tokio::join!(load(&server.target, &read, 1, self.effort.run), buyers)
            };
            let (result, buyers) = self.runtime.block_on(loads);
            watch.end()?;
            if let Err(error) = buyers {
                eprintln!("{}, 16 buyers: {error:#}", server.name);
            }
            cells.extend(Cell::median(&server.name, read.name, 1, result.into_iter().collect()));
        }
        Ok(())
    }
}

/// Checks that all servers send the same items and resources: otherwise, the comparison would be unfair.
fn check_same(servers: &[Server], reads: &[Read]) -> Result<()> {
    for Read { samples, has_token, .. } in reads {
        for path in samples {
            let get = |server: &Server| -> Result<Response> {
                let client = Client::new(&server.url);
                let client = if *has_token { client.as_user(&server.target.token) } else { client };
                client.get(path).with_context(|| server.name.clone())
            };
            let expected = get(&servers[0])?;
            ensure!(expected.status == 200, "the response to {path} is {expected:?}");
            for server in &servers[1..] {
                let response = get(server)?;
                // Cursors differ in their form.
                let (same, has_next) = match expected.body.get("items") {
                    None => (response.body == expected.body && response.etag == expected.etag, true),
                    Some(items) => (
                        response.body.get("items") == Some(items),
                        response.body["next_cursor"].is_null() == expected.body["next_cursor"].is_null(),
                    ),
                };
                ensure!(
                    response.status == 200 && same && has_next,
                    "{path}: the response of {} is {response:?}, and that of {} is {expected:?}",
                    server.name,
                    servers[0].name
                );
            }
        }
        if let Some(path) = samples.first().filter(|_| *has_token) {
            for server in servers {
                let client = Client::new(&server.url).as_user(&format!("{}A", server.target.token));
                let status = client.get(path)?.status;
                ensure!(status == 401, "{}: without a valid token, the status of {path} is {status}", server.name);
            }
        }
    }
    Ok(())
}
