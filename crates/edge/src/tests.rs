//! The edge as a whole, on a service made up for it.

use crate::testing::{Issuer, service_token, with_edge_variables};
use crate::{
    Anonymous, Callers, Deprecation, HandlerResult, Principal, RateClass, Route, Service, ServiceCaller, handler, serve,
};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Problem, Role, Timestamp, UserId};
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::migrate::Migration;
use spindle_platform::token::service::Operation;
use spindle_platform::{Context, Platform, Scope, http as platform_http};

mod audit;
mod identity;
mod limits;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "nothing",
    checksum: "c",
    fingerprint: "f",
    statements: &["CREATE TABLE things (id TEXT)"],
}];

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
        Route::public(Method::POST, "/v1/tries", handler!(broken)).with_rate(RateClass::Auth),
        Route::user(Method::GET, "/v1/mine", Role::Customer, handler!(mine)),
        Route::user(Method::POST, "/v1/things", Role::Operator, handler!(mine)),
        Route::public(Method::POST, "/v1/heartbeats/{id}", handler!(beat)).log_at_debug(),
    ],
    shared: &[&[Route::service(Method::GET, "/all", Callers::Only(&["gateway"]), handler!(all))]],
};

async fn get(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &json!({ "id": request.param::<String>("id")? })))
}

async fn put(_context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &request.json::<Value>().await?))
}

async fn beat(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    request.param::<u32>("id")?;
    Ok(platform_http::empty(StatusCode::NO_CONTENT))
}

async fn broken(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    Err(Problem::internal("the disk with the s3cret is on fire"))
}

async fn mine(_context: &Context, caller: Principal, _request: Request) -> HandlerResult {
    Ok(platform_http::json(StatusCode::OK, &json!({ "user": caller.user(), "role": caller.role() })))
}

async fn all(_context: &Context, peer: ServiceCaller, _request: Request) -> HandlerResult {
    let user = peer.on_behalf_of().map(|subject| subject.user);
    Ok(platform_http::json(StatusCode::OK, &json!({ "service": peer.service(), "user": user })))
}

fn platform() -> Platform {
    with_edge_variables(Platform::native())
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_fixed_randomness()
        .with_variable("cors_allowed_origins", "https://shop.example, https://admin.example")
        .build()
}

fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

fn send(platform: &Platform, request: http::request::Builder, body: &'static str) -> Response {
    let request = request.body(Body::from(bytes::Bytes::from_static(body.as_bytes()))).unwrap();
    block_on(serve(&SERVICE, platform.clone(), Request::new(request)))
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn an_unknown_address_is_a_whole_problem() {
    let response = send(&platform(), http::Request::get("/v1/nothing?email=a@b.c").header("x-request-id", "r-1"), "");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["x-request-id"], "r-1");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(
        body(&response),
        json!({
            "type": "https://spindle.dev/problems/not-found",
            "title": "There is nothing here",
            "status": 404,
            "detail": "There is nothing at this address.",
            "instance": "/v1/nothing",
            "request_id": "r-1",
        })
    );
}

#[test]
fn a_method_that_a_resource_does_not_take_is_405_with_those_it_takes() {
    let response = send(&platform(), http::Request::delete("/v1/things/1"), "");
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "GET, PUT, HEAD, OPTIONS");
    let response = send(&platform(), http::Request::options("/v1/things/1"), "");
    assert_eq!(
        (response.status(), &response.headers()["allow"]),
        (StatusCode::NO_CONTENT, &"GET, PUT, HEAD, OPTIONS".parse().unwrap())
    );
}

#[test]
fn an_operation_that_will_go_away_says_so_whatever_it_answers() {
    let response = send(&platform(), http::Request::get("/v0/things/1"), "");
    assert_eq!(response.headers()["deprecation"], "@1688169599");
    assert_eq!(response.headers()["sunset"], "Mon, 01 Jul 2024 00:00:00 GMT");
    assert_eq!(response.headers()["link"], "</docs/changes#things>; rel=\"deprecation\"; type=\"text/html\"");
    let fresh = send(&platform(), http::Request::get("/v1/things/1"), "");
    for name in ["deprecation", "sunset", "link"] {
        assert!(!fresh.headers().contains_key(name), "{name}");
    }
}

#[test]
fn the_cause_of_a_defect_is_logged_and_not_told() {
    let platform = platform();
    let response = send(&platform, http::Request::post("/v1/broken").header("x-request-id", "r-2"), "");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!String::from_utf8_lossy(response.body()).contains("s3cret"));
    let line: Value = serde_json::from_str(&platform.logged()[0]).unwrap();
    assert_eq!((&line["cause"], &line["request_id"]), (&json!("the disk with the s3cret is on fire"), &json!("r-2")));
}

