//! Spans: made of lines, and sent to an OTLP receiver in batches.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, anyhow};
use hyper_rustls::HttpsConnectorBuilder;
use jiff::Timestamp;
use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    Sampler, SamplingDecision, ShouldSample as _, SpanData, SpanEvents, SpanExporter as _, SpanLinks,
};
use serde_json::Map;
use tokio::sync::{Notify, mpsc, oneshot};

use super::line::Line;
use crate::options::TraceOptions;

/// The spans that may wait. Further ones are dropped and counted: neither a request nor the log ever waits for a receiver.
const QUEUE: usize = 16_384;

/// The number of spans that are exported at once, however little time has passed.
const BATCH: usize = 512;

/// The time between two exports.
const INTERVAL: Duration = Duration::from_secs(1);

/// The time limit of one export.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The members of a line that are parts of a span itself, and not attributes.
const OWN_MEMBERS: [&str; 9] = [
    "http.server.request.duration",
    "level",
    "links",
    "messaging.process.duration",
    "parent_span_id",
    "service",
    "span_id",
    "trace_id",
    "ts",
];

/// The spans that wait for their export, each with its service. The export takes them once a second, and earlier only when they are many: to wake it for
/// each span cost a read half of its time.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    spans: Mutex<Vec<(Arc<str>, SpanData)>>,
    many: Notify,
    dropped: AtomicU64,
}

impl Waiting {
    fn add(&self, service: Arc<str>, span: SpanData) {
        let mut spans = self.spans();
        if spans.len() >= QUEUE {
            drop(spans);
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        spans.push((service, span));
        if spans.len() == BATCH {
            self.many.notify_one();
        }
    }

    /// Takes the spans, by service.
    pub(super) fn take(&self) -> HashMap<Arc<str>, Vec<SpanData>> {
        let mut by_service: HashMap<Arc<str>, Vec<SpanData>> = HashMap::new();
        for (service, span) in std::mem::take(&mut *self.spans()) {
            by_service.entry(service).or_default().push(span);
        }
        by_service
    }

    fn spans(&self) -> MutexGuard<'_, Vec<(Arc<str>, SpanData)>> {
        // No code panics while it holds this lock.
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes spans of lines, and leaves them for the export.
#[derive(Debug)]
pub(crate) struct SpanQueue {
    waiting: Arc<Waiting>,
    sampler: Sampler,
    components: HashMap<String, Arc<str>>,
}

/// The export of spans, which ends with this value.
#[derive(Clone, Debug)]
pub(crate) struct SpanExport(mpsc::Sender<oneshot::Sender<()>>);

/// Starts to export spans.
///
/// # Errors
///
/// If TLS cannot be set up, or a variable of OpenTelemetry, such as `OTEL_EXPORTER_OTLP_HEADERS`, is not valid.
pub(crate) fn start_export(options: &TraceOptions) -> Result<(SpanQueue, SpanExport)> {
    let mut endpoint = options.endpoint.clone();
    let path = format!("{}/v1/traces", endpoint.path().trim_end_matches('/'));
    endpoint.set_path(&path);
    let https = HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
        .context("cannot set up TLS for the export of spans")?
        .https_or_http()
        .enable_http1()
        .build();
    let exporters = Exporters {
        endpoint: endpoint.into(),
        client: HyperClient::new(https, TIMEOUT, None),
        by_service: HashMap::new(),
    };
    // So that a variable that is not valid is named at the start.
    exporters.exporter("spindle")?;
    let (flush, flushes) = mpsc::channel(1);
    let waiting = Arc::new(Waiting::default());
    tokio::spawn(export(Arc::clone(&waiting), flushes, exporters));
    Ok((SpanQueue::new(waiting, options.ratio), SpanExport(flush)))
}

impl SpanExport {
    /// Waits until every span queued so far is sent, or has failed.
    pub(crate) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.0.send(done).await.is_ok() {
            let _ = flushed.await;
        }
    }
}

impl SpanQueue {
    /// Returns a queue of the traces in `ratio`.
    pub(super) fn new(waiting: Arc<Waiting>, ratio: f64) -> Self {
        Self { waiting, sampler: Sampler::TraceIdRatioBased(ratio), components: HashMap::new() }
    }

