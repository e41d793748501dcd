//! Requests that are sent twice, break off, or are never sent again.

use super::{LAMP, Shop, body, draft, draft_of};
use http::{Method, StatusCode};
use serde_json::json;
use spindle_contracts::Role;

#[test]
fn the_same_key_gets_the_same_answer_and_makes_nothing() {
    let shop = Shop::open();
    let first = shop.place_with("\"k-1\"", &draft());
    shop.set_seconds(3_600);
    let again = shop.place_with("k-1", &draft());
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(again.headers().get(name), first.headers().get(name), "{name}");
    }
    assert!(!first.headers().contains_key("idempotency-replayed"));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(shop.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
    assert_eq!(shop.catalog.borrow().available[LAMP], 8);
}

#[test]
fn without_a_key_or_with_another_body_nothing_is_ordered() {
    let shop = Shop::open();
    let problem = |response: &spindle_platform::http::Response| {
        let kind = body(response)["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (response.status().as_u16(), kind)
    };
    let send =
        |headers: &[(&str, &str)]| shop.send_as(1, Role::Customer, Method::POST, "/v1/orders", headers, Some(&draft()));
    assert_eq!(problem(&send(&[])), (400, "idempotency-key-missing".to_owned()));
    assert_eq!(problem(&send(&[("idempotency-key", "a, b")])), (400, "malformed-request".to_owned()));
    shop.place_with("k", &draft());
    assert_eq!(problem(&shop.place_with("k", &draft_of(&[(LAMP, 3)]))), (422, "idempotency-key-reused".to_owned()));
    assert_eq!(shop.catalog.borrow().states(), ["held"]);
}

#[test]
fn another_users_key_is_another_key() {
    let shop = Shop::open();
    let place = |user| {
        let key = [("idempotency-key", "k")];
        body(&shop.send_as(user, Role::Customer, Method::POST, "/v1/orders", &key, Some(&draft())))["id"].clone()
    };
    let (first, second) = (place(1), place(2));
    assert_ne!(first, second);
    assert_eq!((place(1), place(2)), (first, second));
}

#[test]
fn an_answer_of_the_catalog_that_was_lost_is_asked_for_again_and_stock_held_once() {
    let shop = Shop::open();
    shop.catalog.borrow_mut().loses_answers = true;
    let lost = shop.place_with("k", &draft());
    assert_eq!(
        (lost.status(), &lost.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    shop.catalog.borrow_mut().loses_answers = false;
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CREATED);
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["held"], 8));
}

#[test]
fn while_a_request_is_under_way_its_key_is_taken_and_after_its_lease_somebody_else_goes_on() {
    let shop = Shop::open();
    shop.catalog.borrow_mut().loses_answers = true;
    shop.place_with("k", &draft());
    // As if the process had died before it could let go.
    shop.rows::<(i64,)>("UPDATE idempotency_keys SET lease_until = 1700000030000 RETURNING attempt");
    shop.catalog.borrow_mut().loses_answers = false;
    shop.set_seconds(20);
    let early = shop.place_with("k", &draft());
    assert_eq!((early.status(), &early.headers()["retry-after"]), (StatusCode::CONFLICT, &"10".parse().unwrap()));
    shop.set_seconds(30);
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CREATED);
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["held"], 8));
}

#[test]
fn what_nobody_comes_back_for_is_given_back_and_the_key_is_as_good_as_new() {
    let shop = Shop::open();
    shop.catalog.borrow_mut().loses_answers = true;
    shop.place_with("k", &draft());
    shop.catalog.borrow_mut().loses_answers = false;
    shop.set_seconds(299);
    assert_eq!(shop.tick()["abandoned"], json!(0));
    shop.set_seconds(300);
    shop.catalog.borrow_mut().is_down = true;
    assert_eq!(shop.tick()["abandoned"], json!(0));
    shop.catalog.borrow_mut().is_down = false;
    shop.set_seconds(700);
    assert_eq!(shop.tick()["abandoned"], json!(1));
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CREATED);
    assert_eq!(shop.catalog.borrow().available[LAMP], 8);
}

#[test]
fn a_request_whose_stock_was_given_back_meanwhile_is_to_be_sent_again() {
    let shop = Shop::open();
    shop.catalog.borrow_mut().loses_answers = true;
    shop.place_with("k", &draft());
    shop.catalog.borrow_mut().loses_answers = false;
    shop.catalog.borrow_mut().expire();
    let gone = shop.place_with("k", &draft());
    assert_eq!(
        (gone.status(), &gone.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CREATED);
    assert_eq!(shop.catalog.borrow().available[LAMP], 8);
}

#[test]
fn who_was_overtaken_writes_no_second_order() {
    let shop = Shop::open();
    shop.order();
    // The claim is another's by the time the order is to be written.
    shop.rows::<(i64,)>(
        "CREATE TRIGGER overtaken AFTER INSERT ON orders BEGIN UPDATE idempotency_keys SET attempt = attempt + 1; END",
    );
    let slow = shop.place_with("k", &draft());
    assert_eq!((slow.status(), &slow.headers()["retry-after"]), (StatusCode::CONFLICT, &"1".parse().unwrap()));
    assert_eq!(shop.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
    assert_eq!(shop.rows::<(i64,)>("SELECT count(*) FROM outbox"), [(2,)]);
}

#[test]
fn keys_are_forgotten_after_a_day() {
    let shop = Shop::open();
    shop.place_with("k", &draft());
    shop.set_seconds(24 * 3_600);
    assert_eq!(shop.tick()["keys_pruned"], json!(0));
    shop.set_seconds(24 * 3_600 + 1);
    assert_eq!(shop.tick()["keys_pruned"], json!(1));
    let new = shop.place_with("k", &draft());
    assert!(new.status() == StatusCode::CREATED && !new.headers().contains_key("idempotency-replayed"));
}
