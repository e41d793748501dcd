//! Requests that are repeated, that fail halfway, or that are never repeated.

use super::{Fixture, LAMP, request, request_of};
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_contracts::event::PaymentAuthorized;
use spindle_edge::testing::user_id;

#[test]
fn the_same_key_gets_the_same_response_and_places_no_second_order() {
    let fixture = Fixture::new();
    let first = fixture.place_with("\"k-1\"", &request());
    fixture.set_seconds(3_600);
    let again = fixture.place_with("k-1", &request());
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(again.headers().get(name), first.headers().get(name), "{name}");
    }
    assert!(!first.headers().contains_key("idempotency-replayed"));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 8);
}

#[test]
fn a_missing_or_malformed_key_and_another_body_are_refused() {
    let fixture = Fixture::new();
    let without_key = fixture.client.post("/v1/orders").json(&request()).send();
    assert_eq!(without_key.problem(), "400 idempotency-key-missing");
    assert_eq!(fixture.place_with("a, b", &request()).problem(), "400 malformed-request");
    fixture.place_with("k", &request());
    assert_eq!(fixture.place_with("k", &request_of(&[(LAMP, 3)])).problem(), "422 idempotency-key-reused");
    assert_eq!(fixture.catalog.borrow().states(), ["held"]);
}

#[test]
fn keys_of_different_users_are_different_keys() {
    let fixture = Fixture::new();
    let place = |user| {
        let post = fixture.client.post("/v1/orders").as_user(user_id(user), Role::Customer);
        post.header("idempotency-key", "k").json(&request()).send().json()["id"].clone()
    };
    let (first, second) = (place(1), place(2));
    assert_ne!(first, second);
    assert_eq!((place(1), place(2)), (first, second));
}

#[test]
fn after_a_lost_response_of_the_catalog_a_repeated_request_reserves_the_stock_once() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    let lost = fixture.place_with("k", &request());
    assert_eq!(
        (lost.status(), &lost.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    fixture.catalog.borrow_mut().loses_responses = false;
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["held"], 8));
}

#[test]
fn a_key_is_in_flight_during_its_lease_and_taken_over_after_it() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.place_with("k", &request());
    // The process crashed before it released the claim.
    fixture.client.rows::<(i64,)>("UPDATE idempotency_keys SET lease_until = 1700000030000 RETURNING attempt");
    fixture.catalog.borrow_mut().loses_responses = false;
    fixture.set_seconds(20);
    let early = fixture.place_with("k", &request());
    assert_eq!((early.status(), &early.headers()["retry-after"]), (StatusCode::CONFLICT, &"10".parse().unwrap()));
    fixture.set_seconds(30);
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["held"], 8));
}

#[test]
fn the_stock_of_an_abandoned_request_is_released_and_its_key_can_be_used_again() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.place_with("k", &request());
    fixture.catalog.borrow_mut().loses_responses = false;
    fixture.set_seconds(299);
    assert_eq!(fixture.tick()["abandoned"], json!(0));
    fixture.set_seconds(300);
    fixture.catalog.borrow_mut().is_down = true;
    assert_eq!(fixture.tick()["abandoned"], json!(0));
    fixture.catalog.borrow_mut().is_down = false;
    fixture.set_seconds(700);
    assert_eq!(fixture.tick()["abandoned"], json!(1));
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 8);
}

#[test]
fn a_request_whose_reservation_expired_has_to_be_sent_again() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.place_with("k", &request());
    fixture.catalog.borrow_mut().loses_responses = false;
    fixture.catalog.borrow_mut().expire();
    let gone = fixture.place_with("k", &request());
    assert_eq!(
        (gone.status(), &gone.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 8);
}

#[test]
fn an_attempt_that_lost_its_claim_writes_no_order() {
    let fixture = Fixture::new();
    fixture.order();
    // Another attempt takes over the claim before the order is written.
    fixture.client.rows::<(i64,)>(
        "CREATE TRIGGER overtaken AFTER INSERT ON orders BEGIN UPDATE idempotency_keys SET attempt = attempt + 1; END",
    );
    let slow = fixture.place_with("k", &request());
    assert_eq!((slow.status(), &slow.headers()["retry-after"]), (StatusCode::CONFLICT, &"1".parse().unwrap()));
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM outbox"), [(2,)]);
}

#[test]
fn keys_are_removed_after_a_day() {
    let fixture = Fixture::new();
    fixture.place_with("k", &request());
    fixture.set_seconds(24 * 3_600);
    assert_eq!(fixture.tick()["keys_pruned"], json!(0));
    fixture.set_seconds(24 * 3_600 + 1);
    assert_eq!(fixture.tick()["keys_pruned"], json!(1));
    let new = fixture.place_with("k", &request());
    assert!(new.status() == StatusCode::CREATED && !new.headers().contains_key("idempotency-replayed"));
}

#[test]
fn a_retry_whose_reservation_would_end_before_the_payment_is_due_makes_a_new_one() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.place_with("k", &request());
    fixture.catalog.borrow_mut().loses_responses = false;
    // A second later than 1,200 s less 900 s.
    fixture.set_seconds(301);
    let placed = fixture.place_with("k", &request()).expect(StatusCode::CREATED);
    let mut states = fixture.catalog.borrow().states();
    states.sort_unstable();
    assert_eq!((states, fixture.catalog.borrow().available[LAMP]), (vec!["held", "released"], 8));
    let again = fixture.place_with("k", &request());
    assert_eq!(
        (again.json()["id"].clone(), &again.headers()["idempotency-replayed"]),
        (placed.json()["id"].clone(), &"true".parse().unwrap())
    );
    let path = placed.headers()["location"].to_str().unwrap().to_owned();
    fixture.set_seconds(301 + 899);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(fixture.status(&path), "paid", "its stock is still reserved at the end of its time");
}

#[test]
fn a_retry_whose_reservation_lasts_keeps_it() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.place_with("k", &request());
    fixture.catalog.borrow_mut().loses_responses = false;
    fixture.set_seconds(300);
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED);
    assert_eq!(fixture.catalog.borrow().states(), ["held"]);
}
