//! The running application: its components, and the run of a component for a request.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, StatusCode, Uri};
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use wasmtime::{Engine, Store, Trap};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi_http::p2::bindings::http::types;
use wasmtime_wasi_http::{Error, WasiBody, WasiHttpView as _};

mod background;
mod component;
mod guest;
mod limits;
mod loader;
mod low_priority;
mod message;
mod outbound;
mod reuse;
mod state;

pub(crate) use component::LoadedComponent;
pub(crate) use loader::{Observation, load};
pub(crate) use state::InstanceState;

use crate::app::{App, Match, request_headers};
use crate::counters::{Counters, Counts};
use crate::engine::EpochClock;
use crate::failpoints::Failpoints;
use crate::http::body;
use crate::http::client::OutboundClient;
use crate::logs::LogSink;
use crate::options::Limits;
use crate::stores::Stores;
use crate::telemetry::SpanExport;
use crate::trace;
use background::Background;
use component::Entry;
use guest::{Guest, GuestFailure, RunLabel};
use low_priority::LowPriorityPool;

/// The client address of a chained request, as in Spin.
const CHAINED_CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

/// The state that all requests of an application share.
pub(crate) struct Runtime {
    pub(crate) app: Arc<App>,
    pub(crate) counters: Counters,
    stores: Stores,
    pub(crate) failpoints: Option<Arc<Failpoints>>,
    pub(crate) limits: Limits,
    pub(crate) logs: LogSink,
    span_export: Option<SpanExport>,
    pub(crate) client: OutboundClient,
    pub(crate) background: Background,
    low_pool: LowPriorityPool,
    engine: Engine,
    // In the runtime, not in the host: a guest that outlives the host must still be interrupted.
    _epoch_clock: EpochClock,
    components: HashMap<String, Arc<LoadedComponent>>,
    admission: Arc<Semaphore>,
    /// The requests from outside that wait for admission.
    queued: AtomicU64,
    /// Whether the calls of guests are counted, for a listener of metrics.
    counts_calls: bool,
    /// `None`: the application is not served.
    origin: Option<Origin>,
    // Removed when the last instance that may read it has ended.
    _files: Option<TempDir>,
}

/// The origin at which the application is served, for requests of its guests to itself.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
}