    /// Queues the span of `line`, if it has one and its trace is among those that are sent.
    pub(super) fn observe(&mut self, component: &str, line: &Line<'_>, text: &[u8]) {
        let Ok(trace) = TraceId::from_hex(&line.trace_id) else { return };
        let sampled = self.sampler.should_sample(None, trace, "", &SpanKind::Server, &[], &[]);
        if line.span_id.is_none() || sampled.decision != SamplingDecision::RecordAndSample {
            return;
        }
        let Some(span) = span_data(line, text) else { return };
        let component = match self.components.get(component) {
            Some(component) => Arc::clone(component),
            None => Arc::clone(self.components.entry(component.to_owned()).or_insert(component.into())),
        };
        self.waiting.add(component, span);
    }
}

/// Returns the span of a line; `None` if it has none, or a malformed one.
pub(super) fn span_data(line: &Line<'_>, text: &[u8]) -> Option<SpanData> {
    let span_context = context(TraceId::from_hex(&line.trace_id).ok()?, span_id(line.span_id.as_deref())?);
    let seconds = line.duration.or(line.process_duration)?;
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    let end_time = SystemTime::from(line.ts.parse::<Timestamp>().ok()?);
    let members: Map<String, serde_json::Value> = serde_json::from_slice(text).ok()?;
    let (span_kind, name) = match &line.method {
        Some(method) => {
            (SpanKind::Server, line.route.as_ref().map_or(method.to_string(), |route| format!("{method} {route}")))
        }
        None => (SpanKind::Consumer, format!("process {}", line.kind.as_deref().unwrap_or("event"))),
    };
    let failed = line.status.map_or(matches!(&*line.level, "warn" | "error"), |status| status >= 500);
    let mut links = SpanLinks::default();
    links.links.extend(line.links.iter().filter_map(|link| {
        let trace = TraceId::from_hex(&link.trace_id).ok()?;
        Some(Link::with_context(context(trace, span_id(Some(&link.span_id))?)))
    }));
    Some(SpanData {
        span_context,
        parent_span_id: span_id(line.parent_span_id.as_deref()).unwrap_or(SpanId::INVALID),
        parent_span_is_remote: line.parent_span_id.is_some(),
        span_kind,
        name: name.into(),
        start_time: end_time.checked_sub(duration)?,
        end_time,
        attributes: members
            .into_iter()
            .filter(|(name, _)| !OWN_MEMBERS.contains(&name.as_str()))
            .filter_map(|(name, value)| Some(KeyValue::new(name, attribute(value)?)))
            .collect(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links,
        status: if failed { Status::error("") } else { Status::Unset },
        instrumentation_scope: InstrumentationScope::builder("spindle").build(),
    })
}

fn context(trace: TraceId, span: SpanId) -> SpanContext {
    SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::NONE)
}

fn span_id(hex: Option<&str>) -> Option<SpanId> {
    SpanId::from_hex(hex?).ok()
}

/// Returns the value of an attribute; `None` for null.
fn attribute(value: serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::Bool(value) => value.into(),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        serde_json::Value::String(text) => text.into(),
        serde_json::Value::Array(items) => {
            let items = items.iter().filter_map(|item| item.as_str()).map(|item| StringValue::from(item.to_owned()));
            Value::Array(Array::String(items.collect()))
        }
        object @ serde_json::Value::Object(_) => object.to_string().into(),
    })
}

type Https = hyper_rustls::HttpsConnector<hyper_util::client::legacy::connect::HttpConnector>;

/// The exporter of each service: OTLP has the name of a service in the resource, which an exporter has one of.
struct Exporters {
    endpoint: String,
    client: HyperClient<Https>,
    by_service: HashMap<Arc<str>, SpanExporter>,
}

impl Exporters {
    fn exporter(&self, service: &str) -> Result<SpanExporter> {
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(self.client.clone())
            .with_endpoint(&self.endpoint)
            .build()
            .map_err(|error| anyhow!("cannot export spans: {error}"))?;
        exporter.set_resource(&Resource::builder_empty().with_service_name(service.to_owned()).build());
        Ok(exporter)
    }

    async fn export(&mut self, service: Arc<str>, spans: Vec<SpanData>) -> Result<()> {
        if !self.by_service.contains_key(&service) {
            self.by_service.insert(Arc::clone(&service), self.exporter(&service)?);
        }
        Ok(self.by_service[&service].export(spans).await?)
    }
}

/// Exports the waiting spans, until the last [`SpanExport`] is gone.
async fn export(waiting: Arc<Waiting>, mut flushes: mpsc::Receiver<oneshot::Sender<()>>, mut exporters: Exporters) {
    let mut is_failing = false;
    loop {
        let flushed = tokio::select! {
            flush = flushes.recv() => match flush {
                Some(flush) => Some(flush),
                None => return,
            },
            () = waiting.many.notified() => None,
            () = tokio::time::sleep(INTERVAL) => None,
        };
        let by_service = waiting.take();
        let is_idle = by_service.is_empty();
        let mut failure = None;
        for (service, spans) in by_service {
            failure = exporters.export(service, spans).await.err().or(failure);
        }
        match &failure {
            // Once, and not for each batch.
            Some(error) if !is_failing => {
                tracing::warn!("spans are lost, since they cannot be exported to {}: {error:#}", exporters.endpoint);
            }
            None if is_failing && !is_idle => tracing::info!("spans are exported again"),
            _ => {}
        }
        is_failing = failure.is_some() || (is_idle && is_failing);
        let lost = waiting.dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(spans = lost, "spans come faster than they are exported; some were dropped");
        }
        if let Some(flushed) = flushed {
            let _ = flushed.send(());
        }
    }
}
