//! The edge as a whole, with a service that exists for these tests.

use crate::testing::{TestClient, TestRequest, service_token, user_id, with_edge_variables};
use crate::{
    Anonymous, Callers, Calls, Deprecation, HandlerResult, Principal, Programs, RateClass, Route, Service,
    ServiceCaller, TokenHolder, count_request, handler,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Problem, Role, Timestamp};
use spindle_platform::http::Request;
use spindle_platform::migrate::Migration;
use spindle_platform::token::service::Operation;
use spindle_platform::{Context, Platform, Scope, http as platform_http};

mod access_line;
mod audit;
mod export;
mod health;
mod identity;
mod limits;
mod messages;
mod rights;
mod stores;
mod token_holders;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "nothing",
    checksum: "c",
    fingerprint: "f",
    statements: &["CREATE TABLE things (id TEXT)"],
}];

const COUNTERS: Programs = Programs { token_variable: "counters_token", services: Callers::Only(&["ticker"]) };

static SERVICE: Service = Service {
    scope: Scope { service: "things", migrations: MIGRATIONS },
    routes: &[
        Route::public(Method::GET, "/v1/things/{id}", handler!(get)),
        Route::public(Method::PUT, "/v1/things/{id}", handler!(put)).with_body_limit(20),
        Route::public(Method::GET, "/v0/things/{id}", handler!(get)).deprecated(Deprecation {
            since: 1_688_169_599,
            sunset: Some(1_719_792_000),
            notes: "/docs/changes#things",
        }),
        Route::public(Method::POST, "/v1/broken", handler!(broken)),
        Route::public(Method::POST, "/v1/logins", handler!(broken)).with_rate(RateClass::Auth),
        Route::user(Method::GET, "/v1/me", Role::Customer, handler!(me)),
        Route::user(Method::GET, "/v1/me/export", Role::Customer, handler!(me)).with_rate(RateClass::Export),
        Route::user(Method::POST, "/v1/things", Role::Operator, handler!(me)),
        Route::user(Method::POST, "/v1/names", Role::Customer, handler!(rename)),
        Route::public(Method::POST, "/v1/heartbeats/{id}", handler!(heartbeat)).log_at_debug(),
        Route::user_or_program(Method::GET, "/counters", Role::Operator, COUNTERS, handler!(counters)),
    ],
    shared: &[&[Route::service(Method::GET, "/all", Callers::Only(&["gateway"]), handler!(all))]],
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

async fn get(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &json!({ "id": request.param::<String>("id")? })))
}

async fn put(_context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &request.internal_json::<Value>().await?))
}

async fn heartbeat(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    if request.param::<String>("id")? == "unavailable" {
        return Err(Problem::unavailable("The database is unavailable.", 1, "the disk is full"));
    }
    request.param::<u32>("id")?;
    Ok(platform_http::empty(StatusCode::NO_CONTENT))
}

async fn counters(_context: &Context, _: TokenHolder, _request: Request) -> HandlerResult {
    Ok(platform_http::empty(StatusCode::NO_CONTENT))
}

async fn broken(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    Err(Problem::internal("the disk with the s3cret is on fire"))
}

async fn me(_context: &Context, caller: Principal, _request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &json!({ "user": caller.user(), "role": caller.role() })))
}

/// Counts the request in the class `auth` as well, and requires a recent log-in.
async fn rename(context: &Context, caller: Principal, _request: Request) -> HandlerResult {
    count_request(context, caller, RateClass::Auth).await?;
    caller.require_recent_login(context.now())?;
    Ok(platform_http::empty(StatusCode::NO_CONTENT))
}

async fn all(_context: &Context, caller: ServiceCaller, _request: Request) -> HandlerResult {
    let user = caller.on_behalf_of().map(|subject| subject.user);
    Ok(platform_http::json(StatusCode::OK, &json!({ "service": caller.service(), "user": user })))
}

fn platform() -> Platform {
    with_edge_variables(Platform::native())
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_fixed_randomness()
        .with_variable("cors_allowed_origins", "https://shop.example, https://admin.example")
        .build()
}

fn client() -> TestClient {
    TestClient::new(&SERVICE, &platform())
}

