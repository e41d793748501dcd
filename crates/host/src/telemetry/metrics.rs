//! The metrics that are made of lines.

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::Meanings;
use super::line::Line;

/// The upper limits of the buckets of a duration, in seconds. `observability/collector-spin.yaml` has the same.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The most series of all these metrics. The values of labels are enumerations of the components, far fewer than this; but the text of a line is a
/// component's own, and a provider may be anybody's.
pub(super) const MAX_SERIES: usize = 4096;

/// The metrics of requests and of failures.
#[derive(Clone)]
pub(crate) struct LineMetrics {
    durations: Family<RequestLabels, Histogram, fn() -> Histogram>,
    cache: Family<CacheLabels, Counter>,
    failures: Family<FailureLabels, Counter>,
    series: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    service_name: String,
    http_route: Option<String>,
    http_request_method: String,
    http_response_status_code: u16,
    error_type: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheLabels {
    service_name: String,
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FailureLabels {
    service_name: String,
    level: &'static str,
    message: String,
}

impl LineMetrics {
    /// Creates the metrics, and adds them to `registry`.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let meanings = Meanings::read();
        let durations = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let cache = Family::default();
        let failures = Family::default();
        // A registry adds the period itself.
        let help = |metric: &str| meanings.of(metric).trim_end_matches('.').to_owned();
        let (duration, requests) = ("http_server_request_duration", "spindle_cache_requests");
        registry.register_with_unit(duration, help(&format!("{duration}_seconds")), Unit::Seconds, durations.clone());
        registry.register(requests, help(requests), cache.clone());
        let lines = "spindle_log_lines";
        registry.register(lines, help(lines), failures.clone());
        Self { durations, cache, failures, series: 0 }
    }

    /// Counts a line of `component`: its request, if it is an access line, and its failure, if it reports one.
    pub(super) fn observe(&mut self, component: &str, line: &Line<'_>) {
        self.observe_request(component, line);
        let level = match &*line.level {
            "warn" => "warn",
            "error" => "error",
            _ => return,
        };
        let labels = FailureLabels { service_name: component.to_owned(), level, message: line.message.to_string() };
        if let Some(count) = self.failures.get(&labels) {
            count.inc();
        } else if self.series < MAX_SERIES {
            self.series += 1;
            self.failures.get_or_create(&labels).inc();
        }
    }

    fn observe_request(&mut self, component: &str, line: &Line<'_>) {
        let (Some(method), Some(status), Some(duration)) = (&line.method, line.status, line.duration) else { return };
        let labels = RequestLabels {
            service_name: component.to_owned(),
            http_route: line.route.as_deref().map(str::to_owned),
            http_request_method: method.clone().into_owned(),
            http_response_status_code: status,
            error_type: line.error_type.as_deref().map(str::to_owned),
        };
        if let Some(durations) = self.durations.get(&labels) {
            durations.observe(duration);
        } else if self.series < MAX_SERIES {
            self.series += 1;
            self.durations.get_or_create(&labels).observe(duration);
        }
        if let Some(status) = line.cache.as_deref() {
            let labels = CacheLabels { service_name: component.to_owned(), result: cache_result(status) };
            self.cache.get_or_create(&labels).inc();
        }
    }
}

/// Returns the result in a `Cache-Status` (RFC 9211): `spindle; hit`, or `spindle; fwd=` and the reason.
fn cache_result(status: &str) -> &'static str {
    if status.contains("hit") {
        "hit"
    } else if status.contains("fwd=bypass") {
        "bypass"
    } else {
        "miss"
    }
}

impl fmt::Debug for LineMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineMetrics").field("series", &self.series).finish_non_exhaustive()
    }
}
