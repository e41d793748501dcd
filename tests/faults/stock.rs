//! Check 10: concurrent reservations never exceed the stock, and each order is reserved, committed, shipped and released once.

use std::thread;

use serde_json::{Value, json};
use spindle_tests::database::until_available;
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{Instance, Response};

use crate::internal_calls::{SECRET, now, start};

const RESERVATIONS: &str = "/internal/catalog/reservations";

/// Returns the id of order `number`.
fn order_id(number: usize) -> String {
    format!("0190a5c0-0000-7000-8000-{number:012x}")
}

/// Sends `path` of the catalog as orders, with a token for this operation.
fn call_catalog(instance: &Instance, path: &str, body: Option<&Value>) -> Response {
    let body = body.map(Value::to_string);
    let send = || {
        let token = service_token(SECRET, service_claims("orders", "catalog", &format!("POST {path}"), now()));
        let headers = [("content-type", "application/json"), ("authorization", &format!("Bearer {token}"))];
        Some(instance.client().send("POST", path, &headers, body.as_deref().map(str::as_bytes)))
    };
    until_available(send).expect("a response")
}

fn reserve(instance: &Instance, number: usize, lines: &[(&str, u32)]) -> Response {
    let line = |(product_id, quantity): &(&str, u32)| json!({"product_id": product_id, "quantity": quantity});
    let lines: Vec<Value> = lines.iter().map(line).collect();
    call_catalog(instance, RESERVATIONS, Some(&json!({"order_id": order_id(number), "lines": lines})))
}

fn settle(instance: &Instance, number: usize, step: &str) -> Response {
    call_catalog(instance, &format!("{RESERVATIONS}/{}/{step}", order_id(number)), None)
}

/// Returns the responses of `count` concurrent calls.
fn concurrently(count: usize, call: impl Fn(usize) -> Response + Sync) -> Vec<Response> {
    thread::scope(|scope| {
        let call = &call;
        let calls: Vec<_> = (0..count).map(|number| scope.spawn(move || call(number))).collect();
        calls.into_iter().map(|call| call.join().expect("every call has a response")).collect()
    })
}

fn available(instance: &Instance, path: &str) -> Value {
    instance.client().get(path).expect_status(200).json()["stock"]["available"].clone()
}

#[test]
fn two_hundred_buyers_get_exactly_the_hundred_pieces_in_stock() {
    const BUYERS: usize = 200;
    const PIECES: usize = 100;
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({"stock": {"on_hand": PIECES}}));
    let responses = concurrently(BUYERS, |number| reserve(&instance, number, &[(&product.id, 1)]));
    let (mut held, mut refused) = (Vec::new(), 0);
    for (number, response) in responses.iter().enumerate() {
        if response.status == 201 {
            held.push(number);
        } else {
            let problem = expect_problem(response, 409, "conflict");
            assert_eq!(problem["errors"][0]["pointer"], "/lines/0/quantity", "{problem}");
            refused += 1;
        }
    }
    assert_eq!((held.len(), refused), (PIECES, BUYERS - PIECES));
    assert_eq!(available(&instance, &product.path), 0);

    // Half of the reservations are committed, half released, all at once.
    let settled =
        concurrently(PIECES, |index| settle(&instance, held[index], if index % 2 == 0 { "commit" } else { "release" }));
    settled.into_iter().for_each(|response| drop(response.expect_status(200)));
    assert_eq!(available(&instance, &product.path), PIECES / 2);
    // The sold pieces are on the shelf until they are shipped: a count below them is a conflict.
    let stock = format!("{}/stock", product.path);
    let headers = [("content-type", "application/json")];
    let count = |on_hand: usize| {
        operator.send("PUT", &stock, &headers, Some(json!({"on_hand": on_hand}).to_string().as_bytes()))
    };
    expect_problem(&count(PIECES / 2 - 1), 409, "conflict");
    let shipped = concurrently(PIECES / 2, |index| settle(&instance, held[2 * index], "ship"));
    shipped.into_iter().for_each(|response| drop(response.expect_status(200)));
    let expected = json!({"on_hand": PIECES / 2, "reserved": 0, "allocated": 0, "available": PIECES / 2});
    assert_eq!(operator.get(&stock).expect_status(200).json(), expected);
    // Nothing belongs to an order any more: a stock of zero is no conflict.
    count(0).expect_status(200);
    assert_eq!(available(&instance, &product.path), 0);
}