impl Runtime {
    /// Handles a request from outside with `component`: waits for a permit, then runs it.
    pub(crate) async fn handle(self: &Arc<Self>, component: &str, request: Request<WasiBody>) -> Response<WasiBody> {
        let queued = Queued::new(&self.queued);
        let admitted = tokio::time::timeout(self.limits.timeout, Arc::clone(&self.admission).acquire_owned()).await;
        drop(queued);
        match admitted {
            Ok(Ok(permit)) => self.run(component, request, Some(permit)).await,
            // The semaphore is never closed, so this is the timeout.
            _ => {
                self.counters.add_timeout();
                tracing::error!(component, path = request.uri().path(), "too many requests run at once: 503");
                empty_response(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Returns the counters of the host.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = self.counters.snapshot();
        self.stores.count(&mut counts);
        counts
    }

    /// Waits until the lines of components are written, and up to `limit` until their spans are sent.
    pub(crate) async fn flush(&self, limit: Duration) {
        self.logs.flush().await;
        if let Some(export) = &self.span_export {
            let _ = tokio::time::timeout(limit, export.flush()).await;
        }
    }

    /// Returns the components, in the order of their ids.
    pub(crate) fn components(&self) -> Vec<&Arc<LoadedComponent>> {
        let mut components: Vec<_> = self.components.values().collect();
        components.sort_by_key(|component| &component.id);
        components
    }

    /// Returns the requests from outside that are served now, and those that wait until fewer are.
    pub(crate) fn load(&self) -> (u64, u64) {
        let served = (self.limits.concurrency as usize).saturating_sub(self.admission.available_permits());
        (served as u64, self.queued.load(Ordering::Relaxed))
    }

    /// Returns the connections to databases that are in use, and those that are idle.
    pub(crate) fn sql_connections(&self) -> (u64, u64) {
        self.stores.connections()
    }

    /// Returns whether `component` can be reached by service chaining.
    pub(crate) fn can_chain(&self, component: &str) -> bool {
        self.app.chaining_trigger(component).is_some()
    }

    /// Handles a request of another component with `component`. `None` if there is no such component.
    pub(crate) async fn chain(
        self: &Arc<Self>,
        component: &str,
        mut request: Request<WasiBody>,
    ) -> Option<Response<WasiBody>> {
        let trigger = self.app.chaining_trigger(component)?;
        let route = Match::chained(trigger, request.uri().path());
        let added = request_headers(request.uri(), "localhost", &route, CHAINED_CLIENT);
        request.headers_mut().extend(added);
        // A chained request needs no permit: its caller holds one, and would wait forever.
        if !self.engine.get_concurrency_support() {
            return Some(self.run(component, request, None).await);
        }
        // Each guest of this engine runs in an event loop, and wasmtime polls none within that of the caller.
        let (runtime, component) = (Arc::clone(self), component.to_owned());
        let run = tokio::spawn(async move { runtime.run(&component, request, None).await });
        Some(run.await.unwrap_or_else(|_| empty_response(StatusCode::INTERNAL_SERVER_ERROR)))
    }

    /// Returns the absolute form of the URI of a request that a guest sends to its own application.
    pub(crate) fn self_uri(&self, uri: &Uri) -> Result<Uri, Error> {
        let path = uri.path_and_query().cloned();
        let Origin { scheme, authority } = self.origin.clone().ok_or(Error::HttpRequestUriInvalid)?;
        Uri::builder()
            .scheme(scheme)
            .authority(authority)
            .path_and_query(path.unwrap_or(PathAndQuery::from_static("/")))
            .build()
            .map_err(|_| Error::HttpRequestUriInvalid)
    }

    /// Adds the instructions that the instance in `store` has executed for `work` to the counters, and logs them.
    fn count_instructions(&self, store: &Store<InstanceState>, work: &str) {
        let instructions = u64::MAX - store.get_fuel().unwrap_or(u64::MAX);
        self.counters.add_instructions(instructions);
        let component = &store.data().outbound.component;
        component.rights.counters.instructions.fetch_add(instructions, Ordering::Relaxed);
        // In the message, not in fields: a bench parses the log, and fields may be coloured.
        tracing::info!("{} executed {instructions} instructions for {work}", component.id);
    }

    async fn run(
        self: &Arc<Self>,
        component: &str,
        request: Request<WasiBody>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Response<WasiBody> {
        let Some(component) = self.components.get(component) else {
            // Routes lead only to loaded components.
            return empty_response(StatusCode::NOT_FOUND);
        };
        let label = RunLabel {
            component: Arc::clone(&component.id),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
        };
        let answered = self.failpoints.as_ref().map(|_| format!("answered {} {}", label.method, label.path));
        let response = if let Entry::Service(instances) = &component.entry {
            // Its permit is released with the response head: the instance may live on for other requests.
            instances.serve(self, component, label, request).await
        } else {
            let (responder, response) = oneshot::channel();
            let span = trace::span(&label.component, || format!("{} {}", label.method, label.path));
            let execution = execute(Arc::clone(self), Arc::clone(component), request, responder, permit);
            let execution = Box::pin(trace::traced(span, execution));
            Guest::new(Arc::clone(self), label, execution, response).respond(self.limits.timeout).await
        };
        if let Some((failpoints, answered)) = self.failpoints.as_ref().zip(answered) {
            failpoints.reach(&component.id, answered);
        }
        response
    }
}

/// A request that waits for admission.
struct Queued<'a>(&'a AtomicU64);

impl<'a> Queued<'a> {
    fn new(queued: &'a AtomicU64) -> Self {
        queued.fetch_add(1, Ordering::Relaxed);
        Self(queued)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("app", &self.app.name).finish_non_exhaustive()
    }
}

/// Runs one instance from its creation to its end, and releases the permit then.
async fn execute(
    runtime: Arc<Runtime>,
    component: Arc<LoadedComponent>,
    request: Request<WasiBody>,
    responder: oneshot::Sender<guest::GuestResponse>,
    _permit: Option<OwnedSemaphorePermit>,
) -> Result<(), GuestFailure> {
    let mut store = component.store(&runtime, &runtime.engine);
    let title = runtime.engine.get_consume_fuel().then(|| format!("{} {}", request.method(), request.uri().path()));
    let ended = async {
        // Spin calls the scheme http even when it serves TLS.
        let request = store.data_mut().http().new_incoming_request(types::Scheme::Http, request)?;
        let outparam = store.data_mut().http().new_response_outparam(responder)?;
        let Entry::Requests(entry) = &component.entry else { wasmtime::bail!("it handles messages, not requests") };
        let instance = entry.instantiate_async(&mut store).await?;
        instance.wasi_http_incoming_handler().call_handle(&mut store, request, outparam).await
    }
    .await;
    if let Some(title) = title {
        runtime.count_instructions(&store, &title);
    }
    match ended {
        Ok(()) => Ok(()),
        // exit(0) alone is no failure; a missing response is noticed elsewhere.
        Err(error) if error.downcast_ref::<I32Exit>().is_some_and(|exit| exit.0 == 0) => Ok(()),
        Err(error) => {
            Err(GuestFailure { cause: cause(&error, store.data().memory_refused(), runtime.limits.memory_bytes) })
        }
    }
}

fn cause(error: &wasmtime::Error, memory_refused: bool, limit: usize) -> String {
    if memory_refused {
        return format!("it needed more than its {} MiB of memory", limit >> 20);
    }
    match error.downcast_ref::<Trap>() {
        Some(trap) => format!("trap: {trap}"),
        None => format!("{error:#}").replace('\n', " "),
    }
}

/// Returns a response without content, as Spin does for a failed component.
pub(crate) fn empty_response(status: StatusCode) -> Response<WasiBody> {
    let mut response = Response::new(body::empty());
    *response.status_mut() = status;
    response
}
