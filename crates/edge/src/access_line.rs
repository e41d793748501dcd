//! The access line: one log line for each request, in the names of OpenTelemetry's semantic conventions (docs/logs.md).

use crate::client_address;
use crate::route::HandlerResult;
use http::header::{CACHE_CONTROL, LOCATION, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Problem;
use spindle_platform::client::REQUEST_ID;
use spindle_platform::http::{Request, Response, is_streamed, problem_response};
use spindle_platform::log::Level;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

/// The methods that a line names. A client can make up any number of others.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::CONNECT,
    Method::TRACE,
];

/// The access line of a request.
pub(crate) struct AccessLine {
    start: Duration,
    method: Method,
    path: String,
    peer: Option<IpAddr>,
    /// The kind of the problem that the response is.
    problem: Option<&'static str>,
    /// The path of the route that the request matched, with its parameters as `{name}`.
    pub(crate) route: Option<Cow<'static, str>>,
    /// The number of requests that the client has left in its window.
    pub(crate) remaining: Option<i64>,
}

impl AccessLine {
    pub(crate) fn begin(platform: &Platform, request: &Request) -> Self {
        // The query may hold personal data (`?email=`), so the line has the path alone.
        Self {
            start: platform.unix_time(),
            method: request.method().clone(),
            path: request.path().to_owned(),
            peer: client_address::peer(request),
            problem: None,
            route: None,
            remaining: None,
        }
    }

    /// Turns `result` into the response.
    pub(crate) fn finish(&mut self, context: &Context, result: HandlerResult) -> Response {
        let mut response = result.unwrap_or_else(|problem| {
            log_cause(context, &problem);
            self.problem = Some(problem.kind.name());
            problem_response(&problem, &self.path, context.request_id())
        });
        add_common_headers(&mut response, context);
        response
    }

    pub(crate) fn write(self, context: &Context, response: &Response, log_at_debug: bool) {
        // 503 means that a dependency fails, and the log has a line with the cause.
        let is_routine = response.status().is_success() || response.status() == StatusCode::SERVICE_UNAVAILABLE;
        let method = if METHODS.contains(&self.method) { self.method.as_str() } else { "_OTHER" };
        let (span, parent) = context.span_ids(self.start);
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let subject = context.subject();
        let links: Vec<Value> = context.take_links().into_iter().map(TraceContext::to_link).collect();
        let mut fields: Vec<(&str, Value)> = vec![
            ("span_id", span.into()),
            ("http.request.method", method.into()),
            ("url.path", self.path.into()),
            ("http.response.status_code", response.status().as_u16().into()),
            // The length of a streamed body is not known yet.
            ("http.response.body.size", (!is_streamed(response)).then(|| response.body().len()).into()),
            ("http.server.request.duration", context.seconds_since(self.start).into()),
        ];
        let optional = [
            ("parent_span_id", parent.map(Value::from)),
            ("links", (!links.is_empty()).then(|| links.into())),
            ("http.route", self.route.map(Value::from)),
            ("error.type", self.problem.map(Value::from)),
            // The path of the resource that the request has created: the only header with an id and no more.
            ("http.response.header.location", header(LOCATION.as_str()).map(|location| json!([location]))),
            ("user.id", subject.map(|subject| subject.user.to_string().into())),
            ("rate_limit.remaining", self.remaining.map(Value::from)),
            // Only a service with a cache sets this header.
            ("cache", header("cache-status").map(Value::from)),
            ("network.peer.address", self.peer.map(|peer| peer.to_string().into())),
        ];
        fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        context.log(if log_at_debug && is_routine { Level::Debug } else { Level::Info }, "request", &fields);
    }
}

fn log_cause(context: &Context, problem: &Problem) {
    if let Some(cause) = &problem.cause {
        let level = if problem.kind.status() >= 500 { Level::Error } else { Level::Warn };
        context.log(
            level,
            "request refused",
            &[("error.type", problem.kind.name().into()), ("cause", cause.as_str().into())],
        );
    }
}

/// Adds the headers of every response.
fn add_common_headers(response: &mut Response, context: &Context) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(context.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A response that may be cached has its own `Cache-Control`.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
