//! The path of an inbound request: well-known paths, routing, the headers that Spin adds, and the component.

use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::json;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::app::{Router, StaticResponse, Target, request_headers, strip_transport_headers};
use crate::http::body;
use crate::runtime::{Runtime, empty_response};

/// The prefix of the host's own paths.
const WELL_KNOWN_PREFIX: &str = "/.well-known/spin/";

/// Handles inbound requests.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) router: Router,
    pub(crate) scheme: Scheme,
}

impl Service {
    /// Handles one request from `client`.
    pub(crate) async fn respond(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        self.runtime.counters.add_request();
        let mut request = request.map(|incoming| incoming.map_err(Error::from).boxed_unsync());
        strip_transport_headers(request.headers_mut());
        if let Some(name) = request.uri().path().strip_prefix(WELL_KNOWN_PREFIX) {
            return self.well_known(name);
        }
        let Some(matched) = self.router.route(request.uri().path()) else {
            return empty_response(StatusCode::NOT_FOUND);
        };
        let component = match &self.runtime.app.http[matched.trigger].target {
            Target::Static(response) => return static_response(response),
            Target::Component(component) => component,
        };
        let Some(uri) = absolute_uri(&request, &self.scheme) else {
            return empty_response(StatusCode::BAD_REQUEST);
        };
        *request.uri_mut() = uri;
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let added = request_headers(request.uri(), host.unwrap_or("localhost"), &matched, client);
        for (name, value) in added {
            request.headers_mut().append(name, value);
        }
        self.runtime.handle(component, request).await
    }

    fn well_known(&self, name: &str) -> Response<WasiBody> {
        match name {
            "health" => Response::new(body::full("OK")),
            "info" => {
                let app = &self.runtime.app;
                let info = if app.version.is_empty() {
                    json!({ "name": app.name })
                } else {
                    json!({ "name": app.name, "version": app.version })
                };
                let mut response = Response::new(body::full(format!("{info:#}")));
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, json);
                response
            }
            _ => empty_response(StatusCode::NOT_FOUND),
        }
    }
}

fn static_response(answer: &StaticResponse) -> Response<WasiBody> {
    let mut response = Response::new(body::full(answer.body.clone()));
    *response.status_mut() = answer.status;
    response.headers_mut().clone_from(&answer.headers);
    response
}

/// Returns the request's URI with scheme and authority. The authority is that of `Host` or of the request line; `None` if neither
/// has one, or the two differ: a component must be able to rely on it.
fn absolute_uri(request: &Request<WasiBody>, scheme: &Scheme) -> Option<Uri> {
    let mut parts = request.uri().clone().into_parts();
    let host: Option<Authority> = match request.headers().get(HOST) {
        Some(host) => Some(Authority::try_from(host.as_bytes()).ok()?),
        None => None,
    };
    parts.authority = match (host, parts.authority) {
        (Some(host), Some(line)) => (host == line).then_some(host),
        (host, line) => host.or(line),
    };
    parts.authority.as_ref()?;
    parts.scheme = Some(scheme.clone());
    Uri::from_parts(parts).ok()
}
