//! What the catalog's reads take, on a small and on a large catalog: of the application, with more and less of its cache, of the native twin and of
//! the one on Node, side by side.

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
use self::servers::Contestants;
use crate::calls::{self, Calls};
use crate::instance::Server;
use crate::load::{self, Connection, Outcome, load, paced};
use crate::machine::Machine;
use crate::report::{Cell, Quantiles, publish};

/// How many products there are: few, and so many that whatever grows with them shows.
const SIZES: [u32; 2] = [1_000, 100_000];

/// The numbers of connections at which each read is measured.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// The fixed rate at which answers are timed: requests a second, and the connections that share them.
const RATE: u32 = 500;
const RATE_CONNECTIONS: u32 = 16;

/// How much time the figures may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    pub(crate) runs: usize,
    /// At the fixed rate.
    pub(crate) paced: Duration,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If a server does not start, or answers what it should not.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let node = servers::node();
    if let Err(word) = &node {
        eprintln!("without the Node twin: {word:#}");
    }
    let mut rows = Vec::new();
    for products in SIZES {
        let folder = TempDir::new()?;
        let state = folder.path().join("state");
        data::provide(products, &state)?;
        let contestants = Contestants::start(&state, folder.path(), node.as_deref().ok())?;
        let reads = operations::all(&state, products, &contestants.token)?;
        contestants.check_same(&reads)?;
        let first = rows.len();
        measure(&runtime, effort, products, &reads, &contestants, &mut rows)?;
        drop(contestants);
        count_calls(&runtime, &reads, &state, folder.path(), &mut rows[first..])?;
    }
    let report = Report {
        machine: Machine::this(),
        seconds_per_run: effort.run.as_secs_f64(),
        runs: effort.runs,
        rate: RATE,
        without_node: node.err().map(|word| format!("{word:#}")),
        rows,
    };
    publish(&report, &report.text(), json)
}

fn measure(
    runtime: &Runtime,
    effort: Effort,
    products: u32,
    reads: &[Read],
    contestants: &Contestants,
    rows: &mut Vec<Row>,
) -> Result<()> {
    // Whoever compiles while it runs should have done so.
    let (first, _) = reads.split_first().context("nothing is measured")?;
    for server in contestants.that_serve(first) {
        runtime.block_on(load(server.address(), &first.load, 4, effort.warm_up * 10)).with_context(|| server.name)?;
    }
    for operation in reads {
        eprintln!("measuring {} of {products} products", operation.load.name);
        let first = rows.len();
        for server in contestants.that_serve(operation) {
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
            // All servers in turn, once for each run: a machine that slows down meanwhile slows down all of them.
            let mut outcomes: Vec<Vec<Outcome>> = rows[first..].iter().map(|_| Vec::new()).collect();
            for run in 0..effort.runs {
                for (server, outcomes) in contestants.that_serve(operation).zip(&mut outcomes) {
                    let go = |time| runtime.block_on(load(server.address(), &operation.load, connections, time));
                    if run == 0 {
                        go(effort.warm_up).with_context(|| server.name)?;
                    }
                    outcomes.push(go(effort.run).with_context(|| server.name)?);
                }
            }
            for (row, outcomes) in rows[first..].iter_mut().zip(outcomes) {
                row.cells.push(Cell::median(row.server, row.operation, connections, outcomes).context("no run")?);
            }
        }
        for (row, server) in rows[first..].iter_mut().zip(contestants.that_serve(operation)) {
            let latency =
                runtime.block_on(paced(server.address(), &operation.load, RATE_CONNECTIONS, RATE, effort.paced))?;
            row.cache = server.cache_status(operation)?;
            row.paced = Some(Quantiles::of(&latency));
        }
    }
    Ok(())
}

/// Counts what the requests of `rows` ask of the host, where it is ours.
fn count_calls(runtime: &Runtime, reads: &[Read], state: &Path, folder: &Path, rows: &mut [Row]) -> Result<()> {
    eprintln!("counting calls");
    for (name, variables) in servers::OWN {
        let reads: Vec<&Read> = reads.iter().filter(|read| servers::is_worth_measuring(name, read)).collect();
        let folder = folder.join(format!("{name}, traced"));
        let Some(counted) = count(runtime, state, &folder, variables, &reads)? else { continue };
        for (read, calls) in reads.iter().zip(counted) {
            let row = rows.iter_mut().find(|row| (row.server, row.operation) == (name, read.load.name));
            row.context("what was counted was measured")?.calls = Some(calls);
        }
    }
    Ok(())
}

/// Counts the calls of each of `reads` in an application in `folder` on the databases in `state`, with `variables`. None if the host
/// does not tell of databases.
///
/// # Errors
///
/// If it does not start, or answers what it should not.
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
        // What only the first requests do.
        runtime.block_on(ask(&mut connection, read))?;
        let before = server.process.printed().len();
        runtime.block_on(ask(&mut connection, read))?;
        counted.push(calls::in_log(&server.process.printed()[before..]));
    }
    server.process.check_alive()?;
    Ok(counted.iter().any(|calls| calls.sql > 0.0).then_some(counted))
}

async fn ask(connection: &mut Connection, read: &Read) -> Result<()> {
    for _ in 0..calls::REQUESTS {
        connection.ask(&read.load).await?;
    }
    Ok(())
}
