//! The figures, as tables in Markdown and as JSON.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::environment::Environment;
use crate::load::{Latency, LoadResult};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) environment: Environment,
    pub(crate) seconds_per_run: f64,
    pub(crate) runs: usize,
    pub(crate) products: u32,
    pub(crate) servers: Vec<ServerFigures>,
    pub(crate) cells: Vec<Cell>,
}

/// The figures of a server itself.
#[derive(Debug, Serialize)]
pub(crate) struct ServerFigures {
    pub(crate) server: String,
    pub(crate) start_ms: f64,
    pub(crate) idle_mb: f64,
    /// After all measurements.
    pub(crate) loaded_mb: f64,
}

/// The median run of one operation of one server at one number of connections.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) server: String,
    pub(crate) operation: &'static str,
    pub(crate) connections: usize,
    pub(crate) per_second: f64,
    #[serde(flatten)]
    pub(crate) latency: Option<Quantiles>,
}

/// The quantiles of a latency.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names in the JSON have their unit")]
pub(crate) struct Quantiles {
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Quantiles {
    /// Returns the quantiles of `latency`.
    pub(crate) fn of(latency: &Latency) -> Self {
        let quantile = |quantile| millis(latency.value_at_quantile(quantile));
        Self { p50_ms: quantile(0.5), p95_ms: quantile(0.95), p99_ms: quantile(0.99) }
    }
}

impl Cell {
    /// Returns the median of `runs` by throughput; `None` if there are none.
    pub(crate) fn median(
        server: &str,
        operation: &'static str,
        connections: usize,
        mut runs: Vec<LoadResult>,
    ) -> Option<Self> {
        runs.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
        let run = runs.get(runs.len() / 2)?;
        let latency = Some(Quantiles::of(&run.latency));
        Some(Self { server: server.to_owned(), operation, connections, per_second: run.per_second, latency })
    }
}

/// Prints `report`, whose text is `text`, and writes it to `json` if given.
///
/// # Errors
///
/// If the file cannot be written.
pub(crate) fn publish(report: &impl Serialize, text: &str, json: Option<&Path>) -> Result<()> {
    println!("{text}");
    if let Some(path) = json {
        fs::write(path, serde_json::to_string_pretty(report)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Converts nanoseconds to milliseconds.
pub(crate) fn millis(nanos: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no response takes 2^53 nanoseconds")]
    let nanos = nanos as f64;
    nanos / 1e6
}

impl Report {
    /// Returns the tables: the ratios, the figures at each number of connections, and those of the servers.
    pub(crate) fn text(&self) -> String {
        let Self { seconds_per_run, runs, products, .. } = self;
        let mut text = format!("\n{}\n", self.environment.text());
        // Writing to a String never fails.
        let _ = writeln!(
            text,
            "{products} products; median of {runs} runs of {seconds_per_run} s; keep-alive, closed loop"
        );
        let connections: BTreeSet<usize> = self.cells.iter().map(|cell| cell.connections).collect();
        for connections in &connections {
            let _ = self.write_ratios(&mut text, *connections);
        }
        for connections in &connections {
            let _ = self.write_figures(&mut text, *connections);
        }
        let _ = self.write_servers(&mut text);
        text
    }

    /// Returns the operations in the order in which they were measured.
    fn operations(&self) -> Vec<&'static str> {
        let mut operations = Vec::new();
        for Cell { operation, .. } in &self.cells {
            if !operations.contains(operation) {
                operations.push(*operation);
            }
        }
        operations
    }

    fn cell(&self, server: &str, operation: &str, connections: usize) -> Option<&Cell> {
        let is_it =
            |cell: &&Cell| (cell.server.as_str(), cell.operation, cell.connections) == (server, operation, connections);
        self.cells.iter().find(is_it)
    }

    /// Returns the pairs of servers that are compared: each with all that come after it.
    fn pairs(&self) -> Vec<(&str, &str)> {
        let names: Vec<&str> = self.servers.iter().map(|figures| figures.server.as_str()).collect();
        let mut pairs = Vec::new();
        for (index, one) in names.iter().enumerate() {
            pairs.extend(names[index + 1..].iter().map(|other| (*one, *other)));
        }
        // Not the baselines with each other.
        pairs.retain(|pair| *pair != ("native", "node"));
        pairs
    }

    fn write_ratios(&self, text: &mut String, connections: usize) -> fmt::Result {
        let pairs = self.pairs();
        let title = format!("times as many a second, at {connections} connections");
        write_head(text, &title, pairs.iter().map(|(one, other)| format!("{one} : {other}")))?;
        for operation in self.operations() {
            let ratio = |(one, other): &(&str, &str)| {
                let (one, other) = (self.cell(one, operation, connections)?, self.cell(other, operation, connections)?);
                Some(format!("{:.2}", one.per_second / other.per_second))
            };
            write_row(text, operation, pairs.iter().map(ratio))?;
        }
        Ok(())
    }

    fn write_figures(&self, text: &mut String, connections: usize) -> fmt::Result {
        let title = format!("a second (p50, p95), at {connections} connections");
        write_head(text, &title, self.servers.iter().map(|figures| figures.server.clone()))?;
        for operation in self.operations() {
            let figure = |figures: &ServerFigures| {
                let Cell { per_second, latency, .. } = self.cell(&figures.server, operation, connections)?;
                let latency =
                    latency.map(|Quantiles { p50_ms, p95_ms, .. }| format!(" ({p50_ms:.1} ms, {p95_ms:.1} ms)"));
                Some(format!("{per_second:.0}{}", latency.unwrap_or_default()))
            };
            write_row(text, operation, self.servers.iter().map(figure))?;
        }
        Ok(())
    }

    fn write_servers(&self, text: &mut String) -> fmt::Result {
        write_head(text, "servers", ["start", "memory idle", "memory after the load"].map(str::to_owned).into_iter())?;
        for ServerFigures { server, start_ms, idle_mb, loaded_mb } in &self.servers {
            let figures = [format!("{start_ms:.0} ms"), format!("{idle_mb:.0} MB"), format!("{loaded_mb:.0} MB")];
            write_row(text, server, figures.map(Some).into_iter())?;
        }
        Ok(())
    }
}

fn write_head(text: &mut String, title: &str, columns: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let rule = "---|".repeat(columns.len() + 1);
    writeln!(text)?;
    write_row(text, title, columns.map(Some))?;
    writeln!(text, "|{rule}")
}

/// Writes a row; nothing if it has no figure.
fn write_row(text: &mut String, name: &str, figures: impl Iterator<Item = Option<String>>) -> fmt::Result {
    let figures: Vec<_> = figures.collect();
    if figures.iter().all(Option::is_none) {
        return Ok(());
    }
    write!(text, "| {name} |")?;
    figures.into_iter().try_for_each(|figure| write!(text, " {} |", figure.unwrap_or_default()))?;
    writeln!(text)
}
