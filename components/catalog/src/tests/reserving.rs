//! What orders hold of the stock.

use super::{SERVICE, body, builder, create, draft, get, platform, ready, send_as_is, with};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_edge::testing::service_token;
use spindle_platform::Platform;
use spindle_platform::http::{Body, Response};
use spindle_platform::token::service::Operation;
use std::thread;

const RESERVATIONS: &str = "/internal/catalog/reservations";

/// Asks as orders does, or as the gateway for its tick.
fn ask(platform: &Platform, path: &str, body: Option<Value>) -> Response {
    let caller = if path.starts_with(RESERVATIONS) { "orders" } else { "gateway" };
    let operation = Operation { service: SERVICE.scope.service, method: &Method::POST, path };
    let token = format!("Bearer {}", service_token(platform, caller, &operation));
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let body = body.map_or_else(Body::empty, |value| Body::from(Bytes::from(value.to_string())));
    send_as_is(platform, Method::POST, path, &headers, body)
}

fn order(number: u32) -> String {
    format!("018bcfe5-6800-7000-9000-{number:012}")
}

fn reserve(platform: &Platform, order: &str, lines: &[(&Value, u32)]) -> Response {
    let line = |(product, quantity): &(&Value, u32)| json!({ "product_id": product["id"], "quantity": quantity });
    let lines: Vec<Value> = lines.iter().map(line).collect();
    ask(platform, RESERVATIONS, Some(json!({ "order_id": order, "lines": lines })))
}

fn settle(platform: &Platform, order: &str, step: &str) -> (StatusCode, Value) {
    let response = ask(platform, &format!("{RESERVATIONS}/{order}/{step}"), None);
    let state = body(&response)["state"].clone();
    (response.status(), state)
}

fn available(platform: &Platform, product: &Value) -> i64 {
    let shown = body(&get(platform, &format!("/v1/products/{}", product["id"].as_str().unwrap())));
    shown["stock"]["available"].as_i64().unwrap()
}

#[test]
fn a_reservation_tells_what_each_line_is_called_and_costs() {
    let platform = platform();
    let (lamp, desk) = (create(&platform, draft("L")), create(&platform, with(draft("D"), json!({ "name": "Desk" }))));
    let response = reserve(&platform, &order(1), &[(&lamp, 2), (&desk, 1)]);
    let price = json!({ "amount": 1299, "currency": "EUR" });
    let expected = json!({
        "order_id": order(1),
        "state": "held",
        "expires_at": "2023-11-14T22:33:20.000Z",
        "lines": [
            { "product_id": lamp["id"], "quantity": 2, "sku": "L", "name": "Lamp L", "unit_price": price },
            { "product_id": desk["id"], "quantity": 1, "sku": "D", "name": "Desk", "unit_price": price },
        ],
    });
    assert_eq!((response.status(), body(&response)), (StatusCode::CREATED, expected));
    assert_eq!((available(&platform, &lamp), available(&platform, &desk)), (8, 9));
}

#[test]
fn the_same_request_twice_holds_once_and_gets_the_same_answer() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let first = reserve(&platform, &order(1), &[(&product, 2)]);
    let change = json!({ "name": "Renamed", "price": { "amount": 1 } });
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    super::send(&platform, Method::PATCH, &path, &[("if-match", "*")], Some(change));
    let second = reserve(&platform, &order(1), &[(&product, 2)]);
    assert_eq!((second.status(), body(&second)), (StatusCode::OK, body(&first)));
    assert_eq!(reserve(&platform, &order(1), &[(&product, 3)]).status(), StatusCode::CONFLICT);
    assert_eq!(available(&platform, &product), 8);
}

#[test]
fn if_one_line_is_short_nothing_is_reserved() {
    let platform = platform();
    let (lamp, desk) = (create(&platform, draft("L")), create(&platform, draft("D")));
    let gone = json!({ "id": "018bcfe5-6800-7000-8000-999999999999" });
    let response = reserve(&platform, &order(1), &[(&lamp, 10), (&desk, 11), (&gone, 1)]);
    let expected = json!([
        { "pointer": "/lines/1/quantity", "detail": "is more than the 10 that are left" },
        { "pointer": "/lines/2/product_id", "detail": "is no product that is for sale" },
    ]);
    assert_eq!((response.status(), &body(&response)["errors"]), (StatusCode::CONFLICT, &expected));
    assert_eq!((available(&platform, &lamp), available(&platform, &desk)), (10, 10));
    assert_eq!(reserve(&platform, &order(1), &[(&lamp, 10)]).status(), StatusCode::CREATED, "the order may try again");
}