#[test]
fn every_request_leaves_one_access_line_without_its_query() {
    let platform = platform();
    let request = http::Request::get("/v1/things/1?email=a@b.c").header("spin-client-addr", "127.0.0.1:9");
    send(&platform, request.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), "");
    let [line] = platform.logged().try_into().unwrap();
    let mut line: Value = serde_json::from_str(&line).unwrap();
    assert!(line["ms"].take().is_number());
    assert_eq!(
        line,
        json!({
            "ts": "2023-11-14T22:13:20.000Z", "level": "info", "service": "things", "message": "request",
            "request_id": "018bcfe5-6800-7000-8000-000000000001", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "method": "GET", "path": "/v1/things/1", "status": 200, "bytes": 10, "ms": null, "peer": "127.0.0.1:9",
        })
    );
}

#[test]
fn what_is_asked_every_second_leaves_a_line_only_if_it_fails_or_somebody_debugs() {
    let lines = |level: &str, path: &str| {
        let platform = platform();
        platform.set_variable("log_level", level);
        send(&platform, http::Request::post(path), "");
        platform.logged().iter().filter(|line| line.contains(r#""message":"request""#)).count()
    };
    assert_eq!(lines("info", "/v1/heartbeats/1"), 0);
    assert_eq!(lines("info", "/v1/heartbeats/none"), 1);
    assert_eq!(lines("debug", "/v1/heartbeats/1"), 1);
}

#[test]
fn a_body_over_the_limit_of_the_route_is_413_announced_or_not() {
    let request = || http::Request::put("/v1/things/1").header("content-type", "application/json");
    assert_eq!(send(&platform(), request(), r#"{"name":"a thing"}"#).status(), StatusCode::OK);
    let response = send(&platform(), request(), r#"{"name":"a larger thing"}"#);
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(body(&response)["detail"], "The body may be up to 20 bytes long.");
    assert_eq!(send(&platform(), request().header("content-length", "21"), "").status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn a_preflight_from_an_allowed_origin_is_told_what_it_may() {
    let ask = |origin: &str| {
        let request = http::Request::options("/v1/things/1").header("origin", origin);
        send(&platform(), request.header("access-control-request-method", "PUT"), "")
    };
    let response = ask("https://admin.example");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://admin.example");
    assert_eq!(response.headers()["access-control-allow-methods"], "GET, PUT, HEAD, OPTIONS");
    for origin in ["https://evil.example", "https://shop.example.evil", "null", "https://SHOP.example", "*"] {
        let response = ask(origin);
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(!response.headers().keys().any(|name| name.as_str().starts_with("access-control-")), "{origin}");
        assert_eq!(response.headers()["vary"], "origin");
    }
}

#[test]
fn an_error_can_be_read_across_origins_too() {
    let response = send(&platform(), http::Request::get("/nothing").header("origin", "https://shop.example"), "");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://shop.example");
}

#[test]
fn an_internal_operation_takes_only_a_token_for_itself() {
    let platform = platform();
    let call = |path: &str, token: Option<String>| {
        let request = http::Request::get(path);
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        send(&platform, request, "").status()
    };
    let mint = |service, path: &str, age: i64| {
        let now = platform.now();
        platform.set_now(Timestamp::from_millis(now.as_millis() - age * 1000));
        let token = service_token(&platform, "gateway", &Operation { service, method: &Method::GET, path });
        platform.set_now(now);
        Some(token)
    };
    for path in ["/internal/things/all", "/internal/things/ready"] {
        assert_eq!(call(path, mint("things", path, 0)), StatusCode::OK);
        assert_eq!(call(path, None), StatusCode::UNAUTHORIZED);
        assert_eq!(call(path, mint("orders", path, 0)), StatusCode::UNAUTHORIZED);
        assert_eq!(call(path, mint("things", "/internal/things/other", 0)), StatusCode::UNAUTHORIZED);
        assert_eq!(call(path, mint("things", path, 120)), StatusCode::UNAUTHORIZED);
        assert_eq!(call(path, Some("forged".into())), StatusCode::UNAUTHORIZED);
        let operation = Operation { service: "things", method: &Method::GET, path };
        assert_eq!(call(path, Some(service_token(&platform, "orders", &operation))), StatusCode::FORBIDDEN);
        let user = Issuer::new(&platform).token(user(1), Role::Admin);
        assert_eq!(call(path, Some(user)), StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn a_service_without_a_database_has_no_readiness_of_its_own() {
    static STATELESS: Service =
        Service { scope: Scope { service: "things", migrations: &[] }, routes: &[], shared: &[] };
    let request = Request::new(http::Request::get("/internal/things/ready").body(Body::empty()).unwrap());
    assert_eq!(block_on(serve(&STATELESS, platform(), request)).status(), StatusCode::NOT_FOUND);
}
