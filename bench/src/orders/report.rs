//! The figures of orders, as text and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::calls::Calls;
use crate::environment::Environment;
use crate::report::Quantiles;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) environment: Environment,
    pub(super) closed_loop: Vec<ClosedLoop>,
    /// Orders a second, for `response` and `paid`.
    pub(super) rate: u32,
    pub(super) response: Quantiles,
    pub(super) paid: Quantiles,
    pub(super) bytes_per_order: i64,
    /// The host calls of one order, in all services, until its payment is captured.
    pub(super) calls: Calls,
    pub(super) backlog: Backlog,
}

/// Orders in a closed loop.
#[derive(Debug, Serialize)]
pub(super) struct ClosedLoop {
    pub(super) buyers: usize,
    pub(super) orders_per_second: f64,
    pub(super) response: Quantiles,
    pub(super) paid: Quantiles,
    /// Events that were pushed and handled, until the last payment was captured.
    pub(super) events_per_second: f64,
}

/// Orders whose events were processed by ticks alone.
#[derive(Debug, Serialize)]
pub(super) struct Backlog {
    pub(super) orders: u32,
    pub(super) events: u32,
    pub(super) seconds: f64,
}

impl Report {
    /// Returns the tables, with the targets beside their figures.
    pub(super) fn text(&self) -> String {
        let mut text = format!("\n{}\n\n", self.environment.text());
        // Writing to a String never fails.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "buyers   orders/s   response: p50     p95     p99   paid: p50     p95     p99   events/s")?;
        for ClosedLoop { buyers, orders_per_second, response, paid, events_per_second } in &self.closed_loop {
            write!(text, "{buyers:>6} {orders_per_second:>10.0}        ")?;
            write!(text, "{:>8.2}{:>8.2}{:>8.2}", response.p50_ms, response.p95_ms, response.p99_ms)?;
            write!(text, "   {:>8.0}{:>8.0}{:>8.0}", paid.p50_ms, paid.p95_ms, paid.p99_ms)?;
            writeln!(text, " {events_per_second:>10.0}")?;
        }
        let Self { rate, response, paid, bytes_per_order, calls, backlog, .. } = self;
        writeln!(text, "\nat {rate} orders a second")?;
        writeln!(text, "  response p50 {:.1} ms, p95 {:.1} ms (target: under 25)", response.p50_ms, response.p95_ms)?;
        writeln!(text, "  paid     p50 {:.0} ms, p95 {:.0} ms (target: under 250)", paid.p50_ms, paid.p95_ms)?;
        writeln!(
            text,
            "\none order takes {bytes_per_order} bytes in the databases, and, in all services until its payment is captured,"
        )?;
        writeln!(
            text,
            "  {:.0} calls of the host: {:.0} of SQL, {:.0} of key-value",
            calls.all, calls.sql, calls.key_value
        )?;
        let Backlog { orders, events, seconds } = backlog;
        let per_second = f64::from(*events) / seconds;
        writeln!(
            text,
            "\nby ticks alone, {orders} orders were paid and captured in {seconds:.1} s: {per_second:.0} events a second"
        )
    }
}