#[test]
fn a_reservation_that_is_sent_many_times_at_once_is_made_committed_and_released_once() {
    const TIMES: usize = 30;
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let changes = json!({"name": "Lantern", "price": {"amount": 250, "currency": "EUR"}, "stock": {"on_hand": 10}});
    let product = create_product(&instance.admin().client, &changes);

    let responses = concurrently(TIMES, |_| reserve(&instance, 1, &[(&product.id, 3)]));
    assert_eq!(responses.iter().filter(|response| response.status == 201).count(), 1);
    for response in &responses {
        assert!(matches!(response.status, 200 | 201), "{}", response.text());
        assert_eq!(response.json(), responses[0].json());
    }
    let line = json!({
        "product_id": product.id, "quantity": 3, "sku": product.body["sku"], "name": "Lantern",
        "unit_price": {"amount": 250, "currency": "EUR"},
    });
    assert_eq!(responses[0].json()["lines"], json!([line]), "orders need the name and the price of the product");
    assert_eq!(available(&instance, &product.path), 7);
    expect_problem(&reserve(&instance, 1, &[(&product.id, 4)]), 409, "conflict");

    for (step, left) in [("commit", 7), ("release", 10)] {
        for response in concurrently(TIMES, |_| settle(&instance, 1, step)) {
            response.expect_status(200);
        }
        assert_eq!(available(&instance, &product.path), left, "after {step}");
    }
    expect_problem(&settle(&instance, 1, "commit"), 409, "conflict");
    expect_problem(&reserve(&instance, 1, &[(&product.id, 3)]), 409, "conflict");
    assert_eq!(available(&instance, &product.path), 10);
}

#[test]
fn a_shipment_that_is_sent_many_times_at_once_takes_the_stock_once() {
    const TIMES: usize = 30;
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({"stock": {"on_hand": 10}}));
    reserve(&instance, 1, &[(&product.id, 3)]).expect_status(201);
    for (step, on_hand, allocated) in [("commit", 10, 3), ("ship", 7, 0)] {
        for response in concurrently(TIMES, |_| settle(&instance, 1, step)) {
            response.expect_status(200);
        }
        let stock = operator.get(&format!("{}/stock", product.path)).expect_status(200).json();
        assert_eq!(stock, json!({"on_hand": on_hand, "reserved": 0, "allocated": allocated, "available": 7}));
    }
    expect_problem(&settle(&instance, 1, "release"), 409, "conflict");
}

#[test]
fn an_order_that_cannot_be_reserved_completely_is_not_reserved_at_all() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let operator = instance.admin().client;
    let product = |on_hand: u32| create_product(&operator, &json!({"stock": {"on_hand": on_hand}}));
    let (plenty, scarce, archived) = (product(10), product(1), product(10));
    operator.delete(&archived.path, "*").expect_status(204);
    let lines = [(plenty.id.as_str(), 2), (scarce.id.as_str(), 2), (archived.id.as_str(), 1), (&order_id(9), 1)];
    let problem = expect_problem(&reserve(&instance, 1, &lines), 409, "conflict");
    let pointers: Vec<&Value> =
        problem["errors"].as_array().expect("errors per line").iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/lines/1/quantity", "/lines/2/product_id", "/lines/3/product_id"]);
    assert_eq!((available(&instance, &plenty.path), available(&instance, &scarce.path)), (json!(10), json!(1)));
    // The same order may be reserved again without these lines.
    reserve(&instance, 1, &lines[..1]).expect_status(201);
    assert_eq!(available(&instance, &plenty.path), 8);
    // A stocktake cannot set the stock below the reserved quantity.
    let headers = [("content-type", "application/json")];
    let counted = operator.send("PUT", &format!("{}/stock", plenty.path), &headers, Some(br#"{"on_hand": 1}"#));
    expect_problem(&counted, 409, "conflict");
}
