//! The running application: its components, and how a request is put through one of them.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

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
mod load;
mod message;
mod slow_lane;
mod state;

pub(crate) use component::LoadedComponent;
pub(crate) use load::load;
pub(crate) use state::InstanceState;

use crate::app::{App, Match, request_headers};
use crate::boundaries::Boundaries;
use crate::counters::Counters;
use crate::engine::Ticker;
use crate::http::body;
use crate::http::client::OutboundClient;
use crate::logs::LogSink;
use crate::options::Limits;
use background::Background;
use component::Entry;
use guest::{Failure, Guest, Label};
use slow_lane::SlowLane;

/// The address that a chained request seems to come from, as in Spin.
const CHAINED_CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

/// Everything the requests of one application share.
pub(crate) struct Runtime {
    pub(crate) app: Arc<App>,
    pub(crate) counters: Counters,
    pub(crate) boundaries: Option<Arc<Boundaries>>,
    pub(crate) limits: Limits,
    pub(crate) logs: LogSink,
    pub(crate) client: OutboundClient,
    pub(crate) background: Background,
    slow_lane: SlowLane,
    engine: Engine,
    // With the runtime, not with the host: a guest that outlives the host must still be interrupted.
    _ticker: Ticker,
    components: HashMap<String, Arc<LoadedComponent>>,
    admission: Arc<Semaphore>,
    /// None: it is not served at all.
    origin: Option<Origin>,
    // Removed when the last instance that may read it is gone.
    _files: Option<TempDir>,
}

/// Where the application itself is served, for requests that a guest makes to it.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
}

impl Runtime {
    /// Takes a request from outside through `component`: waits for a free place, then runs it.
    pub(crate) async fn handle(self: &Arc<Self>, component: &str, request: Request<WasiBody>) -> Response<WasiBody> {
        let admitted = tokio::time::timeout(self.limits.timeout, Arc::clone(&self.admission).acquire_owned()).await;
        match admitted {
            Ok(Ok(permit)) => self.run(component, request, Some(permit)).await,
            // The semaphore is never closed, so this is the timeout.
            _ => {
                self.counters.timeout();
                tracing::error!(component, path = request.uri().path(), "too many requests run at once: 503");
                empty_response(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Whether `component` can be reached by service chaining.
    pub(crate) fn can_chain(&self, component: &str) -> bool {
        self.app.chaining_trigger(component).is_some()
    }

    /// Takes a request that another component made to `component`. `None` if there is no such component.
    pub(crate) async fn chain(
        self: &Arc<Self>,
        component: &str,
        mut request: Request<WasiBody>,
    ) -> Option<Response<WasiBody>> {
        let trigger = self.app.chaining_trigger(component)?;
        let route = Match::chained(trigger, request.uri().path());
        let added = request_headers(request.uri(), "localhost", &route, CHAINED_CLIENT);
        request.headers_mut().extend(added);
        // A chained request needs no place of its own: its caller holds one, and would wait for ever.
        Some(self.run(component, request, None).await)
    }

    /// The absolute form of a request that a guest makes to its own application.
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
        // All of it in the message: a bench reads it from the log, where the text of a field may be coloured.
        tracing::info!("{} executed {instructions} instructions for {work}", store.data().outbound.component.id);
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
        let label = Label {
            component: Arc::clone(&component.id),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
        };
        let (responder, response) = oneshot::channel();
        let execution = Box::pin(execute(Arc::clone(self), Arc::clone(component), request, responder, permit));
        let answered = self.boundaries.as_ref().map(|_| format!("answered {} {}", label.method, label.path));
        let response = Guest::new(Arc::clone(self), label, execution, response).respond(self.limits.timeout).await;
        if let Some((boundaries, answered)) = self.boundaries.as_ref().zip(answered) {
            boundaries.pass(&component.id, answered);
        }
        response
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("app", &self.app.name).finish_non_exhaustive()
    }
}

/// The whole life of one instance. The permit is given back when it ends.
async fn execute(
    runtime: Arc<Runtime>,
    component: Arc<LoadedComponent>,
    request: Request<WasiBody>,
    responder: oneshot::Sender<guest::GuestResponse>,
    _permit: Option<OwnedSemaphorePermit>,
) -> Result<(), Failure> {
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
        // Leaving by exit(0) is no failure of its own; without a response it is noticed anyway.
        Err(error) if error.downcast_ref::<I32Exit>().is_some_and(|exit| exit.0 == 0) => Ok(()),
        Err(error) => Err(Failure { cause: cause(&error, store.data().memory_refused(), runtime.limits.memory_bytes) }),
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

/// A response with nothing in it, as Spin answers for a component that failed.
pub(crate) fn empty_response(status: StatusCode) -> Response<WasiBody> {
    let mut response = Response::new(body::empty());
    *response.status_mut() = status;
    response
}
