//! An OTLP receiver on this machine: the spans that a host exports.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base16ct::lower::encode_string;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span as ReceivedSpan;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;

use crate::{Recorded, Recorder};

/// A receiver of spans (OTLP over HTTP, protobuf).
#[derive(Debug)]
pub struct Receiver(Recorder);

/// A span that was received.
#[derive(Clone, Debug)]
pub struct Span {
    /// `service.name` of its resource.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Whether it handles an event, and not a request.
    pub is_consumer: bool,
    /// The id of its trace, in hexadecimal digits.
    pub trace_id: String,
    /// Its id.
    pub id: String,
    /// The id of its parent; empty if it has none.
    pub parent: String,
    /// The ids of the traces and spans that it links to.
    pub links: Vec<(String, String)>,
    /// Its beginning and its end, in nanoseconds since the Unix epoch.
    pub time: (u64, u64),
    /// Its attributes as text.
    pub attributes: BTreeMap<String, String>,
}

impl Receiver {
    /// Starts a receiver.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn start() -> Self {
        Self(Recorder::start(|_| (200, String::new())))
    }

    /// Returns the URL of the receiver, for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// Returns the spans received so far.
    ///
    /// # Panics
    ///
    /// If a request has another form than OTLP's.
    pub fn spans(&self) -> Vec<Span> {
        self.0.recorded().iter().flat_map(spans_of).collect()
    }

    /// Returns the spans of `trace_id` once `is_complete` says that all of them are there.
    ///
    /// # Panics
    ///
    /// After 30 seconds.
    pub fn wait_for(&self, trace_id: &str, is_complete: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let spans: Vec<Span> = self.spans().into_iter().filter(|span| span.trace_id == trace_id).collect();
            if is_complete(&spans) {
                return spans;
            }
            assert!(Instant::now() < deadline, "the trace is not complete: {spans:#?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn spans_of(request: &Recorded) -> Vec<Span> {
    assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/x-protobuf");
    let request = ExportTraceServiceRequest::decode(&*request.bytes).expect("a request of OTLP");
    let mut spans = Vec::new();
    for part in request.resource_spans {
        let resource = attributes(part.resource.expect("spans have a resource").attributes);
        let service = &resource["service.name"];
        spans.extend(part.scope_spans.into_iter().flat_map(|scope| scope.spans).map(|span| Span::new(service, span)));
    }
    spans
}

impl Span {
    fn new(service: &str, span: ReceivedSpan) -> Self {
        Self {
            service: service.to_owned(),
            is_consumer: span.kind() == SpanKind::Consumer,
            name: span.name,
            trace_id: encode_string(&span.trace_id),
            id: encode_string(&span.span_id),
            parent: encode_string(&span.parent_span_id),
            links: (span.links.iter())
                .map(|link| (encode_string(&link.trace_id), encode_string(&link.span_id)))
                .collect(),
            time: (span.start_time_unix_nano, span.end_time_unix_nano),
            attributes: attributes(span.attributes),
        }
    }
}

fn attributes(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: AnyValue| match value.value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    attributes.into_iter().filter_map(|attribute| Some((attribute.key, text(attribute.value?)))).collect()
}
