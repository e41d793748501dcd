//! Tests of the whole catalog service, on the native platform.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::platform::Builder;

mod cache;
mod events;
mod import;
mod model;
mod plans;
mod product_list;
mod products;
mod reservations;
mod schemas;
mod search;
mod search_folding;
mod statement_counts;
mod stock;

fn builder() -> Builder {
    with_edge_variables(Platform::native())
        .with_variable("catalog_cache", "off")
        .with_variable("reservation_seconds", "1200")
        .with_variable("event_retention_seconds", "604800")
        .at(Timestamp::from_millis(1_700_000_000_000))
        .with_fixed_randomness()
}

pub(crate) fn client() -> TestClient {
    TestClient::new(&SERVICE, &builder().build())
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
        "stock": { "on_hand": 10 },
    })
}

/// Returns `input` with some of its members changed.
fn with(mut input: Value, changes: Value) -> Value {
    input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    input
}

fn create(client: &TestClient, input: Value) -> Value {
    let response = client.post("/v1/products").as_role(Role::Operator).json(&input).send();
    response.expect(StatusCode::CREATED).json()
}

/// Returns the SKUs of the items in `response`.
fn skus(response: &TestResponse) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
    let items = response.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_routes_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
