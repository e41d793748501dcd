//! Rate limits at the edge.

use crate::testing::{TestClient, TestResponse, user_id, with_edge_variables};
use http::StatusCode;
use spindle_contracts::{Role, Timestamp};
use spindle_platform::Platform;

fn client() -> TestClient {
    let platform = with_edge_variables(Platform::native())
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_variable("rate_limit_read", "3/60")
        .with_variable("rate_limit_auth", "2/60")
        .with_variable("trusted_proxies", "10.0.0.0/8")
        .build();
    TestClient::new(&super::SERVICE, &platform)
}

fn read(client: &TestClient, peer: &str, forwarded: Option<&str>) -> TestResponse {
    let mut request = client.get("/v1/things/1").header("spin-client-addr", peer);
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    request.send()
}

fn quota(response: &TestResponse) -> &str {
    response.header("ratelimit").unwrap()
}

#[test]
fn requests_over_the_limit_are_429_until_the_window_closes() {
    let client = client();
    for remaining in ["\"read\";r=2;t=60", "\"read\";r=1;t=60", "\"read\";r=0;t=60"] {
        let response = read(&client, "203.0.113.1:1", None);
        assert_eq!((response.status(), quota(&response)), (StatusCode::OK, remaining));
        assert_eq!(response.header("ratelimit-policy"), Some("\"read\";q=3;w=60"));
    }
    client.platform().set_now(Timestamp::from_millis(1_700_000_020_000));
    let response = read(&client, "203.0.113.1:2", None);
    assert_eq!((response.status(), quota(&response)), (StatusCode::TOO_MANY_REQUESTS, "\"read\";r=0;t=40"));
    assert_eq!(response.header("retry-after"), Some("40"));
    assert_eq!(response.json()["type"], "https://spindle.dev/problems/rate-limited");
    assert_eq!(response.json()["detail"], "Exceeds the limit of 3 requests of this kind in 60 seconds.");
    client.platform().set_now(Timestamp::from_millis(1_700_000_060_000));
    let response = read(&client, "203.0.113.1:3", None);
    assert_eq!((response.status(), quota(&response)), (StatusCode::OK, "\"read\";r=2;t=60"));
}

#[test]
fn each_client_has_a_separate_limit() {
    let client = client();
    for _ in 0..4 {
        read(&client, "203.0.113.1:1", None);
    }
    for other in ["203.0.113.2:1", "[2001:db8::1]:1"] {
        assert_eq!(read(&client, other, None).status(), StatusCode::OK, "{other}");
    }
    // One customer of an IPv6 provider is one client.
    for last in 2..4 {
        read(&client, &format!("[2001:db8::{last}]:1"), None);
    }
    assert_eq!(read(&client, "[2001:db8::9]:1", None).status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_client_is_identified_by_the_address_that_a_trusted_proxy_forwards() {
    let client = client();
    for _ in 0..4 {
        read(&client, "10.0.0.1:1", Some("203.0.113.1"));
        read(&client, "203.0.113.5:1", Some("203.0.113.6"));
    }
    assert_eq!(read(&client, "10.0.0.1:1", Some("203.0.113.1")).status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(read(&client, "10.0.0.1:1", Some("203.0.113.2")).status(), StatusCode::OK);
    assert_eq!(read(&client, "203.0.113.5:1", Some("203.0.113.7")).status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn the_requests_of_a_user_are_counted_from_all_addresses() {
    let client = client();
    let status = |number, peer: &str| {
        let request = client.get("/v1/me").as_user(user_id(number), Role::Customer);
        request.header("spin-client-addr", peer).send().status()
    };
    for peer in ["203.0.113.1:1", "203.0.113.2:1", "203.0.113.3:1"] {
        assert_eq!(status(1, peer), StatusCode::OK);
    }
    assert_eq!(status(1, "203.0.113.4:1"), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status(2, "203.0.113.1:1"), StatusCode::OK);
}

#[test]
fn a_client_that_guesses_tokens_is_limited() {
    let client = client();
    let status = || {
        let request = client.get("/v1/me").bearer("a.b.c").header("spin-client-addr", "203.0.113.1:1");
        request.send().status()
    };
    for _ in 0..3 {
        assert_eq!(status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn while_requests_cannot_be_counted_reads_are_served_and_log_ins_and_exports_are_refused() {
    let client = client();
    client.platform().fail_stores(true);
    for _ in 0..5 {
        assert_eq!(read(&client, "203.0.113.1:1", None).status(), StatusCode::OK);
    }
    for request in [client.post("/v1/logins"), client.get("/v1/me/export").as_role(Role::Customer)] {
        let response = request.send().expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.header("retry-after"), Some("1"));
    }
}

#[test]
fn a_request_that_its_handler_counts_once_more_is_limited_by_both_classes() {
    let client = client();
    let rename = |number| client.post("/v1/names").as_user(user_id(number), Role::Customer).send();
    for _ in 0..2 {
        let response = rename(1).expect(StatusCode::NO_CONTENT);
        assert!(quota(&response).starts_with("\"write\""), "{response:?}");
    }
    let response = rename(1).expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.problem(), "429 rate-limited");
    assert_eq!((quota(&response), response.header("retry-after")), ("\"auth\";r=0;t=60", Some("60")));
    assert_eq!(response.header("ratelimit-policy"), Some("\"auth\";q=2;w=60"));
    rename(2).expect(StatusCode::NO_CONTENT);
    client.platform().fail_stores(true);
    let response = rename(3).expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), Some("1"));
}