#[test]
fn products_in_several_currencies_are_no_order_and_nothing_is_reserved() {
    let platform = platform();
    let price = |currency: &str| json!({ "price": { "amount": 100, "currency": currency } });
    let (euro, dollar) =
        (create(&platform, with(draft("E"), price("EUR"))), create(&platform, with(draft("D"), price("USD"))));
    // That there is not as much of it is of no interest.
    let response = reserve(&platform, &order(1), &[(&euro, 1), (&dollar, 999)]);
    let expected = json!([
        { "pointer": "/lines/1/product_id", "detail": "costs USD, and the first costs EUR: order them apart" },
    ]);
    assert_eq!((response.status(), &body(&response)["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &expected));
    assert_eq!((available(&platform, &euro), available(&platform, &dollar)), (10, 10));
}

#[test]
fn the_tick_removes_events_that_are_old() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    reserve(&platform, &order(1), &[(&product, 1)]);
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_000));
    // The stock of the first reservation is told anew, and what was told before is a week old.
    assert_eq!(body(&ask(&platform, "/internal/catalog/tick", None)), json!({ "expired": 1, "pruned": 0 }));
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_001));
    assert_eq!(body(&ask(&platform, "/internal/catalog/tick", None)), json!({ "expired": 0, "pruned": 2 }));
}

#[test]
fn what_is_no_reservation_is_refused() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    for (lines, pointer) in [
        (&[][..], "/lines"),
        (&[(&product, 0)], "/lines/0/quantity"),
        (&[(&product, 1), (&product, 2)], "/lines/1/product_id"),
    ] {
        let response = reserve(&platform, &order(1), lines);
        assert_eq!(
            (response.status(), &body(&response)["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer))
        );
    }
}

#[test]
fn committed_stock_is_gone_and_released_stock_is_back() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    for number in 1..=3 {
        reserve(&platform, &order(number), &[(&product, 2)]);
    }
    for _ in 0..2 {
        assert_eq!(settle(&platform, &order(1), "commit"), (StatusCode::OK, json!("committed")));
        assert_eq!(settle(&platform, &order(2), "release"), (StatusCode::OK, json!("released")));
        assert_eq!(available(&platform, &product), 6);
    }
    assert_eq!(settle(&platform, &order(2), "commit").0, StatusCode::CONFLICT);
    assert_eq!(
        reserve(&platform, &order(2), &[(&product, 2)]).status(),
        StatusCode::CONFLICT,
        "it was put back for good"
    );
    assert_eq!(settle(&platform, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(available(&platform, &product), 8, "a cancelled order's pieces are back, the third's are held");
}

#[test]
fn an_order_that_was_put_back_before_it_came_holds_nothing_when_it_comes() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    assert_eq!(settle(&platform, &order(1), "commit").0, StatusCode::NOT_FOUND);
    assert_eq!(settle(&platform, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(reserve(&platform, &order(1), &[(&product, 2)]).status(), StatusCode::CONFLICT);
    assert_eq!(available(&platform, &product), 10);
}

#[test]
fn the_tick_ends_what_nobody_paid_for() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let tick = || body(&ask(&platform, "/internal/catalog/tick", None));
    reserve(&platform, &order(1), &[(&product, 2)]);
    reserve(&platform, &order(2), &[(&product, 3)]);
    settle(&platform, &order(2), "commit");
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000 - 1));
    assert_eq!(tick(), json!({ "expired": 0, "pruned": 0 }));
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000));
    assert_eq!(tick(), json!({ "expired": 1, "pruned": 0 }));
    assert_eq!(tick(), json!({ "expired": 0, "pruned": 0 }));
    assert_eq!(available(&platform, &product), 7);
    assert_eq!(settle(&platform, &order(1), "commit").0, StatusCode::CONFLICT);
    assert_eq!(settle(&platform, &order(1), "release"), (StatusCode::OK, json!("expired")));
}

#[test]
fn stock_cannot_be_set_below_what_orders_hold() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    reserve(&platform, &order(1), &[(&product, 4)]);
    let path = format!("/v1/products/{}/stock", product["id"].as_str().unwrap());
    let set = |quantity: u32| super::send(&platform, Method::PUT, &path, &[], Some(json!({ "quantity": quantity })));
    assert_eq!(set(3).status(), StatusCode::CONFLICT);
    assert_eq!(set(4).status(), StatusCode::OK);
    assert_eq!(available(&platform, &product), 0);
}

#[test]
fn only_services_may_reserve() {
    let platform = platform();
    let path = format!("{RESERVATIONS}/{}/release", order(1));
    for path in [RESERVATIONS, &path, "/internal/catalog/tick"] {
        let response = super::send(&platform, Method::POST, path, &[], Some(json!({})));
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[test]
fn of_many_buyers_at_once_as_many_get_something_as_there_is() {
    let platform = platform();
    let product = create(&platform, with(draft("A"), json!({ "stock": { "quantity": 25 } })));
    let database = platform.database("catalog").unwrap();
    let buyers: Vec<_> = (0..8)
        .map(|buyer| {
            let (database, product) = (database.clone(), product.clone());
            thread::spawn(move || {
                let platform = ready(builder().with_database("catalog", &database));
                let statuses =
                    (0..10).map(|number| reserve(&platform, &order(buyer * 100 + number), &[(&product, 1)]).status());
                statuses.filter(|status| *status == StatusCode::CREATED).count()
            })
        })
        .collect();
    let sold: usize = buyers.into_iter().map(|buyer| buyer.join().unwrap()).sum();
    assert_eq!((sold, available(&platform, &product)), (25, 0));
}
