//! The path of an inbound request: its host, well-known paths, routing, the headers that Spin adds, and the component.

use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri, Version};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::json;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::app::{Router, StaticResponse, Target, is_service_chaining_host, request_headers, strip_transport_headers};
use crate::http::body;
use crate::runtime::{Runtime, empty_response};
use crate::server::validation::Validation;

/// The prefix of the host's own paths.
const WELL_KNOWN_PREFIX: &str = "/.well-known/spin/";

/// Handles inbound requests.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) router: Router,
    pub(crate) scheme: Scheme,
    pub(crate) validation: Option<Validation>,
}

impl Service {
    /// Handles one request from `client`, and checks the response if that is wanted.
    pub(crate) async fn respond(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        let Some(validation) = &self.validation else { return self.handle(request, client).await };
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.handle(request, client).await;
        validation.check(&method, &path, response).await
    }

    async fn handle(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        self.runtime.counters.add_request();
        let mut request = request.map(|incoming| incoming.map_err(Error::from).boxed_unsync());
        // Before any response: RFC 9112, section 3.2 demands a 400 for every request whose host is not clear.
        let Some(authority) = authority(&request) else {
            return empty_response(StatusCode::BAD_REQUEST);
        };
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
        let Some(uri) = absolute_uri(request.uri(), authority, &self.scheme) else {
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

/// Returns the authority of the request: that of `Host` or of the request line. `None` if it is missing, not valid, or not clear, which is a
/// 400: a component must be able to rely on it.
///
/// Only HTTP/1.0 has requests without either: load balancers send them as health checks. A `Host` that names a component of the application
/// does not count.
fn authority<B>(request: &Request<B>) -> Option<Authority> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return None;
    }
    if host.is_none() && request.uri().authority().is_none() && request.version() < Version::HTTP_11 {
        return Some(Authority::from_static("localhost"));
    }
    let named = match host {
        Some(host) => Some(Authority::try_from(host.as_bytes()).ok().filter(is_host_and_port)?),
        None => None,
    };
    let named = named.filter(|host| !is_service_chaining_host(host.as_str()));
    match (named, request.uri().authority().cloned()) {
        (Some(host), Some(line)) => (host == line).then_some(host),
        (host, line) => host.or(line).filter(is_host_and_port),
    }
}

/// Returns whether `authority` is a host with or without a port, and has no user information (RFC 9110, sections 4.2.4 and 7.2).
fn is_host_and_port(authority: &Authority) -> bool {
    let host = authority.host();
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let after = authority.as_str().strip_prefix(host).filter(|_| !host.is_empty());
    after.is_some_and(|after| after.is_empty() || after.strip_prefix(':').is_some_and(is_port))
}

/// Returns `uri` with scheme and authority; `None` if it is not the URI of a resource, such as that of `OPTIONS *`.
fn absolute_uri(uri: &Uri, authority: Authority, scheme: &Scheme) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(authority);
    parts.scheme = Some(scheme.clone());
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use http::{Request, Version};

    use super::authority;

    /// Returns the authority of a GET of `target` with these `Host` fields.
    fn of(version: Version, target: &str, hosts: &[&str]) -> Option<String> {
        let mut request = Request::get(target).version(version);
        for host in hosts {
            request = request.header("host", *host);
        }
        authority(&request.body(()).expect("a request")).map(|authority| authority.to_string())
    }

    #[test]
    fn the_host_is_that_of_the_header_or_of_the_request_line() {
        for (target, hosts, expected) in [
            ("/", &["shop.test"][..], "shop.test"),
            ("/", &["shop.test:8080"], "shop.test:8080"),
            ("/", &["shop.test:"], "shop.test:"),
            ("/", &["[2001:db8::1]:80"], "[2001:db8::1]:80"),
            ("http://shop.test/", &[], "shop.test"),
            ("http://shop.test/", &["SHOP.test"], "SHOP.test"),
            ("http://shop.test/", &["users.spin.internal"], "shop.test"),
        ] {
            assert_eq!(of(Version::HTTP_11, target, hosts).as_deref(), Some(expected), "{target} {hosts:?}");
        }
    }

    #[test]
    fn a_request_whose_host_is_not_clear_is_refused() {
        for (target, hosts) in [
            ("/", &[][..]),
            ("/", &["shop.test", "shop.test"]),
            ("/", &["shop.test", "other.test"]),
            ("/", &["u:p@shop.test"]),
            ("/", &["u@shop.test"]),
            ("/", &["@shop.test"]),
            ("/", &["shop.test:80:80"]),
            ("/", &["shop.test:http"]),
            ("/", &[":80"]),
            ("/", &[""]),
            ("/", &["shop.test/x"]),
            ("/", &["users.spin.internal"]),
            ("http://u:p@shop.test/", &["u:p@shop.test"]),
            ("http://u:p@shop.test/", &[]),
            ("http://shop.test/", &["other.test"]),
        ] {
            for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
                if (target, hosts.is_empty(), version) != ("/", true, Version::HTTP_10) {
                    assert_eq!(of(version, target, hosts), None, "{version:?} {target} {hosts:?}");
                }
            }
        }
    }

    #[test]
    fn a_request_of_http_1_0_needs_no_host() {
        assert_eq!(of(Version::HTTP_10, "/", &[]).as_deref(), Some("localhost"));
        assert_eq!(of(Version::HTTP_10, "/", &["shop.test"]).as_deref(), Some("shop.test"));
    }
}
