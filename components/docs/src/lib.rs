//! The documents that describe the API, and a page that shows them, compiled into the component. It has no rights: no store, no variable, and no
//! host that it may call.

#[cfg(test)]
mod tests;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};
use http::{HeaderValue, Method, StatusCode};
use spindle_edge::serve_public;
use spindle_platform::http::{Request, Response};
use spindle_platform::{Platform, Scope};
use spindle_static_files::{File, add_page_headers, files, find, respond};

const SCOPE: Scope = Scope { service: "docs", migrations: &[] };

/// The documents, and the files of the reference below [`PAGE`]. The media types of documents are those that browsers and tools know:
/// `application/openapi+json` is not registered yet (draft-ietf-httpapi-rest-api-mediatypes).
static FILES: &[File] = files!();

/// The path of the reference.
const PAGE: &str = "/docs";

/// The content security policy of the reference ([ADR 52](../../../docs/adr/0052-pages-from-components-without-rights.md)).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves `request`: the documents are public, so scripts of every origin may read each response, except those of the reference.
pub async fn serve(platform: Platform, request: Request) -> Response {
    let is_page = request.path().strip_prefix(PAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_options = request.method() == Method::OPTIONS;
    let mut response = serve_public(SCOPE, platform, request, |request| {
        let path = if request.path() == "/docs/" { PAGE } else { request.path() };
        respond(request, find(FILES, path))
    })
    .await;
    if is_page {
        add_page_headers(&mut response, POLICY);
    } else {
        add_cors_headers(&mut response, is_options);
    }
    response
}

#[cfg(target_family = "wasm")]
spindle_platform::export!(super::serve);

/// Adds the headers of the Fetch standard's CORS protocol. The response to OPTIONS is also that to a preflight request.
fn add_cors_headers(response: &mut Response, is_options: bool) {
    let is_preflight = is_options && response.status() == StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, x-request-id"));
    if is_preflight {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("if-match, if-none-match, x-request-id"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
}
