//! Tests of routes, static responses, well-known paths, and the request headers of a component.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{TestApp, TestHost, probe};

/// Returns the value of a header line in the probe's description of its request; the last one counts.
fn header<'a>(description: &'a str, name: &str) -> Option<&'a str> {
    let prefix = format!("{name}: ");
    description.lines().rev().find_map(|line| line.strip_prefix(&prefix))
}

async fn routed() -> TestHost {
    let routes = ["/exact", "/users/:id", "/users/me", "/files/...", "/files/deep/...", "/items/:item/parts/:part"];
    let mut manifest = String::new();
    for route in routes {
        manifest += &format!("[[trigger.http]]\nroute = {route:?}\ncomponent = \"probe\"\n");
    }
    manifest += "[[trigger.http]]\nroute = { private = true }\ncomponent = \"hidden\"\n";
    manifest += "[[trigger.http]]\nroute = \"/teapot\"\nstatic_response = { status_code = 418, headers = { x-tea = \"green\" }, body = \"short\" }\n";
    manifest += "[component.probe]\nsource = \"{probe}\"\n[component.hidden]\nsource = \"{probe}\"\n";
    TestApp::new(&manifest).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_of_route_matches_as_in_spin() {
    let host = routed().await;
    for (path, route) in [
        ("/exact", Some("/exact")),
        ("/exact/", Some("/exact")),
        ("/exact/more", None),
        ("/users/7", Some("/users/:id")),
        ("/users/me", Some("/users/me")),
        ("/users/7/x", None),
        ("/files", Some("/files/...")),
        ("/files/a/b", Some("/files/...")),
        ("/files/deep/a", Some("/files/deep/...")),
        ("/items/a/parts/b", Some("/items/:item/parts/:part")),
        ("/", None),
        ("/Exact", None),
    ] {
        let (status, text) = host.get(path).await;
        assert_eq!(header(&text, "spin-matched-route"), route, "{path}");
        let expected = if route.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected, "{path}");
    }
    let (_, nothing) = host.get("/nowhere").await;
    assert_eq!(nothing, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_receives_its_route_in_headers() {
    let host = routed().await;
    let text = host.text("/files/a%20b/c?x=1&y").await;
    let authority = host.host.addr().to_string();
    assert_eq!(text.lines().next(), Some("GET /files/a%20b/c?x=1&y"));
    assert_eq!(header(&text, "authority"), Some(authority.as_str()));
    let full = format!("http://{authority}/files/a%20b/c?x=1&y");
    for (name, value) in [
        ("spin-full-url", full.as_str()),
        ("spin-path-info", "/a%20b/c"),
        ("spin-component-route", "/files"),
        ("spin-raw-component-route", "/files/..."),
        ("spin-base-path", "/"),
    ] {
        assert_eq!(header(&text, name), Some(value), "{name}");
    }
    assert!(header(&text, "spin-client-addr").unwrap().starts_with("127.0.0.1:"));
    assert_eq!(header(&text, "connection"), None);
    let text = host.text("/items/nut/parts/bolt").await;
    assert_eq!(header(&text, "spin-path-match-item"), Some("nut"));
    assert_eq!(header(&text, "spin-path-match-part"), Some("bolt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_header_does_not_replace_the_hosts() {
    let host = routed().await;
    let request = Request::get(host.url("/exact")).header("spin-client-addr", "6.6.6.6:6");
    let (_, text) = host.send(request.body(Full::default()).unwrap()).await;
    assert!(header(&text, "spin-client-addr").unwrap().starts_with("127.0.0.1:"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_response_needs_no_component() {
    let host = routed().await;
    let (status, text) = host.get("/teapot").await;
    assert_eq!((status, text.as_str()), (StatusCode::IM_A_TEAPOT, "short"));
    assert_eq!(host.host.counts().requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_answers_well_known_paths() {
    let host = probe("").await;
    assert_eq!(host.text("/.well-known/spin/health").await, "OK");
    let info: serde_json::Value = serde_json::from_str(&host.text("/.well-known/spin/info").await).unwrap();
    assert_eq!(info, serde_json::json!({ "name": "test", "version": "1.2.3" }));
    assert_eq!(host.get("/.well-known/spin/other").await.0, StatusCode::NOT_FOUND);
}

/// Sends `head` on a new connection; returns the response until the server closes the connection.
async fn raw(host: &TestHost, head: &str) -> String {
    let mut stream = TcpStream::connect(host.host.addr()).await.unwrap();
    stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_host_is_not_clear_gets_400_on_every_path() {
    let host = routed().await;
    for path in ["/exact", "/teapot", "/nowhere", "/.well-known/spin/health"] {
        for fields in [
            "",
            "host: a.test\r\nhost: a.test\r\n",
            "host: a.test\r\nhost: b.test\r\n",
            "host: u:p@a.test\r\n",
            "host: \r\n",
        ] {
            let response = raw(&host, &format!("GET {path} HTTP/1.1\r\n{fields}")).await;
            assert!(response.starts_with("HTTP/1.1 400 "), "{path} {fields:?}: {response}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http_1_0_needs_no_host() {
    let host = routed().await;
    for path in ["/exact", "/.well-known/spin/health"] {
        let response = raw(&host, &format!("GET {path} HTTP/1.0\r\n")).await;
        assert!(response.starts_with("HTTP/1.0 200 "), "{path}: {response}");
    }
    let response = raw(&host, "GET /exact HTTP/1.0\r\n").await;
    assert_eq!(header(&response, "authority"), Some("localhost"), "{response}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_method_and_body_reach_the_component() {
    let host = probe("").await;
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"] {
        let request = Request::builder().method(method).uri(host.url("/x"));
        let (_, text) = host.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(text.lines().next().unwrap(), format!("{method} /x"));
    }
    let request = Request::head(host.url("/hello")).body(Full::default()).unwrap();
    assert_eq!(host.send(request).await, (StatusCode::OK, String::new()));
    let body = Bytes::from("0123456789abcdef".repeat(64 * 1024));
    let request = Request::post(host.url("/echo")).body(Full::new(body.clone())).unwrap();
    let (status, text) = host.send(request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(text.as_bytes(), &body[..]);
    assert_eq!(host.text("/large/3000000").await.len(), 3_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_without_a_handler_is_refused_by_name() {
    let app = TestApp::new(
        "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"greeter\"\n[component.greeter]\nsource = \"{greeter}\"\n",
    );
    let line = app.refusal().await;
    assert!(line.contains("\"greeter\"") && line.contains("wasi:http/incoming-handler"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsupported_key_is_refused_by_name() {
    for (manifest, key) in [
        (
            "[[trigger.redis]]\nchannel = \"x\"\ncomponent = \"probe\"\n[component.probe]\nsource = \"{probe}\"\n",
            "redis",
        ),
        (
            "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"probe\"\n[component.probe]\nsource = \"{probe}\"\nai_models = [\"llama2-chat\"]\n",
            "ai_models",
        ),
        (
            "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"probe\"\n[component.probe]\nsource = \"{probe}\"\nmemory = 3\n",
            "memory",
        ),
    ] {
        let line = TestApp::new(manifest).refusal().await;
        assert!(line.contains(key), "{line}");
    }
}
