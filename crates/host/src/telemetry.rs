//! Metrics and spans, derived from the access lines of the components (`docs/logs.md`): the host observes each line where it is written, on the thread
//! of the logs, so that no request waits for it.

mod line;
mod metrics;
mod spans;

#[cfg(test)]
mod tests;

pub(crate) use metrics::LineMetrics;
pub(crate) use spans::{SpanExport, start_export};

use std::collections::HashMap;

use spindle_metrics_schema::Schema;

use self::line::Line;
use self::spans::SpanQueue;

/// The meanings of metrics, as `observability/metrics.toml` has them.
#[derive(Debug)]
pub(crate) struct Meanings(HashMap<String, String>);

impl Meanings {
    /// Reads the list, which is compiled in.
    pub(crate) fn read() -> Self {
        let list = include_str!("../../../observability/metrics.toml");
        let schema = Schema::parse(list).expect("a test of the list parses it");
        Self(schema.metrics.into_iter().map(|metric| (metric.name, metric.help)).collect())
    }

    /// Returns the meaning of a metric, in sentences.
    pub(crate) fn of(&self, metric: &str) -> &str {
        self.0.get(metric).map_or("", String::as_str)
    }
}

/// Observes the lines of components.
#[derive(Debug)]
pub(crate) struct Observer {
    metrics: Option<LineMetrics>,
    spans: Option<SpanQueue>,
}

impl Observer {
    pub(crate) fn new(metrics: Option<LineMetrics>, spans: Option<SpanQueue>) -> Self {
        Self { metrics, spans }
    }

    /// Observes a line of `component`. Lines of another form, as a provider may print them, are passed over.
    pub(crate) fn observe(&mut self, component: &str, text: &[u8]) {
        let Ok(line) = serde_json::from_slice::<Line<'_>>(text) else { return };
        if let Some(metrics) = &mut self.metrics {
            metrics.observe(component, &line);
        }
        if let Some(spans) = &mut self.spans {
            spans.observe(component, &line, text);
        }
    }
}
