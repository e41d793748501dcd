//! The reads of the catalog, on a small and on a large catalog: of the application in each mode of its cache, of the native baseline, and of the
//! baseline on Node, side by side.

mod data;
mod operations;
mod report;
mod servers;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::operations::Read;
use self::report::{Report, Row};
use self::servers::ComparedServers;
use crate::calls::{self, Calls};
use crate::environment::Environment;
use crate::instance::Server;
use crate::load::{self, Connection, LoadResult, load, paced};
use crate::report::{Cell, Quantiles, publish};

/// The sizes of the catalog: few products, and enough products to show every cost that grows with them.
const SIZES: [u32; 2] = [1_000, 100_000];

/// The numbers of connections at which each read is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// The fixed rate at which responses are timed, in requests a second, and the connections that share it.
const RATE: u32 = 500;
const RATE_CONNECTIONS: u32 = 16;

/// The durations and counts of the measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
    /// Of the requests at the fixed rate.
    pub(crate) paced: Duration,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If a server does not start or sends an unexpected response.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let node = servers::node_baseline();
    if let Err(error) = &node {
        eprintln!("without the Node baseline: {error:#}");
    }
    let mut rows = Vec::new();
    for products in SIZES {
        let folder = TempDir::new()?;
        let state = folder.path().join("state");
        data::prepare(products, &state)?;
        let servers = ComparedServers::start(&state, folder.path(), node.as_deref().ok())?;
        let reads = operations::all(&state, products, &servers.token)?;
        servers.check_same(&reads)?;
        let first = rows.len();
        measure(&runtime, effort, products, &reads, &servers, &mut rows)?;
        drop(servers);
        count_calls(&runtime, &reads, &state, folder.path(), &mut rows[first..])?;
    }
    let report = Report {
        environment: Environment::detect(),
        seconds_per_run: effort.run.as_secs_f64(),
        runs: effort.runs,
        rate: RATE,
        without_node: node.err().map(|error| format!("{error:#}")),
        rows,
    };
    publish(&report, &report.text(), json)
}

fn measure(
    runtime: &Runtime,
    effort: Effort,
    products: u32,
    reads: &[Read],
    servers: &ComparedServers,
    rows: &mut Vec<Row>,
) -> Result<()> {
    // Warms up the servers: Node compiles code while it runs.
    let (first, _) = reads.split_first().context("there are no reads to measure")?;
    for server in servers.measured_for(first) {
        runtime.block_on(load(server.address(), &first.load, 4, effort.warm_up * 10)).with_context(|| server.name)?;
    }
    for operation in reads {
        eprintln!("measuring {} of {products} products", operation.load.name);
        let first = rows.len();
        for server in servers.measured_for(operation) {
            rows.push(Row {
                products,
                operation: operation.load.name,
                server: server.name,
                cells: Vec::new(),
                paced: None,
                cache: None,
                calls: None,
            });
        }
        for connections in CONNECTIONS {
            // All servers in turn, once for each run, so that a slowdown of the machine affects all of them.
            let mut results: Vec<Vec<LoadResult>> = rows[first..].iter().map(|_| Vec::new()).collect();
            for run in 0..effort.runs {
                for (server, results) in servers.measured_for(operation).zip(&mut results) {
                    let run_for = |time| runtime.block_on(load(server.address(), &operation.load, connections, time));
                    if run == 0 {
                        run_for(effort.warm_up).with_context(|| server.name)?;
                    }
                    results.push(run_for(effort.run).with_context(|| server.name)?);
                }
            }
            for (row, results) in rows[first..].iter_mut().zip(results) {
                row.cells.push(Cell::median(row.server, row.operation, connections, results).context("no run")?);
            }
        }
        for (row, server) in rows[first..].iter_mut().zip(servers.measured_for(operation)) {
            let latency =
                runtime.block_on(paced(server.address(), &operation.load, RATE_CONNECTIONS, RATE, effort.paced))?;
            row.cache = server.cache_status(operation)?;
            row.paced = Some(Quantiles::of(&latency));
        }
    }
    Ok(())
}

/// Counts the host calls of the requests of the application in `rows`.
fn count_calls(runtime: &Runtime, reads: &[Read], state: &Path, folder: &Path, rows: &mut [Row]) -> Result<()> {
    eprintln!("counting calls");
    for (name, variables) in servers::CACHE_VARIANTS {
        let reads: Vec<&Read> = reads.iter().filter(|read| servers::is_worth_measuring(name, read)).collect();
        let folder = folder.join(format!("{name}, traced"));
        let Some(counted) = count(runtime, state, &folder, variables, &reads)? else { continue };
        for (read, calls) in reads.iter().zip(counted) {
            let row = rows.iter_mut().find(|row| (row.server, row.operation) == (name, read.load.name));
            row.context("a counted read was not measured")?.calls = Some(calls);
        }
    }
    Ok(())
}

/// Counts the host calls of each of `reads` in an application in `folder` on the databases in `state`, with `variables`. Returns `None` if the host
/// does not trace calls of databases.
///
/// # Errors
///
/// If the application does not start or sends an unexpected response.
fn count(
    runtime: &Runtime,
    state: &Path,
    folder: &Path,
    variables: &[(&str, &str)],
    reads: &[&Read],
) -> Result<Option<Vec<Calls>>> {
    let mut server = Server::traced(folder, state, variables)?;
    let mut counted = Vec::new();
    for read in reads {
        let mut connection = runtime.block_on(load::open(server.address, 1))?.pop().context("no connection")?;
        // The first requests do work that later ones do not repeat.
        runtime.block_on(send(&mut connection, read))?;
        let before = server.process.printed().len();
        runtime.block_on(send(&mut connection, read))?;
        counted.push(calls::per_request(&server.process.printed()[before..]));
    }
    server.process.check_alive()?;
    Ok(counted.iter().any(|calls| calls.sql > 0.0).then_some(counted))
}

/// Sends `read` as often as calls are counted.
async fn send(connection: &mut Connection, read: &Read) -> Result<()> {
    for _ in 0..calls::REQUESTS {
        connection.measure(&read.load).await?;
    }
    Ok(())
}
