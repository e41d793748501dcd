//! The listener of metrics: `GET /metrics` in the format of OpenMetrics 1.0.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::accept_failed;
use crate::counters::ComponentCounters;
use crate::runtime::Runtime;
use crate::telemetry::Meanings;

/// The media type of OpenMetrics.
const OPENMETRICS: HeaderValue = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The time that a scraper may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// A listener that serves the metrics until it is dropped.
#[derive(Debug)]
pub(crate) struct MetricsServer {
    addr: SocketAddr,
    task: JoinHandle<()>,
}

impl MetricsServer {
    /// Serves `registry`, and what `runtime` does, on `listener`.
    ///
    /// # Errors
    ///
    /// If the address of the listener cannot be read.
    pub(crate) fn start(listener: TcpListener, mut registry: Registry, runtime: Arc<Runtime>) -> Result<Self> {
        let addr = listener.local_addr().context("cannot read the address of the metrics")?;
        registry.register_collector(Box::new(HostMetrics { runtime, meanings: Meanings::read() }));
        let task = tokio::spawn(serve(listener, Arc::new(registry)));
        Ok(Self { addr, task })
    }

    /// Returns the address being served, with the real port.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for MetricsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, registry: Arc<Registry>) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                accept_failed(&error).await;
                continue;
            }
        };
        let registry = Arc::clone(&registry);
        let service = service_fn(move |request| {
            let registry = Arc::clone(&registry);
            async move { Ok::<_, Infallible>(respond(&request, &registry)) }
        });
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        // A scraper that hangs up is normal.
        tokio::spawn(protocol.serve_connection(TokioIo::new(stream), service));
    }
}

fn respond(request: &Request<Incoming>, registry: &Registry) -> Response<String> {
    let mut response = Response::new(String::new());
    if request.uri().path() != "/metrics" {
        *response.status_mut() = StatusCode::NOT_FOUND;
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    } else {
        response.headers_mut().insert(CONTENT_TYPE, OPENMETRICS);
        text::encode(response.body_mut(), registry).expect("a string takes any text");
    }
    response
}

/// The metrics of the host's work, read at each scrape.
struct HostMetrics {
    runtime: Arc<Runtime>,
    meanings: Meanings,
}

impl Collector for HostMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Self { runtime, .. } = self;
        let counts = runtime.counts();
        let (in_flight, queued) = runtime.load();
        let (in_use, idle) = runtime.sql_connections();
        for (name, requests) in
            [("spindle_host_requests_in_flight", in_flight), ("spindle_host_requests_queued", queued)]
        {
            ConstGauge::new(requests).encode(self.begin(&mut encoder, name, None, MetricType::Gauge)?)?;
        }
        if let Some(memory) = memory_stats::memory_stats() {
            let bytes = ConstGauge::new(memory.physical_mem as u64);
            bytes.encode(self.begin(&mut encoder, "spindle_host_memory", Some(&Unit::Bytes), MetricType::Gauge)?)?;
        }
        let mut family = self.begin(&mut encoder, "spindle_host_sql_connections", None, MetricType::Gauge)?;
        for (state, connections) in [("in_use", in_use), ("idle", idle)] {
            ConstGauge::new(connections).encode(family.encode_family(&[("state", state)])?)?;
        }
        let waited = ConstCounter::new(counts.lock_wait_time.as_secs_f64());
        waited.encode(self.begin(
            &mut encoder,
            "spindle_host_lock_wait",
            Some(&Unit::Seconds),
            MetricType::Counter,
        )?)?;
        let mut family = self.begin(&mut encoder, "spindle_host_failures", None, MetricType::Counter)?;
        for (kind, failures) in [("error", counts.failures), ("timeout", counts.timeouts)] {
            ConstCounter::new(failures).encode(family.encode_family(&[("kind", kind)])?)?;
        }
        self.per_component(&mut encoder)
    }
}

/// A metric of each component: its name, its type and its counter.
type ComponentMetric = (&'static str, MetricType, fn(&ComponentCounters) -> &AtomicU64);

/// The metrics that each component has.
const COMPONENT_METRICS: [ComponentMetric; 5] = [
    ("spindle_host_instances", MetricType::Gauge, |counters| &counters.instances),
    ("spindle_host_calls", MetricType::Counter, |counters| &counters.calls),
    ("spindle_host_sql_statements", MetricType::Counter, |counters| &counters.statements),
    ("spindle_host_commits", MetricType::Counter, |counters| &counters.commits),
    ("spindle_host_instructions", MetricType::Counter, |counters| &counters.instructions),
];

impl HostMetrics {
    /// Writes the head of a metric, whose name gets its unit.
    fn begin<'a>(
        &self,
        encoder: &'a mut DescriptorEncoder<'_>,
        name: &'a str,
        unit: Option<&'a Unit>,
        metric_type: MetricType,
    ) -> Result<MetricEncoder<'a>, fmt::Error> {
        let full_name = unit.map_or(name.to_owned(), |unit| format!("{name}_{}", unit.as_str()));
        encoder.encode_descriptor(name, self.meanings.of(&full_name), unit, metric_type)
    }

    fn per_component(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        for (name, metric_type, counter) in COMPONENT_METRICS {
            let mut family = self.begin(encoder, name, None, metric_type)?;
            for component in self.runtime.components() {
                let value = counter(&component.rights.counters).load(Ordering::Relaxed);
                let label = [("service_name", &*component.id)];
                let encoder = family.encode_family(&label)?;
                match metric_type {
                    MetricType::Gauge => ConstGauge::new(value).encode(encoder)?,
                    _ => ConstCounter::new(value).encode(encoder)?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for HostMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostMetrics").finish_non_exhaustive()
    }
}
