//! Tests of the whole component on a platform without variables, stores and other services, whatever the storefront's files contain.

use crate::{FILES, serve};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_platform::Platform;
use spindle_platform::http::{Body, ETag, Request, Response};
use std::path::Path;

fn send(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = http::Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    block_on(serve(Platform::native().build(), Request::new(request.body(Body::empty()).unwrap())))
}

fn get(path: &str) -> Response {
    send(Method::GET, path, &[])
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn each_file_of_the_site_is_served() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("site");
    for file in FILES {
        let name = file.path.strip_prefix("/shop").unwrap().trim_start_matches('/');
        let content = std::fs::read(site.join(if name.is_empty() { "index.html" } else { name })).unwrap();
        let response = get(file.path);
        assert_eq!((response.status(), response.body()), (StatusCode::OK, &content.clone().into()), "{}", file.path);
        assert_eq!(header(&response, "etag"), ETag::of_content(&content).to_string());
        let is_hashed = name.starts_with("assets/");
        assert_eq!(header(&response, "cache-control").contains("immutable"), is_hashed, "{}", file.path);
    }
}

#[test]
fn the_page_is_at_every_path_that_names_no_file() {
    let page = get("/shop");
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&page, "cache-control"), "no-cache");
    for path in ["/shop/", "/shop/cart", "/shop/orders/0190?from=mail"] {
        assert_eq!(get(path).body(), page.body(), "{path}");
    }
    let etag = header(&page, "etag");
    assert_eq!(send(Method::GET, "/shop/cart", &[("if-none-match", etag)]).status(), StatusCode::NOT_MODIFIED);
}

#[test]
fn other_methods_and_files_are_problems() {
    for (response, status) in [(get("/shop/none.js"), 404), (send(Method::POST, "/shop/cart", &[]), 405)] {
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(header(&response, "content-type"), "application/problem+json");
        serde_json::from_slice::<Value>(response.body()).unwrap();
    }
}

#[test]
fn every_response_has_the_policy_and_is_for_this_origin_alone() {
    let responses = [get("/shop"), get("/shop/none.js"), send(Method::OPTIONS, "/shop", &[])];
    for response in responses {
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "access-control-allow-origin"), "");
    }
}
