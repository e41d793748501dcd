//! Tests of the whole component on a platform without variables, stores and other services.

use crate::{FILES, serve};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_platform::Platform;
use spindle_platform::http::{Body, ETag, Request, Response};

/// The paths of the documents.
const DOCUMENTS: [&str; 3] = ["/asyncapi.json", "/openapi.json", "/openapi.yaml"];

/// Returns the file in api-specs that is served at `path`.
fn document(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../api-specs{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn send(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = http::Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = Request::new(request.body(Body::empty()).unwrap());
    block_on(serve(Platform::native().build(), request))
}

fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    send(Method::GET, path, headers)
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn the_documents_are_those_of_the_repository() {
    for path in DOCUMENTS {
        let response = get(path, &[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.body(), &document(path), "{path}");
        let media_type = if path.ends_with(".yaml") { "application/yaml" } else { "application/json" };
        assert_eq!(header(&response, "content-type"), media_type);
        if media_type == "application/json" {
            serde_json::from_slice::<Value>(response.body()).unwrap();
        }
    }
}

#[test]
fn a_document_has_a_validator_of_its_content() {
    for path in DOCUMENTS {
        let response = get(path, &[]);
        let etag = header(&response, "etag").to_owned();
        assert_eq!(etag, ETag::of_content(&document(path)).to_string());
        assert_eq!(header(&response, "cache-control"), "public, max-age=300");
        for tags in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let unchanged = get(path, &[("if-none-match", &tags)]);
            assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0), "{tags}");
            assert_eq!(header(&unchanged, "etag"), etag);
            assert_eq!(header(&unchanged, "cache-control"), "public, max-age=300");
        }
        assert_eq!(get(path, &[("if-none-match", "\"other\"")]).status(), StatusCode::OK);
        assert_eq!(get(path, &[("if-match", "\"other\"")]).status(), StatusCode::PRECONDITION_FAILED);
    }
}

#[test]
fn a_client_that_accepts_gzip_gets_a_fraction_of_a_document() {
    for path in DOCUMENTS {
        let response = get(path, &[("accept-encoding", "gzip, br")]);
        assert_eq!((header(&response, "content-encoding"), header(&response, "vary")), ("gzip", "accept-encoding"));
        assert!(response.body().len() < document(path).len() / 4, "{path}: {}", response.body().len());
        assert_ne!(header(&response, "etag"), header(&get(path, &[]), "etag"));
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
    }
}

#[test]
fn the_reference_is_a_page_with_its_assets() {
    let page = get("/docs", &[]);
    assert_eq!((page.status(), header(&page, "content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    assert_eq!(header(&page, "cache-control"), "no-cache");
    assert_eq!(get("/docs/", &[]).body(), page.body());
    let assets = || FILES.iter().filter(|file| file.path.starts_with("/docs/assets/"));
    assert!(assets().count() > 0);
    for file in assets() {
        let response = get(file.path, &[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    }
    assert_eq!(get("/docs/none", &[]).status(), StatusCode::NOT_FOUND);
}

#[test]
fn every_response_of_the_reference_has_its_policy_and_is_for_this_origin_alone() {
    for response in [get("/docs", &[]), get("/docs/none", &[]), send(Method::OPTIONS, "/docs", &[])] {
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(policy.contains("connect-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(header(&response, "access-control-allow-origin"), "");
    }
    assert_eq!(header(&get("/openapi.json", &[]), "content-security-policy"), "");
}

#[test]
fn head_has_the_headers_of_get() {
    for path in DOCUMENTS {
        let (head, get) = (send(Method::HEAD, path, &[]), get(path, &[]));
        assert_eq!(head.status(), StatusCode::OK);
        for name in ["content-type", "etag", "cache-control"] {
            assert_eq!(header(&head, name), header(&get, name), "{name}");
        }
    }
}

#[test]
fn other_methods_and_paths_are_problems() {
    let refused = |response: Response, status: u16| {
        assert_eq!(
            (response.status().as_u16(), header(&response, "content-type")),
            (status, "application/problem+json")
        );
        assert_eq!(header(&response, "cache-control"), "no-store");
        serde_json::from_slice::<Value>(response.body()).unwrap()
    };
    for path in DOCUMENTS {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
            let response = send(method, path, &[]);
            assert_eq!(header(&response, "allow"), "GET, HEAD, OPTIONS");
            let problem = refused(response, 405);
            assert_eq!(problem["instance"], path);
        }
        let other = format!("{path}/");
        let problem = refused(get(&other, &[("x-request-id", "r-1")]), 404);
        assert_eq!((&problem["instance"], &problem["request_id"]), (&other.as_str().into(), &"r-1".into()));
    }
    refused(get("/OPENAPI.json", &[]), 404);
}

#[test]
fn scripts_of_every_origin_may_read_every_response() {
    let origin = [("origin", "https://example.com")];
    let preflight =
        [origin[0], ("access-control-request-method", "GET"), ("access-control-request-headers", "if-none-match")];
    let options = send(Method::OPTIONS, "/openapi.json", &preflight);
    assert_eq!((options.status(), options.body().len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(header(&options, "allow"), "GET, HEAD, OPTIONS");
    assert_eq!(header(&options, "access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert!(header(&options, "access-control-allow-headers").contains("if-none-match"));
    for response in [options, get("/openapi.json", &origin), get("/openapi.json", &[]), get("/nothing", &origin)] {
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "x-request-id").len(), 36);
    }
}

#[test]
fn a_request_has_an_access_line() {
    let platform = Platform::native().build();
    let request = http::Request::get("/openapi.json").header("x-request-id", "r-1").body(Body::empty()).unwrap();
    block_on(serve(platform.clone(), Request::new(request)));
    let [line] = platform.logged().try_into().unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["service"], &line["request_id"]), (&"docs".into(), &"r-1".into()));
    assert_eq!((&line["url.path"], &line["http.response.status_code"]), (&"/openapi.json".into(), &200.into()));
}
