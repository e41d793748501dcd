//! The stock reservations of orders.

use super::{SERVICE, body, builder, create, get, platform, product_input, send_as_is, with, with_issuer};
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

/// Sends a request as orders, or as the gateway for the tick.
fn send_as_service(platform: &Platform, path: &str, body: Option<Value>) -> Response {
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
    send_as_service(platform, RESERVATIONS, Some(json!({ "order_id": order, "lines": lines })))
}

fn transition(platform: &Platform, order: &str, name: &str) -> (StatusCode, Value) {
    let response = send_as_service(platform, &format!("{RESERVATIONS}/{order}/{name}"), None);
    let state = body(&response)["state"].clone();
    (response.status(), state)
}

fn available(platform: &Platform, product: &Value) -> i64 {
    let product = body(&get(platform, &format!("/v1/products/{}", product["id"].as_str().unwrap())));
    product["stock"]["available"].as_i64().unwrap()
}

#[test]
fn a_reservation_has_the_name_and_the_price_of_each_line() {
    let platform = platform();
    let (lamp, desk) =
        (create(&platform, product_input("L")), create(&platform, with(product_input("D"), json!({ "name": "Desk" }))));
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
fn a_repeated_request_reserves_once_and_gets_the_same_response() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
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
fn if_one_line_exceeds_the_stock_nothing_is_reserved() {
    let platform = platform();
    let (lamp, desk) = (create(&platform, product_input("L")), create(&platform, product_input("D")));
    let gone = json!({ "id": "018bcfe5-6800-7000-8000-999999999999" });
    let response = reserve(&platform, &order(1), &[(&lamp, 10), (&desk, 11), (&gone, 1)]);
    let expected = json!([
        { "pointer": "/lines/1/quantity", "detail": "must be at most 10, the available stock" },
        { "pointer": "/lines/2/product_id", "detail": "must be a product that is for sale" },
    ]);
    assert_eq!((response.status(), &body(&response)["errors"]), (StatusCode::CONFLICT, &expected));
    assert_eq!((available(&platform, &lamp), available(&platform, &desk)), (10, 10));
    assert_eq!(reserve(&platform, &order(1), &[(&lamp, 10)]).status(), StatusCode::CREATED, "the order may try again");
}

#[test]
fn products_in_several_currencies_are_refused_and_nothing_is_reserved() {
    let platform = platform();
    let price = |currency: &str| json!({ "price": { "amount": 100, "currency": currency } });
    let (euro, dollar) = (
        create(&platform, with(product_input("E"), price("EUR"))),
        create(&platform, with(product_input("D"), price("USD"))),
    );
    // The stock is not checked then.
    let response = reserve(&platform, &order(1), &[(&euro, 1), (&dollar, 999)]);
    let expected = json!([
        { "pointer": "/lines/1/product_id", "detail": "has a price in USD, but the first line has one in EUR: place one order for each currency" },
    ]);
    assert_eq!((response.status(), &body(&response)["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &expected));
    assert_eq!((available(&platform, &euro), available(&platform, &dollar)), (10, 10));
}

#[test]
fn the_tick_removes_old_events() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    reserve(&platform, &order(1), &[(&product, 1)]);
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_000));
    // Expiry publishes the stock of the first reservation again; the events before are exactly a week old.
    assert_eq!(body(&send_as_service(&platform, "/internal/catalog/tick", None)), json!({ "expired": 1, "pruned": 0 }));
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_001));
    assert_eq!(body(&send_as_service(&platform, "/internal/catalog/tick", None)), json!({ "expired": 0, "pruned": 2 }));
}

#[test]
fn an_invalid_reservation_is_refused() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
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
fn committed_units_are_gone_and_released_units_are_available_again() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    for number in 1..=3 {
        reserve(&platform, &order(number), &[(&product, 2)]);
    }
    for _ in 0..2 {
        assert_eq!(transition(&platform, &order(1), "commit"), (StatusCode::OK, json!("committed")));
        assert_eq!(transition(&platform, &order(2), "release"), (StatusCode::OK, json!("released")));
        assert_eq!(available(&platform, &product), 6);
    }
    assert_eq!(transition(&platform, &order(2), "commit").0, StatusCode::CONFLICT);
    assert_eq!(
        reserve(&platform, &order(2), &[(&product, 2)]).status(),
        StatusCode::CONFLICT,
        "a released reservation is final"
    );
    assert_eq!(transition(&platform, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(
        available(&platform, &product),
        8,
        "the units of the cancelled order are back, those of the third are reserved"
    );
}

#[test]
fn an_order_that_was_released_before_it_reserved_cannot_reserve_later() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    assert_eq!(transition(&platform, &order(1), "commit").0, StatusCode::NOT_FOUND);
    assert_eq!(transition(&platform, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(reserve(&platform, &order(1), &[(&product, 2)]).status(), StatusCode::CONFLICT);
    assert_eq!(available(&platform, &product), 10);
}

#[test]
fn the_tick_expires_reservations_that_were_not_committed() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let tick = || body(&send_as_service(&platform, "/internal/catalog/tick", None));
    reserve(&platform, &order(1), &[(&product, 2)]);
    reserve(&platform, &order(2), &[(&product, 3)]);
    transition(&platform, &order(2), "commit");
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000 - 1));
    assert_eq!(tick(), json!({ "expired": 0, "pruned": 0 }));
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000));
    assert_eq!(tick(), json!({ "expired": 1, "pruned": 0 }));
    assert_eq!(tick(), json!({ "expired": 0, "pruned": 0 }));
    assert_eq!(available(&platform, &product), 7);
    assert_eq!(transition(&platform, &order(1), "commit").0, StatusCode::CONFLICT);
    assert_eq!(transition(&platform, &order(1), "release"), (StatusCode::OK, json!("expired")));
}

#[test]
fn the_stock_cannot_be_set_below_the_reserved_units() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
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
fn concurrent_orders_reserve_no_more_than_the_stock() {
    let platform = platform();
    let product = create(&platform, with(product_input("A"), json!({ "stock": { "quantity": 25 } })));
    let database = platform.database("catalog").unwrap();
    let orders: Vec<_> = (0..8)
        .map(|client| {
            let (database, product) = (database.clone(), product.clone());
            thread::spawn(move || {
                let platform = with_issuer(builder().with_database("catalog", &database));
                let statuses =
                    (0..10).map(|number| reserve(&platform, &order(client * 100 + number), &[(&product, 1)]).status());
                statuses.filter(|status| *status == StatusCode::CREATED).count()
            })
        })
        .collect();
    let reserved: usize = orders.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!((reserved, available(&platform, &product)), (25, 0));
}
