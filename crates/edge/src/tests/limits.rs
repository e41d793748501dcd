//! Rate limits at the edge.

use super::{body, send, user};
use crate::testing::{Issuer, with_edge_variables};
use http::StatusCode;
use spindle_contracts::{Role, Timestamp};
use spindle_platform::Platform;
use spindle_platform::http::Response;

fn platform() -> Platform {
    with_edge_variables(Platform::native())
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_variable("rate_limit_read", "3/60")
        .with_variable("rate_limit_auth", "2/60")
        .with_variable("trusted_proxies", "10.0.0.0/8")
        .build()
}

fn read(platform: &Platform, peer: &str, forwarded: Option<&str>) -> Response {
    let mut request = http::Request::get("/v1/things/1").header("spin-client-addr", peer);
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    send(platform, request, "")
}

fn state(response: &Response) -> &str {
    response.headers()["ratelimit"].to_str().unwrap()
}

#[test]
fn what_is_over_the_limit_waits_until_the_window_closes() {
    let platform = platform();
    for left in ["\"read\";r=2;t=60", "\"read\";r=1;t=60", "\"read\";r=0;t=60"] {
        let response = read(&platform, "203.0.113.1:1", None);
        assert_eq!((response.status(), state(&response)), (StatusCode::OK, left));
        assert_eq!(response.headers()["ratelimit-policy"], "\"read\";q=3;w=60");
    }
    platform.set_now(Timestamp::from_millis(1_700_000_020_000));
    let response = read(&platform, "203.0.113.1:2", None);
    assert_eq!((response.status(), state(&response)), (StatusCode::TOO_MANY_REQUESTS, "\"read\";r=0;t=40"));
    assert_eq!(response.headers()["retry-after"], "40");
    assert_eq!(body(&response)["type"], "https://spindle.dev/problems/rate-limited");
    platform.set_now(Timestamp::from_millis(1_700_000_060_000));
    let response = read(&platform, "203.0.113.1:3", None);
    assert_eq!((response.status(), state(&response)), (StatusCode::OK, "\"read\";r=2;t=60"));
}

#[test]
fn each_client_has_a_limit_of_its_own() {
    let platform = platform();
    for _ in 0..4 {
        read(&platform, "203.0.113.1:1", None);
    }
    for other in ["203.0.113.2:1", "[2001:db8::1]:1"] {
        assert_eq!(read(&platform, other, None).status(), StatusCode::OK, "{other}");
    }
    // One customer of an IPv6 provider is one client.
    for last in 2..4 {
        read(&platform, &format!("[2001:db8::{last}]:1"), None);
    }
    assert_eq!(read(&platform, "[2001:db8::9]:1", None).status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_client_behind_our_proxy_is_told_from_the_others_and_nobody_else_is_believed() {
    let platform = platform();
    for _ in 0..4 {
        read(&platform, "10.0.0.1:1", Some("203.0.113.1"));
        read(&platform, "203.0.113.5:1", Some("203.0.113.6"));
    }
    assert_eq!(read(&platform, "10.0.0.1:1", Some("203.0.113.1")).status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(read(&platform, "10.0.0.1:1", Some("203.0.113.2")).status(), StatusCode::OK);
    assert_eq!(read(&platform, "203.0.113.5:1", Some("203.0.113.7")).status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_user_is_counted_wherever_the_requests_come_from() {
    let platform = platform();
    let issuer = Issuer::new(&platform);
    let ask = |number, peer: &str| {
        let token = issuer.token(user(number), Role::Customer);
        let request = http::Request::get("/v1/mine").header("authorization", format!("Bearer {token}"));
        send(&platform, request.header("spin-client-addr", peer), "").status()
    };
    for peer in ["203.0.113.1:1", "203.0.113.2:1", "203.0.113.3:1"] {
        assert_eq!(ask(1, peer), StatusCode::OK);
    }
    assert_eq!(ask(1, "203.0.113.4:1"), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(2, "203.0.113.1:1"), StatusCode::OK);
}

#[test]
fn who_tries_tokens_is_stopped() {
    let platform = platform();
    let ask = || {
        let request = http::Request::get("/v1/mine").header("authorization", "Bearer a.b.c");
        send(&platform, request.header("spin-client-addr", "203.0.113.1:1"), "").status()
    };
    for _ in 0..3 {
        assert_eq!(ask(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(ask(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn when_nothing_can_be_counted_reads_go_on_and_passwords_are_not_tried() {
    let platform = platform();
    platform.fail_stores(true);
    for _ in 0..5 {
        assert_eq!(read(&platform, "203.0.113.1:1", None).status(), StatusCode::OK);
    }
    let response = send(&platform, http::Request::post("/v1/tries"), "");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
}
