//! The context of one request: everything that its handler may use.

use crate::backend::current;
use crate::client::Client;
use crate::config::Config;
use crate::http::{BodyWriter, Response, StreamError};
use crate::log::{Field, Level};
use crate::migrate::Migration;
use crate::token::service::Subject;
use crate::trace::TraceContext;
use crate::{Platform, bus, kv, log, sql};
use http::HeaderMap;
use spindle_contracts::Timestamp;
use std::cell::{OnceCell, RefCell};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;

/// The key-value prefix of keys that all services share.
pub(crate) const SHARED: &str = "shared";

/// The service that handles the request: the name and the schema of its stores.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The service's name: also its database's label, its prefix in key-value, and its name in logs and tokens.
    pub service: &'static str,
    /// The migrations of the service's database; empty if it has no database.
    pub migrations: &'static [Migration],
}

/// The platform as one request sees it: its identity, its stores and its clients.
#[derive(Clone, Debug)]
pub struct Context {
    platform: Platform,
    scope: Scope,
    request_id: String,
    /// The span of this service, or that of its caller, of which the first use of the trace makes a child.
    trace: TraceContext,
    span: Rc<OnceCell<TraceContext>>,
    source: Option<IpAddr>,
    subject: OnceCell<Subject>,
    log_level: OnceCell<Level>,
    log_name: Option<String>,
    kv_failure: kv::Failure,
    response_headers: RefCell<HeaderMap>,
    /// The spans that the request continues besides that of its caller.
    links: RefCell<Vec<TraceContext>>,
}

impl Context {
    /// Makes the context of the request `request_id` in `trace`, served by `scope`.
    pub fn new(platform: Platform, scope: Scope, request_id: String, trace: TraceContext) -> Self {
        let span = Rc::new(OnceCell::from(trace));
        Self { span, ..Self::continuing(platform, scope, request_id, trace) }
    }

    /// Makes the context of the request `request_id`, whose caller has the span `parent`. This service's span begins when it is first used: its
    /// random bytes cost a host call, and a request that neither calls a service nor publishes an event needs none.
    pub fn continuing(platform: Platform, scope: Scope, request_id: String, parent: TraceContext) -> Self {
        Self {
            platform,
            scope,
            request_id,
            trace: parent,
            span: Rc::default(),
            source: None,
            subject: OnceCell::new(),
            log_level: OnceCell::new(),
            log_name: None,
            kv_failure: kv::Failure::default(),
            response_headers: RefCell::default(),
            links: RefCell::default(),
        }
    }

    /// Sets the client's address.
    #[must_use]
    pub fn with_source(self, source: Option<IpAddr>) -> Self {
        Self { source, ..self }
    }

    /// Returns the same request with `name` as the service in its log lines, for a component that shares its service's name with others. `None`
    /// leaves the service's name.
    #[must_use]
    pub fn with_log_name(self, name: Option<String>) -> Self {
        Self { log_name: name, ..self }
    }

    /// Makes a context that continues the work of another request, with that request's id. In another trace it has a span of its own there, else that
    /// of this request. The user of the other request is not known.
    #[must_use]
    pub fn continue_request(&self, request_id: &str, traceparent: &str) -> Self {
        let (trace, span) = match TraceContext::parse(traceparent) {
            Some(parent) if !parent.is_in_trace_of(self.trace) => (parent, Rc::default()),
            _ => (self.trace, Rc::clone(&self.span)),
        };
        Self {
            request_id: request_id.to_owned(),
            trace,
            span,
            source: None,
            subject: OnceCell::new(),
            platform: self.platform.clone(),
            scope: self.scope,
            log_level: self.log_level.clone(),
            log_name: self.log_name.clone(),
            kv_failure: self.kv_failure.clone(),
            response_headers: RefCell::default(),
            links: RefCell::default(),
        }
    }

