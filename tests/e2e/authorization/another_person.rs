//! The resources of another person: in the path, in the query and in the body, each reads as one that does not exist.

use super::fixture::{self, Fixture, text};
use super::table::row_of;
use super::{Request, path, resource_path};
use serde_json::{Value, json};
use spindle_tests::documents::{Operation, operations};
use spindle_tests::orders::{order_body, place_order, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Response};

/// An id that no resource has.
const UNKNOWN_ID: &str = "0190a5c0-0000-7000-8000-000000000000";

/// Returns the operations for customers on a resource of one of them.
fn owned() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| row_of(operation).is_owned(operation))
}

/// Returns a response without what differs from request to request.
fn essence(response: &Response) -> (u16, Value) {
    let mut body = if response.body.is_empty() { Value::Null } else { response.json() };
    for member in ["instance", "request_id"] {
        if let Some(body) = body.as_object_mut() {
            body.remove(member);
        }
    }
    (response.status, body)
}

#[test]
fn a_resource_of_another_customer_reads_as_one_that_does_not_exist() {
    let fixture = Fixture::new();
    let (mut checked, mut failures) = (0, Vec::new());
    for operation in owned() {
        let row = row_of(operation);
        let id = row.resource.expect("an owned resource")(&fixture);
        let state = || fixture.read(&resource_path(operation, &id));
        let before = state();
        let mut callers: Vec<(&str, &Client)> = vec![("another customer", fixture.stranger())];
        if !row.is_visible_to_operators() {
            callers.push(("an operator", fixture.operator()));
        }
        for (caller, client) in callers {
            let [of_another, unknown] =
                [id.as_str(), UNKNOWN_ID].map(|id| essence(&Request::new(&fixture, operation, Some(id)).send(client)));
            if of_another.0 != 404 || of_another != unknown {
                failures
                    .push(format!("{} as {caller}: {of_another:?}, and {unknown:?} for an unknown id", operation.id));
            }
        }
        if state() != before {
            failures.push(format!("{}: a refused request has changed the resource", operation.id));
        }
        if row.is_visible_to_operators() && operation.is_read() {
            let response = fixture.operator().get(&path(operation, Some(&id)));
            if response.status != 200 {
                failures.push(format!("{} as an operator: {}", operation.id, response.status));
            }
        }
        checked += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(checked >= 8, "the document has operations on resources of customers: {checked}");
}

#[test]
fn a_list_that_names_another_customer_or_a_resource_of_theirs_is_empty_or_refused() {
    let fixture = Fixture::new();
    let order = place_order(&fixture.owner.client, &fixture.product, 1, "pm_declined");
    let notification = fixture.owner.client.get(&format!("/v1/notifications/{}", fixture::notification(&fixture)));
    let trigger_id = text(&notification.expect_status(200).json()["event"]["id"]);
    let mut checked = 0;
    for operation in operations().iter().filter(|operation| operation.role.as_deref() == Some("customer")) {
        for parameter in operation.parameters("query").into_iter().filter(|name| name.ends_with("_id")) {
            let id = match parameter {
                "user_id" => &fixture.owner.id,
                "order_id" => &order.id,
                "trigger_id" => &trigger_id,
                other => panic!("{}: say here which {other} the owner has", operation.id),
            };
            let [of_another, unknown] = [id.as_str(), UNKNOWN_ID]
                .map(|id| fixture.stranger().get(&format!("{}?{parameter}={id}", operation.path)));
            assert_eq!(essence(&of_another), essence(&unknown), "{} with {parameter}", operation.id);
            let is_empty = of_another.status == 200 && of_another.json()["items"] == json!([]);
            assert!(is_empty || matches!(of_another.status, 403 | 404), "{}: {of_another:?}", operation.id);
            checked += 1;
        }
    }
    assert!(checked >= 3, "the document has lists that can be asked for one owner: {checked}");
}

#[test]
fn an_address_of_another_customer_cannot_be_ordered_to() {
    let fixture = Fixture::new();
    let address = json!({
        "label": "Home", "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
    });
    let owner =
        fixture.owner.client.patch("/v1/users/me", "*", &json!({"addresses": [address]})).expect_status(200).json();
    let order = |client: &Client, id: &Value| {
        let mut body = order_body(&[(&fixture.product.id, 1)], "pm_declined");
        body.as_object_mut().expect("an object").remove("shipping_address");
        body["shipping_address_id"] = id.clone();
        try_place_order(client, &unique_key(), &body)
    };
    let id = &owner["addresses"][0]["id"];
    let refused = order(fixture.stranger(), id);
    expect_problem(&refused, 422, "validation-failed");
    assert_eq!(essence(&refused), essence(&order(fixture.stranger(), &json!(UNKNOWN_ID))));
    order(&fixture.owner.client, id).expect_status(201);
}
