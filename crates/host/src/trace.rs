//! The trace of guests, for tests that count what a request costs: with `RUST_LOG=guest=trace`, each run of a guest has its own span, in which its
//! statements and its requests are events. The calls of the generated interfaces (`wit-bindgen import`) are events in the same span.

use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{Instrument as _, Span, trace_span};

/// The target of these spans and events.
pub(crate) const TARGET: &str = "guest";

/// Returns the span of a new run of `component` for the work that `work` names.
pub(crate) fn span(component: &str, work: impl FnOnce() -> String) -> Span {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    if !tracing::enabled!(target: TARGET, tracing::Level::TRACE) {
        return Span::none();
    }
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    // Not below that of its caller: each event is work of one run.
    trace_span!(target: TARGET, parent: None, "guest", run, component, work = work())
}

/// Traces the beginning and the end of `run` in `span`.
pub(crate) async fn traced<T>(span: Span, run: impl Future<Output = T>) -> T {
    async {
        tracing::trace!(target: TARGET, "begins");
        let output = run.await;
        tracing::trace!(target: TARGET, "ends");
        output
    }
    .instrument(span)
    .await
}
