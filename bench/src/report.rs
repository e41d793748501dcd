//! The figures, as tables and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::edge::{Edge, Parts};
use crate::load::{Latency, Outcome};
use crate::login::{Logins, Slowdown};
use crate::machine::Machine;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) seconds_per_run: f64,
    pub(crate) runs: usize,
    pub(crate) cold_start_ms: f64,
    pub(crate) warm_start_ms: f64,
    pub(crate) idle_memory_mb: f64,
    /// Until the logins.
    pub(crate) peak_memory_mb: f64,
    /// With them: each takes 19 MiB for its hash.
    pub(crate) login_peak_memory_mb: f64,
    pub(crate) cells: Vec<Cell>,
    pub(crate) logins: Vec<Logins>,
    pub(crate) slowdown: Slowdown,
    pub(crate) edge: Edge,
    pub(crate) edge_parts_ms: Parts,
}

/// One operation of one server at one number of connections: the median run.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) server: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) connections: usize,
    pub(crate) requests_per_second: f64,
    #[serde(flatten)]
    pub(crate) took: Quantiles,
}

/// How long answers took.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names in the JSON say their unit")]
pub(crate) struct Quantiles {
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Quantiles {
    /// Those of `latency`.
    pub(crate) fn of(latency: &Latency) -> Self {
        let quantile = |quantile| millis(latency.value_at_quantile(quantile));
        Self { p50_ms: quantile(0.5), p95_ms: quantile(0.95), p99_ms: quantile(0.99) }
    }
}

impl Cell {
    /// The run in the middle of `runs`, by throughput.
    pub(crate) fn median(
        server: &'static str,
        operation: &'static str,
        connections: usize,
        mut runs: Vec<Outcome>,
    ) -> Option<Self> {
        runs.sort_by(|one, other| one.requests_per_second.total_cmp(&other.requests_per_second));
        let run = runs.get(runs.len() / 2)?;
        let (requests_per_second, took) = (run.requests_per_second, Quantiles::of(&run.latency));
        Some(Self { server, operation, connections, requests_per_second, took })
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

/// Milliseconds of nanoseconds.
pub(crate) fn millis(nanos: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no answer takes 2^53 nanoseconds")]
    let nanos = nanos as f64;
    nanos / 1e6
}

impl Report {
    /// The tables, with the aims beside the figures they are for.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("\n{}\n", self.machine.text());
        // Writing to a String never fails.
        let _ = self.write_start(&mut text);
        let _ = self.write_cells(&mut text);
        let _ = self.write_logins(&mut text);
        let _ = self.write_edge(&mut text);
        text
    }

    fn write_start(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "median of {} runs of {} s; keep-alive, closed loop\n", self.runs, self.seconds_per_run)?;
        writeln!(text, "cold start   {:8.0} ms  (empty code cache, until /healthz answers)", self.cold_start_ms)?;
        writeln!(text, "warm start   {:8.0} ms  (aim: under 1000)", self.warm_start_ms)?;
        writeln!(text, "memory idle  {:8.0} MB  (aim: under 120)", self.idle_memory_mb)?;
        writeln!(text, "memory peak  {:8.0} MB  (with logins {:.0})\n", self.peak_memory_mb, self.login_peak_memory_mb)
    }

    fn write_cells(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "server   operation  conns   requests/s    p50 ms    p95 ms    p99 ms")?;
        for Cell { server, operation, connections, requests_per_second, took } in &self.cells {
            let Quantiles { p50_ms, p95_ms, p99_ms } = took;
            writeln!(
                text,
                "{server:<8} {operation:<10} {connections:>5} {requests_per_second:>12.0} {p50_ms:>9.2} {p95_ms:>9.2} {p99_ms:>9.2}"
            )?;
        }
        writeln!(text)?;
        for (connections, ratio) in self.ratios() {
            writeln!(
                text,
                "one user read at {connections} connections: 1/{ratio:.1} of the native twin (aim: no less than 1/6)"
            )?;
        }
        writeln!(text)
    }

    fn write_logins(&self, text: &mut String) -> std::fmt::Result {
        for Logins { at_once, logins, took: Quantiles { p50_ms, p95_ms, .. } } in &self.logins {
            write!(text, "login, {at_once:>2} at once: p50 {p50_ms:.0} ms, p95 {p95_ms:.0} ms, of {logins}")?;
            writeln!(text, "{}", if *at_once > 1 { " (aim: p95 at most 2500)" } else { "" })?;
        }
        let Slowdown { reads_per_second, connections, logins_at_once, alone, during_logins, login_p50_ms } =
            &self.slowdown;
        writeln!(
            text,
            "\n{reads_per_second} user reads a second on {connections} connections   p50 ms    p95 ms    p99 ms"
        )?;
        for (name, took) in
            [("alone".to_owned(), alone), (format!("with {logins_at_once} logins at once"), during_logins)]
        {
            let Quantiles { p50_ms, p95_ms, p99_ms } = took;
            writeln!(text, "  {name:<38} {p50_ms:>7.2} {p95_ms:>9.2} {p99_ms:>9.2}")?;
        }
        let slower = (during_logins.p50_ms / alone.p50_ms - 1.0) * 100.0;
        let slower_p95 = (during_logins.p95_ms / alone.p95_ms - 1.0) * 100.0;
        writeln!(
            text,
            "  slower by {slower:.0} % at p50 and {slower_p95:.0} % at p95 (aim: at most 20 %); a login took {login_p50_ms:.0} ms"
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
            writeln!(text, "  {:<17} {:>8.3} {:>9.3}", variant.name, variant.took.p50_ms, variant.took.p95_ms)?;
        }
        let Parts { all, ratio, token_check, rate_limit, rest, store, line, first_sight } = &self.edge_parts_ms;
        writeln!(
            text,
            "the edge adds {all:.3} ms at p50 (aim: less than 0.4): the read takes {ratio:.2} times as long"
        )?;
        writeln!(text, "  token check  {token_check:6.3} ms  ({first_sight:.3} when it sees the token first)")?;
        writeln!(text, "  rate limit   {rate_limit:6.3} ms")?;
        writeln!(text, "  the rest     {rest:6.3} ms  (its store {store:.3}, the access line {line:.3})")
    }

    /// How many times as many reads the twin serves, by number of connections.
    fn ratios(&self) -> Vec<(usize, f64)> {
        let of =
            |server: &'static str| self.cells.iter().filter(move |c| c.server == server && c.operation == "user read");
        of("spindle")
            .filter_map(|own| {
                let twin = of("twin").find(|twin| twin.connections == own.connections)?;
                Some((own.connections, twin.requests_per_second / own.requests_per_second))
            })
            .collect()
    }
}