    /// Returns the name of the service that handles the request.
    pub fn service(&self) -> &'static str {
        self.scope.service
    }

    /// Returns the id in `X-Request-Id`, in every log line and on every call to another service.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Returns this service's span in the trace.
    pub fn trace(&self) -> TraceContext {
        *self.span.get_or_init(|| self.trace.child(self.random()))
    }

    /// Returns the ids of this service's span and of its caller's, for the access line of a request that arrived at `start`; `None` if the trace
    /// begins here. A span that nothing has used so far gets an id that is derived from that of its caller, the service, the request and `start`:
    /// random bytes cost a host call, and an id only has to differ from the others of its trace.
    pub fn span_ids(&self, start: Duration) -> (String, Option<String>) {
        let span = *self.span.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            (self.trace, self.scope.service, &self.request_id, start).hash(&mut hasher);
            self.trace.child(hasher.finish().to_be_bytes())
        });
        (span.span_id(), (span != self.trace).then(|| self.trace.span_id()))
    }

    /// Returns whether the work of `other`, a [continuation](Self::continue_request) of this request, belongs to a span of its own.
    #[must_use]
    pub fn has_another_span(&self, other: &Self) -> bool {
        !Rc::ptr_eq(&self.span, &other.span)
    }

    /// Adds the span of `traceparent` to those that this request continues besides its caller's: a link of OpenTelemetry. An invalid one is ignored.
    pub fn link(&self, traceparent: &str) {
        self.links.borrow_mut().extend(TraceContext::parse(traceparent));
    }

    /// Takes the spans that were linked.
    #[must_use]
    pub fn take_links(&self) -> Vec<TraceContext> {
        self.links.take()
    }

    /// Opens a connection to the service's database. The migrations are applied before its first statement.
    pub async fn sql(&self) -> Result<sql::Connection, sql::Error> {
        let session = self.platform.sql(self.scope.service).await?;
        Ok(sql::Connection::new(session, self.scope.migrations))
    }

    /// Returns the address of the client, or of the nearest proxy that is not trusted, if it is known.
    pub fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// Returns the user whose request this is, once the edge has set it.
    pub fn subject(&self) -> Option<Subject> {
        self.subject.get().copied()
    }

    /// Sets the user whose request this is, for calls to other services and for the audit log. Only the first call has an effect.
    pub fn set_subject(&self, subject: Subject) {
        self.subject.get_or_init(|| subject);
    }

    /// Sets headers of the response, whether it is a success or a problem. They replace those that the edge sets by itself.
    pub fn set_response_headers(&self, headers: HeaderMap) {
        self.response_headers.borrow_mut().extend(headers);
    }

    /// Takes the headers that were set for the response.
    #[must_use]
    pub fn take_response_headers(&self) -> HeaderMap {
        self.response_headers.take()
    }

    /// Opens the service's part of the key-value store `label`. Once a call on a store has failed, all further ones of this request fail as
    /// well, see [`kv::Store`].
    pub async fn kv(&self, label: &str) -> Result<kv::Store, kv::Error> {
        self.platform.kv(label, self.scope.service, self.kv_failure.clone()).await
    }

    /// Opens the part of the key-value store `label` that all services share.
    pub async fn shared_kv(&self, label: &str) -> Result<kv::Store, kv::Error> {
        self.platform.kv(label, SHARED, self.kv_failure.clone()).await
    }

    /// Returns the variables of this component in spin.toml.
    pub fn config(&self) -> Config<'_> {
        Config::new(&self.platform)
    }

    /// Returns a client for other services and for external servers.
    pub fn client(&self) -> Client<'_> {
        Client::new(self)
    }

    /// Publishes `message` on `channel` to the subscribers that are connected.
    pub async fn publish(&self, channel: &str, message: &[u8]) -> Result<(), bus::Error> {
        let address = self.config().get(bus::ADDRESS_VARIABLE)?;
        self.platform.backend.publish(&address, channel, message).await
    }

    /// Returns the current time, as of the last call that may have waited; see [`Platform::now`].
    pub fn now(&self) -> Timestamp {
        self.platform.now()
    }

    /// Returns the time since the Unix epoch, as of the last call that may have waited.
    pub fn unix_time(&self) -> Duration {
        self.platform.unix_time()
    }

    /// Returns the seconds since `start`, an earlier [`unix_time`](Self::unix_time), to the microsecond, and asks the clock for it. By the wall clock,
    /// which a line of the log needs anyway: a clock that is set in between changes the duration.
    pub fn seconds_since(&self, start: Duration) -> f64 {
        self.platform.refresh_time();
        let elapsed = self.platform.unix_time().saturating_sub(start);
        (elapsed.as_secs_f64() * 1e6).round() / 1e6
    }

    /// Returns `N` bytes from the system's random generator.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.platform.random()
    }

    /// Returns a new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        self.platform.new_id()
    }

    /// Runs `work` after the response is sent. It is lost if the process ends first, so it must be work that may be lost.
    pub fn after_response(&self, work: impl Future<Output = ()> + 'static) {
        self.platform.defer(Box::pin(work));
    }

    /// Returns `response` with the body that `write` writes after the head is sent. There is no `Content-Length`; if `write` fails, the client
    /// sees that the body is not complete, and the log has the reason. Not called for a HEAD.
    pub fn stream(
        &self,
        response: Response,
        write: impl AsyncFnOnce(BodyWriter) -> Result<(), StreamError> + 'static,
    ) -> Response {
        let context = self.clone();
        let work = async move |body: BodyWriter| {
            let result = write(body).await;
            if let Err(error) = &result {
                let level = if matches!(error, StreamError::Disconnected) { Level::Info } else { Level::Error };
                context.log(level, "response is not complete", &[("cause", error.to_string().into())]);
            }
            result.is_ok()
        };
        self.platform.stream(response, Box::new(|body| Box::pin(work(body))))
    }

    /// Awaits `work` for up to `timeout`. If it takes longer, returns `None`; the work continues after the response and its result is dropped.
    pub async fn with_timeout<T: 'static>(
        &self,
        timeout: Duration,
        work: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        let mut work = Box::pin(work);
        let result = current::http::with_timeout(&self.platform.backend, timeout, work.as_mut()).await;
        if result.is_none() {
            self.after_response(async move {
                work.await;
            });
        }
        result
    }

    /// Writes one line to the log, unless `level` is below the variable `log_level` (default `info`).
    pub fn log(&self, level: Level, message: &str, fields: &[Field<'_>]) {
        if level >= *self.log_level.get_or_init(|| Level::from_config(self.config())) {
            let context = log::LineContext {
                service: self.log_name.as_deref().unwrap_or(self.scope.service),
                request_id: &self.request_id,
                trace_id: &self.trace.trace_id(),
            };
            self.platform.write_log(&log::line(self.now(), level, &context, message, fields));
        }
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }
}