#[test]
fn an_unknown_address_is_404_with_problem_details() {
    let response = client().get("/v1/nothing?email=a@b.c").header("x-request-id", "r-1").send();
    let response = response.expect(StatusCode::NOT_FOUND);
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    assert_eq!(response.header("x-request-id"), Some("r-1"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(
        response.json(),
        json!({
            "type": "https://spindle.dev/problems/not-found",
            "title": "Not found",
            "status": 404,
            "detail": "No resource has this address.",
            "instance": "/v1/nothing",
            "request_id": "r-1",
        })
    );
}

#[test]
fn a_method_that_a_resource_does_not_allow_is_405_with_the_allowed_ones() {
    let client = client();
    let response = client.delete("/v1/things/1").send().expect(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.header("allow"), Some("GET, PUT, HEAD, OPTIONS"));
    assert_eq!(response.json()["detail"], "Allows GET, PUT, HEAD, OPTIONS, not DELETE.");
    let response = client.request(Method::OPTIONS, "/v1/things/1").send().expect(StatusCode::NO_CONTENT);
    assert_eq!(response.header("allow"), Some("GET, PUT, HEAD, OPTIONS"));
}

#[test]
fn a_deprecated_operation_announces_its_deprecation_in_every_response() {
    let client = client();
    let response = client.get("/v0/things/1").send();
    assert_eq!(response.header("deprecation"), Some("@1688169599"));
    assert_eq!(response.header("sunset"), Some("Mon, 01 Jul 2024 00:00:00 GMT"));
    assert_eq!(response.header("link"), Some("</docs/changes#things>; rel=\"deprecation\"; type=\"text/html\""));
    let current = client.get("/v1/things/1").send();
    for name in ["deprecation", "sunset", "link"] {
        assert_eq!(current.header(name), None, "{name}");
    }
}

#[test]
fn the_cause_of_a_defect_is_logged_and_not_sent() {
    let client = client();
    let response = client.post("/v1/broken").header("x-request-id", "r-2").send();
    let response = response.expect(StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!String::from_utf8_lossy(response.body()).contains("s3cret"));
    let line: Value = serde_json::from_str(&client.platform().logged()[0]).unwrap();
    assert_eq!((&line["cause"], &line["request_id"]), (&json!("the disk with the s3cret is on fire"), &json!("r-2")));
}

#[test]
fn every_request_has_one_access_line_without_its_query() {
    let client = client();
    client
        .get("/v1/things/1?email=a@b.c")
        .header("spin-client-addr", "127.0.0.1:9")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .send();
    let [line] = client.platform().logged().try_into().unwrap();
    let mut line: Value = serde_json::from_str(&line).unwrap();
    assert!(line["http.server.request.duration"].take().is_number());
    assert_eq!(line["span_id"].take().as_str().unwrap().len(), 16);
    assert_eq!(
        line,
        json!({
            "ts": "2023-11-14T22:13:20.000Z", "level": "info", "service": "things", "message": "request",
            "request_id": "018bcfe5-6800-7000-8000-000000000001", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "span_id": null, "parent_span_id": "00f067aa0ba902b7",
            "http.request.method": "GET", "http.route": "/v1/things/{id}", "url.path": "/v1/things/1",
            "http.response.status_code": 200, "http.response.body.size": 10, "http.server.request.duration": null,
            "rate_limit.remaining": 999_999, "network.peer.address": "127.0.0.1",
        })
    );
}

#[test]
fn the_access_line_of_a_polled_route_is_logged_at_debug_unless_it_fails_otherwise_than_with_503() {
    let lines = |level: &str, path: &str| {
        let client = client();
        client.platform().set_variable("log_level", level);
        client.post(path).send();
        client.platform().logged().iter().filter(|line| line.contains(r#""message":"request""#)).count()
    };
    assert_eq!(lines("info", "/v1/heartbeats/1"), 0);
    assert_eq!(lines("info", "/v1/heartbeats/none"), 1);
    assert_eq!(lines("debug", "/v1/heartbeats/1"), 1);
    assert_eq!(lines("info", "/v1/heartbeats/unavailable"), 0);
    assert_eq!(lines("debug", "/v1/heartbeats/unavailable"), 1);
}

#[test]
fn the_access_line_of_a_readiness_probe_is_logged_at_debug() {
    for (level, expected) in [("info", 0), ("debug", 1)] {
        let platform = platform();
        platform.set_variable("log_level", level);
        let client = TestClient::new(&SERVICE, &platform);
        client.get("/internal/things/ready").as_service("gateway").send().expect(StatusCode::OK);
        let lines = platform.logged();
        assert_eq!(lines.iter().filter(|line| line.contains(r#""message":"request""#)).count(), expected, "{level}");
    }
}

#[test]
fn a_body_over_the_limit_of_the_route_is_413_with_and_without_a_content_length() {
    let client = client();
    let put = |name: &str| client.put("/v1/things/1").json(&json!({ "name": name })).send();
    put("a thing").expect(StatusCode::OK);
    let response = put("a larger thing").expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(response.json()["detail"], "The body may have at most 20 bytes.");
    let announced =
        client.put("/v1/things/1").header("content-type", "application/json").header("content-length", "21");
    announced.send().expect(StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn a_preflight_request_from_an_allowed_origin_gets_the_allowed_methods() {
    let client = client();
    let preflight = |origin: &str| {
        let request = client.request(Method::OPTIONS, "/v1/things/1").header("origin", origin);
        request.header("access-control-request-method", "PUT").send().expect(StatusCode::NO_CONTENT)
    };
    let response = preflight("https://admin.example");
    assert_eq!(response.header("access-control-allow-origin"), Some("https://admin.example"));
    assert_eq!(response.header("access-control-allow-methods"), Some("GET, PUT, HEAD, OPTIONS"));
    for origin in ["https://evil.example", "https://shop.example.evil", "null", "https://SHOP.example", "*"] {
        let response = preflight(origin);
        assert!(!response.headers().keys().any(|name| name.as_str().starts_with("access-control-")), "{origin}");
        assert_eq!(response.header("vary"), Some("origin"));
    }
}

#[test]
fn an_error_can_be_read_across_origins_too() {
    let response = client().get("/nothing").header("origin", "https://shop.example").send();
    let response = response.expect(StatusCode::NOT_FOUND);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://shop.example"));
}

#[test]
fn an_internal_operation_requires_a_token_for_this_operation() {
    let client = client();
    let platform = client.platform();
    let status = |request: TestRequest<'_>| request.send().status();
    let mint = |service, path: &str, age: i64| {
        let now = platform.now();
        platform.set_now(Timestamp::from_millis(now.as_millis() - age * 1000));
        let token = service_token(platform, "gateway", &Operation { service, method: &Method::GET, path });
        platform.set_now(now);
        token
    };
    for path in ["/internal/things/all", "/internal/things/ready/stores"] {
        let with_token = |token: &str| status(client.get(path).bearer(token));
        assert_eq!(with_token(&mint("things", path, 0)), StatusCode::OK);
        assert_eq!(with_token(&mint("orders", path, 0)), StatusCode::UNAUTHORIZED);
        assert_eq!(with_token(&mint("things", "/internal/things/other", 0)), StatusCode::UNAUTHORIZED);
        assert_eq!(with_token(&mint("things", path, 120)), StatusCode::UNAUTHORIZED);
        assert_eq!(with_token("forged"), StatusCode::UNAUTHORIZED);
        assert_eq!(status(client.get(path)), StatusCode::UNAUTHORIZED);
        assert_eq!(status(client.get(path).as_service("gateway")), StatusCode::OK);
        assert_eq!(status(client.get(path).as_service("orders")), StatusCode::FORBIDDEN);
        assert_eq!(status(client.get(path).as_user(user_id(1), Role::Admin)), StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn a_service_without_a_database_has_no_built_in_readiness() {
    static STATELESS: Service = Service {
        scope: Scope { service: "things", migrations: &[] },
        routes: &[],
        shared: &[],
        stores: &[],
        calls: Calls::NONE,
        check: None,
    };
    let client = TestClient::new(&STATELESS, &platform());
    client.get("/internal/things/ready").send().expect(StatusCode::NOT_FOUND);
}
