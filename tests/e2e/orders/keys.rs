//! `Idempotency-Key`: a repeated request is carried out once.

use std::thread;

use serde_json::json;
use spindle_tests::Response;
use spindle_tests::accounts::customer;
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;

use super::{available, product};

/// Status, body and the headers that matter.
fn essence(response: &Response) -> (u16, String, Vec<Option<&str>>) {
    let headers = ["location", "etag", "content-type"].map(|name| response.header(name)).to_vec();
    (response.status, response.text(), headers)
}

#[test]
fn a_repeated_request_gets_the_same_response_and_places_no_second_order() {
    let client = customer("buyer").client;
    let product = product(10);
    let (key, wish) = (unique_key(), order_body(&[(&product.id, 2)], "pm_timeout"));
    let first = try_place_order(&client, &key, &wish).expect_status(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    // With or without the quotes of a structured field.
    for key in [key.clone(), format!("\"{key}\"")] {
        let again = try_place_order(&client, &key, &wish);
        assert_eq!(essence(&again), essence(&first));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    assert_eq!(available(&product), json!(8));
    assert_eq!(client.get("/v1/orders").json()["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_order_out_of_stock_stays_refused_for_its_key() {
    let client = customer("buyer").client;
    let product = product(1);
    let (key, wish) = (unique_key(), order_body(&[(&product.id, 2)], "pm_timeout"));
    let first = try_place_order(&client, &key, &wish);
    expect_problem(&first, 409, "conflict");
    let again = try_place_order(&client, &key, &wish);
    assert_eq!((essence(&again), again.header("idempotency-replayed")), (essence(&first), Some("true")));
}

#[test]
fn a_missing_key_a_malformed_key_and_another_body_are_refused() {
    let client = customer("buyer").client;
    let product = product(10);
    let wish = order_body(&[(&product.id, 1)], "pm_timeout");
    expect_problem(&client.post("/v1/orders", &wish), 400, "idempotency-key-missing");
    for key in ["", "a, b", "\"open", &"k".repeat(256)] {
        expect_problem(&try_place_order(&client, key, &wish), 400, "malformed-request");
    }
    let key = unique_key();
    try_place_order(&client, &key, &wish).expect_status(201);
    let other = order_body(&[(&product.id, 2)], "pm_timeout");
    expect_problem(&try_place_order(&client, &key, &other), 422, "idempotency-key-reused");
    let other = order_body(&[(&product.id, 1)], "pm_ok");
    expect_problem(&try_place_order(&client, &key, &other), 422, "idempotency-key-reused");
    assert_eq!(available(&product), json!(9));
}

#[test]
fn keys_of_different_users_are_different_keys() {
    let (first, second) = (customer("first").client, customer("second").client);
    let product = product(10);
    let (key, wish) = (unique_key(), order_body(&[(&product.id, 1)], "pm_timeout"));
    let mine = try_place_order(&first, &key, &wish).expect_status(201);
    let theirs = try_place_order(&second, &key, &wish).expect_status(201);
    assert_ne!(mine.json()["id"], theirs.json()["id"]);
    assert_eq!(theirs.header("idempotency-replayed"), None);
    assert_eq!(available(&product), json!(8));
}

#[test]
fn of_concurrent_requests_with_one_key_one_places_an_order_and_the_others_get_its_response_or_409() {
    const TIMES: usize = 20;
    let client = customer("buyer").client;
    let product = product(100);
    let (key, wish) = (unique_key(), order_body(&[(&product.id, 1)], "pm_timeout"));
    let answers: Vec<Response> = thread::scope(|scope| {
        let requests: Vec<_> = (0..TIMES).map(|_| scope.spawn(|| try_place_order(&client, &key, &wish))).collect();
        requests.into_iter().map(|request| request.join().expect("every request is answered")).collect()
    });
    let last = try_place_order(&client, &key, &wish).expect_status(201);
    let mut fresh = 0;
    for answer in &answers {
        match answer.status {
            201 => {
                assert_eq!(essence(answer), essence(&last));
                fresh += usize::from(answer.header("idempotency-replayed").is_none());
            }
            _ => {
                expect_problem(answer, 409, "idempotency-key-in-flight");
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
            }
        }
    }
    assert_eq!(fresh, 1);
    assert_eq!(available(&product), json!(99));
}
