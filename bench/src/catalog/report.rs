//! The figures of the catalog, as tables and as JSON.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::calls::Calls;
use crate::environment::Environment;
use crate::report::{Cell, Quantiles};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) environment: Environment,
    pub(super) seconds_per_run: f64,
    pub(super) runs: usize,
    /// Requests a second at the fixed rate.
    pub(super) rate: u32,
    /// The reason why the baseline on Node is missing.
    pub(super) without_node: Option<String>,
    pub(super) rows: Vec<Row>,
}

/// A read of one server on a catalog of one size.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) products: u32,
    pub(super) operation: &'static str,
    pub(super) server: &'static str,
    pub(super) cells: Vec<Cell>,
    /// At the fixed rate.
    pub(super) paced: Option<Quantiles>,
    /// The most frequent `Cache-Status` of the responses, and its percentage.
    pub(super) cache: Option<String>,
    /// The host calls of a request.
    pub(super) calls: Option<Calls>,
}

/// The target of a read at the fixed rate, at p95, in milliseconds.
const TARGET_MS: f64 = 5.0;

/// The target of a search on the large catalog, as a multiple of its time on the small one.
const TARGET_GROWTH: f64 = 3.0;

impl Report {
    /// Returns the tables, with the targets beside their figures.
    pub(super) fn text(&self) -> String {
        let mut text = format!("\n{}\n", self.environment.text());
        // Writing to a String never fails.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "median of {} runs of {} s; keep-alive, closed loop", self.runs, self.seconds_per_run)?;
        if let Some(reason) = &self.without_node {
            writeln!(text, "without the Node baseline: {reason}")?;
        }
        let mut products = 0;
        let mut operation = "";
        for row in &self.rows {
            if row.products != products {
                products = row.products;
                self.write_head(text, products)?;
            }
            if row.operation != operation {
                operation = row.operation;
                writeln!(text, "{operation}")?;
            }
            row.write(text)?;
        }
        self.write_calls(text)?;
        self.write_growth(text)?;
        self.write_targets(text)
    }

    fn write_head(&self, text: &mut String, products: u32) -> fmt::Result {
        write!(text, "\n{products} products  ")?;
        for connections in self.rows.first().into_iter().flat_map(|row| &row.cells).map(|cell| cell.connections) {
            write!(text, "| {connections:>3} conns: /s    p50    p95    p99 ")?;
        }
        writeln!(text, "| at {}/s: p50    p95    p99 | cache", self.rate)
    }

    fn write_calls(&self, text: &mut String) -> fmt::Result {
        if self.rows.iter().all(|row| row.calls.is_none()) {
            return writeln!(
                text,
                "\nno counts of host calls: the interfaces of this host do not trace (crates/host/src/bindings.rs)"
            );
        }
        writeln!(text, "\nhost calls of a request       all   SQL   key-value")?;
        for row in &self.rows {
            let Some(Calls { all, sql, key_value }) = row.calls else { continue };
            writeln!(
                text,
                "{:>7} {:<15} {:<12} {all:5.1} {sql:5.1} {key_value:5.1}",
                row.products, row.operation, row.server
            )?;
        }
        Ok(())
    }

    /// Writes the time of each read on the largest catalog as a multiple of its time on the smallest, at the fixed rate.
    fn write_growth(&self, text: &mut String) -> fmt::Result {
        let (Some(small), Some(large)) = (self.rows.first(), self.rows.last()) else { return Ok(()) };
        writeln!(text, "\nfrom {} to {} products, p95 at {}/s grows by", small.products, large.products, self.rate)?;
        for row in self.rows.iter().filter(|row| row.products == small.products) {
            let same = |other: &&Row| {
                (other.products, other.operation, other.server) == (large.products, row.operation, row.server)
            };
            let Some(other) = self.rows.iter().find(same) else { continue };
            if let (Some(one), Some(other)) = (&row.paced, &other.paced) {
                let growth = other.p95_ms / one.p95_ms;
                let has_target = row.server == "spindle" && row.operation.starts_with("search");
                let target = if has_target { format!("  (target: under {TARGET_GROWTH})") } else { String::new() };
                writeln!(text, "  {:<15} {:<12} {growth:5.1} times{target}", row.operation, row.server)?;
            }
        }
        writeln!(text)
    }

    fn write_targets(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "the baselines cache no responses: compare their lists with those of \"spindle, off\"")?;
        for row in self.rows.iter().filter(|row| row.server.starts_with("spindle")) {
            let Some(paced) = &row.paced else { continue };
            let Row { products, operation, server, .. } = row;
            let slow = if paced.p95_ms < TARGET_MS { "" } else { "  MISSED" };
            write!(
                text,
                "{products:>7} {operation:<15} {server:<12} p95 {:6.2} ms (target: under {TARGET_MS}){slow}",
                paced.p95_ms
            )?;
            for baseline in ["native", "node"] {
                if let Some(ratio) = self.ratio(row, baseline) {
                    write!(text, "   {ratio:5.2} of the throughput of {baseline} at 16")?;
                }
            }
            writeln!(text)?;
        }
        Ok(())
    }

    /// Returns the throughput of the server of `row` as a multiple of that of the server `other`, at 16 connections.
    fn ratio(&self, row: &Row, other: &str) -> Option<f64> {
        let at_16 = |row: &Row| Some(row.cells.iter().find(|cell| cell.connections == 16)?.requests_per_second);
        let same = |one: &&Row| (one.products, one.operation, one.server) == (row.products, row.operation, other);
        Some(at_16(row)? / at_16(self.rows.iter().find(same)?)?)
    }
}

impl Row {
    fn write(&self, text: &mut String) -> fmt::Result {
        write!(text, "  {:<12}  ", self.server)?;
        for Cell { requests_per_second, latency: Quantiles { p50_ms, p95_ms, p99_ms }, .. } in &self.cells {
            write!(text, "  | {requests_per_second:>11.0} {p50_ms:>6.2} {p95_ms:>6.2} {p99_ms:>6.2} ")?;
        }
        if let Some(Quantiles { p50_ms, p95_ms, p99_ms }) = &self.paced {
            write!(text, "|      {p50_ms:>6.2} {p95_ms:>6.2} {p99_ms:>6.2}  ")?;
        }
        writeln!(text, "| {}", self.cache.as_deref().unwrap_or("-"))
    }
}
