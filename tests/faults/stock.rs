//! Check 10: what is reserved by many at once is never more than there is, and each order is held, taken and put back once.

use std::thread;

use serde_json::{Value, json};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{Instance, Response};

use crate::internal_calls::{SECRET, now, start};

const RESERVATIONS: &str = "/internal/catalog/reservations";

/// The id of order `number`.
fn order_id(number: usize) -> String {
    format!("0190a5c0-0000-7000-8000-{number:012x}")
}

/// What the catalog answers to orders, which asks for `path` with a token for just that.
fn ask(instance: &Instance, path: &str, body: Option<&Value>) -> Response {
    let token = service_token(SECRET, service_claims("orders", "catalog", &format!("POST {path}"), now()));
    let headers = [("content-type", "application/json"), ("authorization", &format!("Bearer {token}"))];
    instance.client().send("POST", path, &headers, body.map(Value::to_string).as_deref().map(str::as_bytes))
}

fn reserve(instance: &Instance, number: usize, lines: &[(&str, u32)]) -> Response {
    let line = |(product_id, quantity): &(&str, u32)| json!({"product_id": product_id, "quantity": quantity});
    let lines: Vec<Value> = lines.iter().map(line).collect();
    ask(instance, RESERVATIONS, Some(&json!({"order_id": order_id(number), "lines": lines})))
}

fn settle(instance: &Instance, number: usize, step: &str) -> Response {
    ask(instance, &format!("{RESERVATIONS}/{}/{step}", order_id(number)), None)
}

/// The answers to `count` calls at once.
fn at_once(count: usize, call: impl Fn(usize) -> Response + Sync) -> Vec<Response> {
    thread::scope(|scope| {
        let call = &call;
        let calls: Vec<_> = (0..count).map(|number| scope.spawn(move || call(number))).collect();
        calls.into_iter().map(|call| call.join().expect("every call is answered")).collect()
    })
}

fn available(instance: &Instance, path: &str) -> Value {
    instance.client().get(path).expect_status(200).json()["stock"]["available"].clone()
}

#[test]
fn two_hundred_buyers_get_the_hundred_pieces_that_there_are() {
    const BUYERS: usize = 200;
    const PIECES: usize = 100;
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({"stock": {"quantity": PIECES}}));
    let answers = at_once(BUYERS, |number| reserve(&instance, number, &[(&product.id, 1)]));
    let (mut held, mut refused) = (Vec::new(), 0);
    for (number, answer) in answers.iter().enumerate() {
        if answer.status == 201 {
            held.push(number);
        } else {
            let problem = expect_problem(answer, 409, "conflict");
            assert_eq!(problem["errors"][0]["pointer"], "/lines/0/quantity", "{problem}");
            refused += 1;
        }
    }
    assert_eq!((held.len(), refused), (PIECES, BUYERS - PIECES));
    assert_eq!(available(&instance, &product.path), 0);

    // Half of them pay and half of them do not, all at once.
    let settled =
        at_once(PIECES, |index| settle(&instance, held[index], if index % 2 == 0 { "commit" } else { "release" }));
    settled.into_iter().for_each(|answer| drop(answer.expect_status(200)));
    assert_eq!(available(&instance, &product.path), PIECES / 2);
    // Nothing is held any more: an empty warehouse is no conflict.
    let empty = json!({"quantity": 0}).to_string();
    let stock = format!("{}/stock", product.path);
    let headers = [("content-type", "application/json")];
    operator.send("PUT", &stock, &headers, Some(empty.as_bytes())).expect_status(200);
    assert_eq!(available(&instance, &product.path), 0);
}

#[test]
fn an_order_that_is_sent_many_times_at_once_is_held_taken_and_put_back_once() {
    const TIMES: usize = 30;
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let changes = json!({"name": "Lantern", "price": {"amount": 250, "currency": "EUR"}, "stock": {"quantity": 10}});
    let product = create_product(&instance.admin().client, &changes);

    let answers = at_once(TIMES, |_| reserve(&instance, 1, &[(&product.id, 3)]));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        assert_eq!(answer.json(), answers[0].json());
    }
    let line = json!({
        "product_id": product.id, "quantity": 3, "sku": product.body["sku"], "name": "Lantern",
        "unit_price": {"amount": 250, "currency": "EUR"},
    });
    assert_eq!(answers[0].json()["lines"], json!([line]), "orders need what it was called and what it cost");
    assert_eq!(available(&instance, &product.path), 7);
    expect_problem(&reserve(&instance, 1, &[(&product.id, 4)]), 409, "conflict");

    for (step, left) in [("commit", 7), ("release", 10)] {
        for answer in at_once(TIMES, |_| settle(&instance, 1, step)) {
            answer.expect_status(200);
        }
        assert_eq!(available(&instance, &product.path), left, "after {step}");
    }
    expect_problem(&settle(&instance, 1, "commit"), 409, "conflict");
    expect_problem(&reserve(&instance, 1, &[(&product.id, 3)]), 409, "conflict");
    assert_eq!(available(&instance, &product.path), 10);
}

#[test]
fn an_order_that_cannot_be_held_whole_is_not_held_at_all() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let operator = instance.admin().client;
    let product = |quantity: u32| create_product(&operator, &json!({"stock": {"quantity": quantity}}));
    let (plenty, scarce, archived) = (product(10), product(1), product(10));
    operator.delete(&archived.path, "*").expect_status(204);
    let lines = [(plenty.id.as_str(), 2), (scarce.id.as_str(), 2), (archived.id.as_str(), 1), (&order_id(9), 1)];
    let problem = expect_problem(&reserve(&instance, 1, &lines), 409, "conflict");
    let pointers: Vec<&Value> =
        problem["errors"].as_array().expect("errors per line").iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/lines/1/quantity", "/lines/2/product_id", "/lines/3/product_id"]);
    assert_eq!((available(&instance, &plenty.path), available(&instance, &scarce.path)), (json!(10), json!(1)));
    // The same order may come again without them.
    reserve(&instance, 1, &lines[..1]).expect_status(201);
    assert_eq!(available(&instance, &plenty.path), 8);
    // Who has counted cannot take away what is promised.
    let headers = [("content-type", "application/json")];
    let counted = operator.send("PUT", &format!("{}/stock", plenty.path), &headers, Some(br#"{"quantity": 1}"#));
    expect_problem(&counted, 409, "conflict");
}
