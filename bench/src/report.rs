//! The figures, as tables and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::edge::{Edge, Parts};
use crate::environment::Environment;
use crate::load::{Latency, LoadResult};
use crate::login::{Logins, Slowdown};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) environment: Environment,
    pub(crate) seconds_per_run: f64,
    pub(crate) runs: usize,
    pub(crate) cold_start_ms: f64,
    pub(crate) warm_start_ms: f64,
    pub(crate) idle_memory_mb: f64,
    /// Before the logins.
    pub(crate) peak_memory_mb: f64,
    /// With the logins, whose hashes take 19 MiB each.
    pub(crate) login_peak_memory_mb: f64,
    pub(crate) cells: Vec<Cell>,
    pub(crate) logins: Vec<Logins>,
    pub(crate) slowdown: Slowdown,
    pub(crate) edge: Edge,
    pub(crate) edge_parts_ms: Parts,
}

/// The median run of one operation of one server at one number of connections.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) server: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) connections: usize,
    pub(crate) requests_per_second: f64,
    #[serde(flatten)]
    pub(crate) latency: Quantiles,
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
        server: &'static str,
        operation: &'static str,
        connections: usize,
        mut runs: Vec<LoadResult>,
    ) -> Option<Self> {
        runs.sort_by(|one, other| one.requests_per_second.total_cmp(&other.requests_per_second));
        let run = runs.get(runs.len() / 2)?;
        let (requests_per_second, latency) = (run.requests_per_second, Quantiles::of(&run.latency));
        Some(Self { server, operation, connections, requests_per_second, latency })
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
    /// Returns the tables, with the targets beside their figures.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("\n{}\n", self.environment.text());
        // Writing to a String never fails.
        let _ = self.write_start(&mut text);
        let _ = self.write_cells(&mut text);
        let _ = self.write_logins(&mut text);
        let _ = self.write_edge(&mut text);
        text
    }

    fn write_start(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "median of {} runs of {} s; keep-alive, closed loop\n", self.runs, self.seconds_per_run)?;
        writeln!(text, "cold start   {:8.0} ms  (empty code cache, until /healthz responds)", self.cold_start_ms)?;
        writeln!(text, "warm start   {:8.0} ms  (target: under 1000)", self.warm_start_ms)?;
        writeln!(text, "memory idle  {:8.0} MB  (target: under 120)", self.idle_memory_mb)?;
        writeln!(text, "memory peak  {:8.0} MB  (with logins {:.0})\n", self.peak_memory_mb, self.login_peak_memory_mb)
    }

    fn write_cells(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "server   operation  conns   requests/s    p50 ms    p95 ms    p99 ms")?;
        for Cell { server, operation, connections, requests_per_second, latency } in &self.cells {
            let Quantiles { p50_ms, p95_ms, p99_ms } = latency;
            writeln!(
                text,
                "{server:<8} {operation:<10} {connections:>5} {requests_per_second:>12.0} {p50_ms:>9.2} {p95_ms:>9.2} {p99_ms:>9.2}"
            )?;
        }
        writeln!(text)?;
        for (connections, ratio) in self.ratios() {
            writeln!(
                text,
                "one user read at {connections} connections: 1/{ratio:.1} of the native baseline (target: no less than 1/6)"
            )?;
        }
        writeln!(text)
    }

    fn write_logins(&self, text: &mut String) -> std::fmt::Result {
        for Logins { concurrency, logins, latency: Quantiles { p50_ms, p95_ms, .. } } in &self.logins {
            write!(text, "login, {concurrency:>2} at once: p50 {p50_ms:.0} ms, p95 {p95_ms:.0} ms, of {logins}")?;
            writeln!(text, "{}", if *concurrency > 1 { " (target: p95 at most 2500)" } else { "" })?;
        }
        let Slowdown { reads_per_second, connections, concurrent_logins, alone, during_logins, login_p50_ms } =
            &self.slowdown;
        writeln!(
            text,
            "\n{reads_per_second} user reads a second on {connections} connections   p50 ms    p95 ms    p99 ms"
        )?;
        for (name, latency) in
            [("alone".to_owned(), alone), (format!("with {concurrent_logins} logins at once"), during_logins)]
        {
            let Quantiles { p50_ms, p95_ms, p99_ms } = latency;
            writeln!(text, "  {name:<38} {p50_ms:>7.2} {p95_ms:>9.2} {p99_ms:>9.2}")?;
        }
        let slower = (during_logins.p50_ms / alone.p50_ms - 1.0) * 100.0;
        let slower_p95 = (during_logins.p95_ms / alone.p95_ms - 1.0) * 100.0;
        writeln!(
            text,
            "  slower by {slower:.0} % at p50 and {slower_p95:.0} % at p95 (target: at most 20 %); a login took {login_p50_ms:.0} ms"
        )
    }

    fn write_edge(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "\na user read by the parts of the edge, 1 connection, {} requests each",
            self.edge.requests_each
        )?;
        writeln!(text, "                     p50 ms    p95 ms")?;
        for variant in self.edge.variants() {
            writeln!(text, "  {:<17} {:>8.3} {:>9.3}", variant.name, variant.latency.p50_ms, variant.latency.p95_ms)?;
        }
        let Parts { all, ratio, token_check, rate_limit, rest, store, access_line, new_token } = &self.edge_parts_ms;
        writeln!(
            text,
            "the edge adds {all:.3} ms at p50 (target: less than 0.4): the read takes {ratio:.2} times as long"
        )?;
        writeln!(text, "  token check  {token_check:6.3} ms  ({new_token:.3} for a token that is not cached)")?;
        writeln!(text, "  rate limit   {rate_limit:6.3} ms")?;
        writeln!(text, "  the rest     {rest:6.3} ms  (its store {store:.3}, the access line {access_line:.3})")
    }

    /// Returns the throughput of the baseline as a multiple of the application's, by number of connections.
    fn ratios(&self) -> Vec<(usize, f64)> {
        let of =
            |server: &'static str| self.cells.iter().filter(move |c| c.server == server && c.operation == "user read");
        of("spindle")
            .filter_map(|spindle| {
                let baseline = of("baseline").find(|baseline| baseline.connections == spindle.connections)?;
                Some((spindle.connections, baseline.requests_per_second / spindle.requests_per_second))
            })
            .collect()
    }
}
