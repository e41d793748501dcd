//! Requests of guests: checked against `allowed_outbound_hosts`, then sent to another component in process, to the application
//! itself, or to the network.

use std::sync::Arc;

use http::header::{CONNECTION, HOST, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TRANSFER_ENCODING, UPGRADE};
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host as _;
use wasmtime_wasi_http::p2::bindings::http::types;
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};
use wasmtime_wasi_http::p2::{HttpError, HttpResult};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks, WasiHttpView as _};

use super::{InstanceState, LoadedComponent, Runtime};
use crate::app::service_chaining_target;
use crate::failpoints::Failpoints;
use crate::trace;

/// The authority that means "this application", for guests whose HTTP library requires one.
const SELF_AUTHORITY: &str = "self.alt";

/// The number of writes that a guest may queue in a body before it waits for the reader. Guests write pieces of 4 KiB: with one slot,
/// the default, each piece of a response costs a switch between guest and connection.
const BODY_CHUNKS: usize = 16;

/// The longest single write to a body.
const BODY_CHUNK_SIZE: usize = 64 << 10;

/// The outbound side of a guest: its component, and the runtime that carries its requests out.
pub(crate) struct Outbound {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) component: Arc<LoadedComponent>,
}

impl WasiHttpHooks for Outbound {
    // The default builds a shared closure for each header name it checks.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        [CONNECTION, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TRANSFER_ENCODING, UPGRADE].contains(name)
            || matches!(name.as_str(), "keep-alive" | "proxy-connection" | "http2-settings")
    }

    fn set_host_header(&mut self) -> bool {
        // Chained requests have none in Spin, and the client writes its own.
        false
    }

    fn p2_outgoing_body_buffer_chunks(&mut self) -> usize {
        BODY_CHUNKS
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        BODY_CHUNK_SIZE
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _reading: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = SentRequest> + Send> {
        let runtime = Arc::clone(&self.runtime);
        let component = Arc::clone(&self.component);
        tracing::trace!(target: trace::TARGET, method = %request.method(), uri = %request.uri(), "request");
        Box::new(async move {
            let before = |failpoints| {
                Failpoints::before(failpoints, &component.id, format!("{} {}", request.method(), request.uri()))
            };
            let operation = runtime.failpoints.as_ref().map(before);
            let response = send(&runtime, &component, request, options).await;
            if let Some(operation) = operation {
                operation.after();
            }
            let response = response?;
            let written: Box<dyn Future<Output = Result<(), Error>> + Send> = Box::new(async { Ok(()) });
            Ok((response, written))
        })
    }
}

type SentRequest = Result<(Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

async fn send(
    runtime: &Arc<Runtime>,
    component: &LoadedComponent,
    mut request: Request<WasiBody>,
    options: Option<RequestOptions>,
) -> Result<Response<WasiBody>, Error> {
    if !is_allowed(component, request.uri()) {
        log_denial(component, request.uri());
        return Err(Error::HttpRequestDenied);
    }
    if is_self(request.uri()) {
        *request.uri_mut() = runtime.self_uri(request.uri())?;
    } else if let Some(target) = service_chaining_target(request.uri()) {
        runtime.counters.add_chained();
        let target = target.to_owned();
        return runtime.chain(&target, request).await.ok_or(Error::DestinationNotFound);
    }
    runtime.client.send(request, options).await
}

fn is_self(uri: &Uri) -> bool {
    uri.host() == Some(SELF_AUTHORITY)
}

fn is_allowed(component: &LoadedComponent, uri: &Uri) -> bool {
    if is_self(uri) {
        return component.allowed_hosts.allows_self(&["http", "https"]);
    }
    uri.host()
        .is_some_and(|host| component.allowed_hosts.allows(uri.scheme_str().unwrap_or("https"), host, uri.port_u16()))
}

fn log_denial(component: &LoadedComponent, uri: &Uri) {
    let (component, allowed_hosts) = (&component.id, &component.allowed_hosts);
    let target = origin(uri);
    match allowed_hosts.denied() {
        Some(reason) => {
            tracing::error!(%component, "a request to {target} was denied, as is all outbound traffic: {reason}")
        }
        None => tracing::error!(%component, "a request to {target} was denied: it is not in allowed_outbound_hosts"),
    }
}

fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", Authority::as_str);
    match uri.scheme_str() {
        Some(_) if is_self(uri) => "the application itself".into(),
        Some(scheme) => format!("{scheme}://{authority}"),
        None => authority.into(),
    }
}

/// Adds `wasi:http/outgoing-handler` with a check that the stock implementation lacks: a chained request to a component that does not
/// exist traps. A call is traced in the form of generated bindings, by which the calls of guests are counted.
///
/// # Errors
///
/// If the linker has the interface already.
pub(crate) fn add_to_linker(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    linker.instance("wasi:http/outgoing-handler@0.2.12")?.func_wrap(
        "handle",
        |mut store: StoreContextMut<'_, InstanceState>, (request, options)| {
            let span = tracing::trace_span!("wit-bindgen import", module = "outgoing-handler", function = "handle");
            span.in_scope(|| tracing::trace!("call"));
            match handle(store.data_mut(), request, options) {
                Ok(response) => Ok((Ok(response),)),
                Err(error) => error.downcast().map(|code| (Err(code),)),
            }
        },
    )
}

fn handle(
    state: &mut InstanceState,
    request: Resource<HostOutgoingRequest>,
    options: Option<Resource<RequestOptions>>,
) -> HttpResult<Resource<HostFutureIncomingResponse>> {
    let (runtime, component) = (Arc::clone(&state.outbound.runtime), Arc::clone(&state.outbound.component));
    let mut http = state.http();
    let head = http.table.get_mut(&request)?;
    if let Some(authority) = head.authority.as_deref() {
        let scheme = match head.scheme {
            Some(types::Scheme::Http) => Scheme::HTTP,
            _ => Scheme::HTTPS,
        };
        if let Ok(uri) = Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build()
            && let Some(target) = service_chaining_target(&uri)
            && is_allowed(&component, &uri)
            && !runtime.can_chain(target)
        {
            let message = format!("there is no component {target:?} with an HTTP trigger to send a request to");
            return Err(HttpError::trap(wasmtime::Error::msg(message)));
        }
    }
    http.handle(request, options)
}
