//! The figures of orders, as text and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::calls::Calls;
use crate::machine::Machine;
use crate::report::Quantiles;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) machine: Machine,
    pub(super) closed: Vec<Placed>,
    /// Orders a second for the two that follow.
    pub(super) rate: u32,
    pub(super) answer: Quantiles,
    pub(super) paid: Quantiles,
    pub(super) bytes_per_order: i64,
    /// Of one order, in all services, until its payment is captured.
    pub(super) calls: Calls,
    pub(super) backlog: Backlog,
}

/// Orders in a closed loop.
#[derive(Debug, Serialize)]
pub(super) struct Placed {
    pub(super) buyers: usize,
    pub(super) orders_per_second: f64,
    pub(super) answer: Quantiles,
    pub(super) paid: Quantiles,
    /// Pushed and handled, until the last payment was captured.
    pub(super) events_per_second: f64,
}

/// Orders that were paid by ticks alone.
#[derive(Debug, Serialize)]
pub(super) struct Backlog {
    pub(super) orders: u32,
    pub(super) events: u32,
    pub(super) seconds: f64,
}

impl Report {
    /// The tables, with the aims beside the figures they are for.
    pub(super) fn text(&self) -> String {
        let mut text = format!("\n{}\n\n", self.machine.text());
        // Writing to a String never fails.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "buyers   orders/s   answered: p50     p95     p99   paid: p50     p95     p99   events/s")?;
        for Placed { buyers, orders_per_second, answer, paid, events_per_second } in &self.closed {
            write!(text, "{buyers:>6} {orders_per_second:>10.0}        ")?;
            write!(text, "{:>8.2}{:>8.2}{:>8.2}", answer.p50_ms, answer.p95_ms, answer.p99_ms)?;
            write!(text, "   {:>8.0}{:>8.0}{:>8.0}", paid.p50_ms, paid.p95_ms, paid.p99_ms)?;
            writeln!(text, " {events_per_second:>10.0}")?;
        }
        let Self { rate, answer, paid, bytes_per_order, calls, backlog, .. } = self;
        writeln!(text, "\nat {rate} orders a second")?;
        writeln!(text, "  answered p50 {:.1} ms, p95 {:.1} ms (aim: under 25)", answer.p50_ms, answer.p95_ms)?;
        writeln!(text, "  paid     p50 {:.0} ms, p95 {:.0} ms (aim: under 250)", paid.p50_ms, paid.p95_ms)?;
        writeln!(
            text,
            "\none order takes {bytes_per_order} bytes in the databases, and of the host, in all services until its payment is captured,"
        )?;
        writeln!(text, "  {:.0} calls: {:.0} of SQL, {:.0} of key-value", calls.all, calls.sql, calls.key_value)?;
        let Backlog { orders, events, seconds } = backlog;
        let per_second = f64::from(*events) / seconds;
        writeln!(
            text,
            "\nby ticks alone, {orders} orders were paid and captured in {seconds:.1} s: {per_second:.0} events a second"
        )
    }
}
