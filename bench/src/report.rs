//! The figures, as a table and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::load::Outcome;
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
    pub(crate) peak_memory_mb: f64,
    pub(crate) cells: Vec<Cell>,
}

/// One operation of one server at one number of connections: the median run.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) server: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) connections: usize,
    pub(crate) requests_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
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
        let quantile = |quantile: f64| millis(run.latency.value_at_quantile(quantile));
        Some(Self {
            server,
            operation,
            connections,
            requests_per_second: run.requests_per_second,
            p50_ms: quantile(0.5),
            p95_ms: quantile(0.95),
            p99_ms: quantile(0.99),
        })
    }
}

fn millis(micros: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no answer takes 2^53 microseconds")]
    let micros = micros as f64;
    micros / 1000.0
}

impl Report {
    /// The table, with the aims beside the figures they are for.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("\n{}\n", self.machine.text());
        let _ = writeln!(text, "median of {} runs of {} s; keep-alive, closed loop\n", self.runs, self.seconds_per_run);
        let _ =
            writeln!(text, "cold start   {:8.0} ms  (empty code cache, until /healthz answers)", self.cold_start_ms);
        let _ = writeln!(text, "warm start   {:8.0} ms  (aim: under 1000)", self.warm_start_ms);
        let _ = writeln!(text, "memory idle  {:8.0} MB  (aim: under 120)", self.idle_memory_mb);
        let _ = writeln!(text, "memory peak  {:8.0} MB\n", self.peak_memory_mb);
        let _ = writeln!(text, "server   operation  conns   requests/s    p50 ms    p95 ms    p99 ms");
        for Cell { server, operation, connections, requests_per_second, p50_ms, p95_ms, p99_ms } in &self.cells {
            let _ = writeln!(
                text,
                "{server:<8} {operation:<10} {connections:>5} {requests_per_second:>12.0} {p50_ms:>9.2} {p95_ms:>9.2} {p99_ms:>9.2}"
            );
        }
        text.push('\n');
        for (connections, ratio) in self.ratios() {
            let _ = writeln!(
                text,
                "one user read at {connections} connections: 1/{ratio:.1} of the native twin (aim: no less than 1/6)"
            );
        }
        text
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
