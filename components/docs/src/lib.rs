//! The documents that describe the API, compiled into the component. It has no rights: no store, no variable, and no host that it may call.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG,
};
use http::{HeaderValue, Method, StatusCode};
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{HandlerResult, serve_public};
use spindle_platform::http::{Request, Response, empty};
use spindle_platform::{Platform, Scope};

const SCOPE: Scope = Scope { service: "docs", migrations: &[] };

/// A document at its path.
struct Document {
    path: &'static str,
    media_type: &'static str,
    /// The entity tag of the content, computed when the component is built.
    etag: &'static str,
    content: &'static [u8],
}

/// Every document. The media types are those that browsers and tools know: `application/openapi+json` is not registered yet
/// (draft-ietf-httpapi-rest-api-mediatypes); that of YAML is RFC 9512.
static DOCUMENTS: [Document; 3] = [
    Document {
        path: "/asyncapi.json",
        media_type: "application/json",
        etag: env!("ASYNCAPI_JSON_ETAG"),
        content: include_bytes!("../../../api-specs/asyncapi.json"),
    },
    Document {
        path: "/openapi.json",
        media_type: "application/json",
        etag: env!("OPENAPI_JSON_ETAG"),
        content: include_bytes!("../../../api-specs/openapi.json"),
    },
    Document {
        path: "/openapi.yaml",
        media_type: "application/yaml",
        etag: env!("OPENAPI_YAML_ETAG"),
        content: include_bytes!("../../../api-specs/openapi.yaml"),
    },
];

/// The methods of every document.
const METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// The same as the value of a header.
const METHOD_LIST: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// A document changes with a release only.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Serves `request`: the documents are public, so scripts of every origin may read each response.
pub async fn serve(platform: Platform, request: Request) -> Response {
    let mut response = serve_public(SCOPE, platform, request, respond).await;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, x-request-id"));
    response
}

#[cfg(target_family = "wasm")]
spindle_platform::export!(super::serve);

fn respond(request: &Request) -> HandlerResult {
    let document = DOCUMENTS.iter().find(|document| document.path == request.path());
    let document = document.ok_or_else(|| Problem::not_found("No resource has this address."))?;
    match *request.method() {
        Method::GET | Method::HEAD => document.response(request),
        Method::OPTIONS => Ok(options()),
        ref method => {
            let detail = format!("Allows {}, not {method}.", METHODS.join(", "));
            Err(Problem { allow: METHODS.to_vec(), ..Problem::new(ProblemKind::MethodNotAllowed, detail) })
        }
    }
}

impl Document {
    /// Returns 200 with the content, 304 if the client has it, or 412 if `If-Match` demands another.
    fn response(&self, request: &Request) -> HandlerResult {
        let etag = self.etag.parse().expect("the build script writes an entity tag");
        let mut response = Response::new(Bytes::from_static(self.content));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(ETAG, HeaderValue::from_static(self.etag));
        headers.insert(CACHE_CONTROL, FIVE_MINUTES);
        request.or_not_modified(response, &etag)
    }
}

/// Returns the response to OPTIONS, which a preflight request is as well (the Fetch standard's CORS protocol).
fn options() -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ALLOW, METHOD_LIST);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHOD_LIST);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("if-match, if-none-match, x-request-id"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
