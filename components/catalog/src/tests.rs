//! Tests of the whole catalog service, on the native platform.

use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::platform::Builder;

mod cache;
mod events;
mod import;
mod model;
mod plans;
mod product_list;
mod products;
mod reservations;
mod search;
mod statement_counts;

fn builder() -> Builder {
    with_edge_variables(Platform::native())
        .with_variable("catalog_cache", "off")
        .with_variable("reservation_seconds", "1200")
        .with_variable("event_retention_seconds", "604800")
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_fixed_randomness()
}

fn platform() -> Platform {
    with_issuer(builder())
}

/// Builds the platform, with an issuer of access tokens.
fn with_issuer(builder: Builder) -> Platform {
    let platform = builder.build();
    Issuer::new(&platform);
    platform
}

fn token(platform: &Platform, role: Role) -> String {
    let user = UserId(uuid::Uuid::from_u128(1));
    format!("Bearer {}", Issuer::with_key(platform, 7).token(user, role))
}

/// Sends a request as an operator.
fn send(platform: &Platform, method: Method, target: &str, headers: &[(&str, &str)], body: Option<Value>) -> Response {
    let operator = token(platform, Role::Operator);
    let json = ("content-type", "application/json");
    let headers = [headers, &[("authorization", operator.as_str()), json]].concat();
    let body = body.map_or_else(Body::empty, |value| Body::from(Bytes::from(value.to_string())));
    send_as_is(platform, method, target, &headers, body)
}

fn send_as_is(platform: &Platform, method: Method, target: &str, headers: &[(&str, &str)], body: Body) -> Response {
    let mut request = http::Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    block_on(spindle_edge::serve(&SERVICE, platform.clone(), Request::new(request.body(body).unwrap())))
}

/// Sends a GET request without a token.
fn get(platform: &Platform, target: &str) -> Response {
    send_as_is(platform, Method::GET, target, &[], Body::empty())
}

/// Returns the body of a request that creates a product.
fn product_input(sku: &str) -> Value {
    json!({
        "sku": sku,
        "name": format!("Lamp {sku}"),
        "description": "Gives light.",
        "price": { "amount": 1299, "currency": "EUR" },
        "category": "lamps",
        "attributes": { "colour": "red", "watts": 5, "dimmable": true },
        "stock": { "quantity": 10 },
    })
}

/// Returns `input` with some of its members changed.
fn with(mut input: Value, changes: Value) -> Value {
    input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    input
}

fn create(platform: &Platform, input: Value) -> Value {
    let response = send(platform, Method::POST, "/v1/products", &[], Some(input));
    assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.body());
    body(&response)
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// Returns the SKUs of the items in `response`.
fn skus(response: &Response) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
    let items = body(response)["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_routes_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
