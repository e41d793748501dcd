//! What a handler holds while it serves one request.

use crate::backend::current;
use crate::client::Client;
use crate::config::Config;
use crate::log::{Field, Level};
use crate::migrate::{self, Migration};
use crate::token::service::Subject;
use crate::trace::TraceContext;
use crate::{Platform, bus, kv, log, sql};
use spindle_contracts::Timestamp;
use std::cell::OnceCell;
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// The prefix in key-value of what is no service's own.
const SHARED: &str = "shared";

/// The service that handles the request: what its own stores are called and look like.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The service's name: its database's label, its prefix in key-value, its name in logs and tokens.
    pub service: &'static str,
    /// The migrations of its database; none if it has no database.
    pub migrations: &'static [Migration],
}

/// One request's view of the platform: whose request it is and everything that it may touch.
#[derive(Clone, Debug)]
pub struct Context {
    platform: Platform,
    scope: Scope,
    request_id: String,
    trace: TraceContext,
    source: Option<IpAddr>,
    subject: OnceCell<Subject>,
    log_level: OnceCell<Level>,
}

impl Context {
    /// The context of the request `request_id` in `trace`, served by `scope`.
    pub fn new(platform: Platform, scope: Scope, request_id: String, trace: TraceContext) -> Self {
        Self { platform, scope, request_id, trace, source: None, subject: OnceCell::new(), log_level: OnceCell::new() }
    }

    /// The same request, known to come from `source`.
    #[must_use]
    pub fn from_source(self, source: Option<IpAddr>) -> Self {
        Self { source, ..self }
    }

    /// A context for work that another request began: with that request's id, and further along its trace. Whose request it was is not
    /// known any more.
    #[must_use]
    pub fn continuing(&self, request_id: &str, traceparent: &str) -> Self {
        let trace = TraceContext::parse(traceparent).map_or(self.trace, |trace| trace.child(self.random()));
        Self {
            request_id: request_id.to_owned(),
            trace,
            source: None,
            subject: OnceCell::new(),
            platform: self.platform.clone(),
            scope: self.scope,
            log_level: self.log_level.clone(),
        }
    }

    /// The name of the service that handles the request.
    pub fn service(&self) -> &'static str {
        self.scope.service
    }

    /// The id in `X-Request-Id`, in every log line and on every call to another service.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// This service's place in the trace.
    pub fn trace(&self) -> TraceContext {
        self.trace
    }

    /// A new connection to the service's own database, with its migrations applied.
    pub async fn sql(&self) -> Result<sql::Connection, sql::Error> {
        let connection = self.platform.sql(self.scope.service).await?;
        migrate::ensure(&connection, self.scope.migrations).await?;
        Ok(connection)
    }

    /// The address that the request comes from, as far as it is known: the client's, or the nearest proxy's that is not ours.
    pub fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// The user whose request this is, once the edge knows.
    pub fn subject(&self) -> Option<Subject> {
        self.subject.get().copied()
    }

    /// Says whose request this is, for calls to other services and for the audit log. Only the first to say so is heard.
    pub fn serve_subject(&self, subject: Subject) {
        self.subject.get_or_init(|| subject);
    }

    /// The service's keys in the store `label`.
    pub async fn kv(&self, label: &str) -> Result<kv::Store, kv::Error> {
        self.platform.kv(label, self.scope.service).await
    }

    /// The keys that all services share in the store `label`.
    pub async fn shared_kv(&self, label: &str) -> Result<kv::Store, kv::Error> {
        self.platform.kv(label, SHARED).await
    }

    /// The variables that spin.toml gives this component.
    pub fn config(&self) -> Config<'_> {
        Config::new(&self.platform)
    }

    /// Calls to other services and to the outside.
    pub fn client(&self) -> Client<'_> {
        Client::new(self)
    }

    /// Publishes `message` on `channel`, for whoever listens at this moment.
    pub async fn publish(&self, channel: &str, message: &[u8]) -> Result<(), bus::Error> {
        let address = self.config().get(bus::ADDRESS_VARIABLE)?;
        self.platform.backend.publish(&address, channel, message).await
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.platform.now()
    }

    /// `N` bytes from the system's generator.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.platform.random()
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        self.platform.new_id()
    }

    /// Runs `work` once the answer is on its way. It is lost if the process dies first: only for what may be lost.
    pub fn after_response(&self, work: impl Future<Output = ()> + 'static) {
        self.platform.defer(Box::pin(work));
    }

    /// Works on `work` for up to `time`. If it takes longer, it goes on after the response, and nobody hears what came of it.
    pub async fn within<T: 'static>(&self, time: Duration, work: impl Future<Output = T> + 'static) -> Option<T> {
        let mut work = Box::pin(work);
        let done = current::http::with_timeout(time, work.as_mut()).await;
        if done.is_none() {
            self.after_response(async move {
                work.await;
            });
        }
        done
    }

    /// Writes one line to the log, unless `level` is below the variable `log_level` (default `info`).
    pub fn log(&self, level: Level, message: &str, fields: &[Field<'_>]) {
        if level >= *self.log_level.get_or_init(|| Level::from_config(self.config())) {
            let scope = log::LineScope {
                service: self.scope.service,
                request_id: &self.request_id,
                trace_id: &self.trace.trace_id(),
            };
            self.platform.write_log(&log::line(self.now(), level, &scope, message, fields));
        }
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }
}
