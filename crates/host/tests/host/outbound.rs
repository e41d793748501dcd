//! Tests of the calls of components: hosts outside, each other, and the application itself.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::support::{PROBE, TestApp, TestHost, probe};

/// Starts a server outside the application, which responds with `outside` to every request.
async fn outside() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(|_| async { Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("outside"))) });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    format!("http://{address}")
}

/// `front` may call `back`, which is private, and a component that does not exist.
async fn chained() -> TestHost {
    TestApp::new(
        "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"front\"\n\
         [[trigger.http]]\nroute = { private = true }\ncomponent = \"back\"\n\
         [component.front]\nsource = \"{probe}\"\n\
         allowed_outbound_hosts = [\"http://back.spin.internal\", \"http://ghost.spin.internal\"]\n\
         [component.back]\nsource = \"{probe}\"\n",
    )
    .start()
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_listed_is_denied() {
    let server = outside().await;
    let host = probe("allowed_outbound_hosts = [\"http://example.com\"]\n").await;
    assert_eq!(host.post("/fetch", &server).await, "error: ErrorCode::HttpRequestDenied");
    let host = probe("").await;
    assert_eq!(host.post("/fetch", &server).await, "error: ErrorCode::HttpRequestDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_host_can_be_called() {
    let server = outside().await;
    let host = probe(&format!("allowed_outbound_hosts = [{server:?}]\n")).await;
    for _ in 0..3 {
        assert_eq!(host.post("/fetch", &server).await, "200 outside");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_respond_is_an_error_for_the_component() {
    let host = probe("allowed_outbound_hosts = [\"http://127.0.0.1:1\", \"http://no-such-host.invalid\"]\n").await;
    assert_eq!(host.post("/fetch", "http://127.0.0.1:1/").await, "error: ErrorCode::ConnectionRefused");
    let unknown = host.post("/fetch", "http://no-such-host.invalid/").await;
    assert!(unknown.starts_with("error: ErrorCode::DnsError"), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_component_reaches_a_blocked_network() {
    let server = outside().await;
    let app = TestApp::new(&format!("{PROBE}allowed_outbound_hosts = [\"http://*:*\"]\n"));
    app.write("runtime.toml", "[outbound_networking]\nblock_networks = [\"127.0.0.0/8\", \"::1/128\"]\n");
    let file = app.path("runtime.toml");
    let host = app.start_with(|options| options.runtime_config = Some(file)).await;
    let named = server.replace("127.0.0.1", "localhost");
    for url in [server, named] {
        assert_eq!(host.post("/fetch", &url).await, "error: ErrorCode::DestinationIpProhibited", "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_opened_than_allowed() {
    let server = outside().await;
    let app = TestApp::new(&format!("{PROBE}allowed_outbound_hosts = [{server:?}]\n"));
    app.write("runtime.toml", "[outbound_http]\nmax_connections = 1\n");
    let file = app.path("runtime.toml");
    let host = app.start_with(|options| options.runtime_config = Some(file)).await;
    for _ in 0..3 {
        assert_eq!(host.post("/fetch", &server).await, "200 outside");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_follow_the_same_list() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let host = probe("").await;
    assert!(host.text(&format!("/tcp/{address}")).await.starts_with("error: "));
    let host = probe(&format!("allowed_outbound_hosts = [\"tcp://{address}\"]\n")).await;
    assert_eq!(host.text(&format!("/tcp/{address}")).await, "connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_can_call_its_own_application() {
    let host = probe("allowed_outbound_hosts = [\"http://self\"]\n").await;
    assert_eq!(host.post("/fetch", "http://self.alt/hello").await, "200 hello");
    // As in Spin, a path alone is no address, even if everything is allowed.
    assert_eq!(host.post("/fetch", "/hello").await, "error: ErrorCode::HttpRequestUriInvalid");
    let host = probe("").await;
    assert_eq!(host.post("/fetch", "http://self.alt/hello").await, "error: ErrorCode::HttpRequestDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_component_is_reached_by_chaining_only() {
    let host = chained().await;
    assert_eq!(host.post("/fetch", "http://back.spin.internal/hello").await, "200 hello");
    assert_eq!(host.host.counts().chained, 1);
    let seen = host.post("/fetch", "http://back.spin.internal/internal/x?y").await;
    assert!(seen.starts_with("200 GET /internal/x?y\nauthority: back.spin.internal\n"), "{seen}");
    assert!(seen.contains("spin-client-addr: 0.0.0.0:0") && seen.contains("spin-path-info: /internal/x"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn chaining_needs_to_be_allowed() {
    let app = TestApp::new(&format!(
        "{PROBE}[[trigger.http]]\nroute = \"/b\"\ncomponent = \"b\"\n[component.b]\nsource = \"{{probe}}\"\n"
    ));
    let host = app.start().await;
    assert_eq!(host.post("/fetch", "http://b.spin.internal/hello").await, "error: ErrorCode::HttpRequestDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_target_traps_the_caller_and_a_trap_in_the_target_is_an_empty_500() {
    let host = chained().await;
    assert_eq!(host.get("/hello").await.0, StatusCode::OK);
    let request = http::Request::post(host.url("/fetch")).body(Full::from("http://ghost.spin.internal/")).unwrap();
    assert_eq!(host.send(request).await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    assert_eq!(host.post("/fetch", "http://back.spin.internal/trap").await, "500 ");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_pass_through_a_chain() {
    let host = chained().await;
    let text = host.post("/fetch", "http://back.spin.internal/large/2000000").await;
    assert_eq!(text.len(), "200 ".len() + 2_000_000);
}
