//! Tests of the responses, with files as a build script writes them.

use crate::{Content, File, add_page_headers, find, page_or, respond};
use http::{Method, StatusCode};
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::HandlerResult;
use spindle_platform::http::{Body, Request, Response, empty};

/// `Spindle, Spindle` in the coding gzip.
const COMPRESSED: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\x0b\x2e\xc8\xcc\x4b\xc9\x49\xd5\x51\x08\x86\x30\0\xd2\x7d\x85\xeb\x10\0\0\0";

const PLAIN_TAG: &str = "\"00000000000000000000000000000001\"";
const GZIP_TAG: &str = "\"00000000000000000000000000000002\"";

static FILES: &[File] = &[
    File {
        path: "/shop",
        media_type: "text/html; charset=utf-8",
        cache_control: "no-cache",
        etag: PLAIN_TAG,
        content: Content::Gzip { bytes: COMPRESSED, etag: GZIP_TAG, length: 16 },
    },
    File {
        path: "/shop/assets/a-1f2e.png",
        media_type: "image/png",
        cache_control: "public, max-age=31536000, immutable",
        etag: PLAIN_TAG,
        content: Content::Plain(b"pixels"),
    },
];

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request {
    let request = http::Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Request::new(request.body(Body::empty()).expect("a request"))
}

fn get(path: &str, headers: &[(&str, &str)]) -> HandlerResult {
    respond(&request(Method::GET, path, headers), find(FILES, path))
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers().get(name).map(|value| value.to_str().expect("the values are ASCII"))
}

#[test]
fn a_client_gets_the_coding_that_it_accepts() {
    let plain = get("/shop", &[]).unwrap();
    assert_eq!(plain.body(), "Spindle, Spindle");
    assert_eq!((header(&plain, "content-encoding"), header(&plain, "etag")), (None, Some(PLAIN_TAG)));
    let compressed = get("/shop", &[("accept-encoding", "br, gzip")]).unwrap();
    assert_eq!(compressed.body(), COMPRESSED);
    assert_eq!((header(&compressed, "content-encoding"), header(&compressed, "etag")), (Some("gzip"), Some(GZIP_TAG)));
    for response in [plain, compressed] {
        assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        assert_eq!(header(&response, "content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(header(&response, "cache-control"), Some("no-cache"));
    }
}

#[test]
fn a_file_that_does_not_become_shorter_has_one_representation() {
    let response = get("/shop/assets/a-1f2e.png", &[("accept-encoding", "gzip")]).unwrap();
    assert_eq!(response.body(), "pixels");
    assert_eq!((header(&response, "content-encoding"), header(&response, "vary")), (None, None));
    assert_eq!(header(&response, "cache-control"), Some("public, max-age=31536000, immutable"));
}

#[test]
fn each_representation_has_its_own_validator() {
    let gzip = ("accept-encoding", "gzip");
    let status = |headers: &[(&str, &str)]| get("/shop", headers).unwrap().status();
    assert_eq!(status(&[("if-none-match", PLAIN_TAG)]), StatusCode::NOT_MODIFIED);
    assert_eq!(status(&[("if-none-match", GZIP_TAG)]), StatusCode::OK);
    assert_eq!(status(&[gzip, ("if-none-match", PLAIN_TAG)]), StatusCode::OK);
    assert_eq!(status(&[gzip, ("if-none-match", &format!("W/{GZIP_TAG}"))]), StatusCode::NOT_MODIFIED);
    let unchanged = get("/shop", &[gzip, ("if-none-match", GZIP_TAG)]).unwrap();
    assert_eq!((unchanged.body().len(), header(&unchanged, "content-encoding")), (0, None));
    assert_eq!((header(&unchanged, "etag"), header(&unchanged, "vary")), (Some(GZIP_TAG), Some("accept-encoding")));
    let refused = get("/shop", &[("if-match", GZIP_TAG)]).unwrap_err();
    assert_eq!(refused.kind, ProblemKind::PreconditionFailed);
}

#[test]
fn a_file_is_only_read() {
    let send = |method| respond(&request(method, "/shop", &[]), find(FILES, "/shop"));
    assert_eq!(send(Method::HEAD).unwrap().status(), StatusCode::OK);
    let options = send(Method::OPTIONS).unwrap();
    assert_eq!((options.status(), header(&options, "allow")), (StatusCode::NO_CONTENT, Some("GET, HEAD, OPTIONS")));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
        let Problem { kind, allow, .. } = send(method).unwrap_err();
        assert_eq!((kind, allow), (ProblemKind::MethodNotAllowed, vec!["GET", "HEAD", "OPTIONS"]));
    }
    assert_eq!(get("/shop/", &[]).unwrap_err().kind, ProblemKind::NotFound);
}

#[test]
fn a_page_is_at_every_path_below_it_that_names_no_file() {
    let page = |path| page_or(FILES, path, "/shop").map(|file| file.path);
    for path in ["/shop", "/shop/", "/shop/cart", "/shop/orders/0190-7f", "/shop/v1.2/about"] {
        assert_eq!(page(path), Some("/shop"), "{path}");
    }
    assert_eq!(page("/shop/assets/a-1f2e.png"), Some("/shop/assets/a-1f2e.png"));
    for path in ["/shop/favicon.ico", "/shop/assets/old.js", "/shop/."] {
        assert_eq!(page(path), None, "{path}");
    }
}

#[test]
fn a_page_has_a_policy() {
    let mut response = empty(StatusCode::OK);
    add_page_headers(&mut response, "default-src 'none'");
    for (name, value) in [
        ("content-security-policy", "default-src 'none'"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(header(&response, name), Some(value));
    }
    assert!(header(&response, "permissions-policy").unwrap().contains("camera=()"));
}
