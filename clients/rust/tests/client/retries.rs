//! Retries: of what has no second effect, and of nothing else.

use axum::response::Response;
use serde_json::json;
use spindle_client::types::{NewProduct, PaymentMethod, PlaceOrderRequest, Price, RequestedItem};
use spindle_client::{Error, Spindle};
use uuid::Uuid;

use crate::fake::{Fake, Seen, empty, json_response, order, problem};

const PRODUCTS: &str = "GET /v1/products";
const PLACE: &str = "POST /v1/orders";

/// Responds with `failure` to the first two requests, and then as the platform does.
fn after_two(
    failure: impl Fn() -> Response + Clone + Send + Sync,
) -> impl Fn(&Seen, usize) -> Response + Clone + Send + Sync {
    move |request, earlier| match (earlier, request.target.as_str()) {
        (0 | 1, _) => failure(),
        (_, PLACE) => json_response(201, &order("pending_payment")),
        _ => json_response(200, &json!({ "items": [], "next_cursor": null })),
    }
}

async fn place(client: &Spindle) -> Result<(), Error> {
    let request = PlaceOrderRequest::builder()
        .items([RequestedItem { product_id: Uuid::nil(), quantity: 1, expected_unit_price: None }])
        .payment_method(PaymentMethod { token: "pm_ok".to_owned() });
    client.place_order().body(request).send().await?;
    Ok(())
}

#[tokio::test]
async fn a_read_is_repeated_after_each_failure_that_may_pass() {
    for failure in [
        || empty(502, &[]),
        || empty(504, &[]),
        || problem(500, "internal-error", &json!({})),
        || problem(503, "unavailable", &json!({})),
        || empty(503, &[("retry-after", "0")]),
        || empty(429, &[("retry-after", "0")]),
    ] {
        let fake = Fake::start(after_two(failure)).await;
        fake.client().list_products().send().await.unwrap();
        assert_eq!(fake.seen(PRODUCTS).len(), 3);
    }
}

#[tokio::test]
async fn a_read_is_not_repeated_after_other_failures_nor_for_longer_than_asked() {
    let cases: [(fn() -> Response, usize); 3] = [
        (|| empty(502, &[]), 3),
        (|| problem(404, "not-found", &json!({})), 1),
        (|| empty(429, &[("retry-after", "900")]), 1),
    ];
    for (failure, attempts) in cases {
        let fake = Fake::start(move |_, _| failure()).await;
        fake.client().list_products().send().await.unwrap_err();
        assert_eq!(fake.seen(PRODUCTS).len(), attempts);
    }
}

#[tokio::test]
async fn an_order_is_repeated_with_the_same_key_of_its_own() {
    let fake = Fake::start(after_two(|| empty(502, &[]))).await;
    let client = fake.client();
    place(&client).await.unwrap();
    place(&client).await.unwrap();
    let seen = fake.seen(PLACE);
    let keys: Vec<&str> = seen.iter().map(|request| request.header("idempotency-key").unwrap()).collect();
    assert_eq!(keys.len(), 4);
    assert_eq!((keys[0], keys[0]), (keys[1], keys[2]));
    assert_ne!(keys[2], keys[3], "another order has another key");
    assert_eq!(seen[0].text, seen[2].text);

    client
        .place_order()
        .idempotency_key("mine")
        .body(PlaceOrderRequest::builder().items([]).payment_method(PaymentMethod { token: "t".to_owned() }))
        .send()
        .await
        .unwrap();
    assert_eq!(fake.seen(PLACE)[4].header("idempotency-key"), Some("mine"));
}

#[tokio::test]
async fn a_request_whose_first_attempt_is_still_running_waits_for_it() {
    let in_flight = || {
        let mut response = problem(409, "idempotency-key-in-flight", &json!({}));
        response.headers_mut().insert("retry-after", "0".parse().unwrap());
        response
    };
    let fake = Fake::start(after_two(in_flight)).await;
    place(&fake.client()).await.unwrap();
    assert_eq!(fake.seen(PLACE).len(), 3);
}

#[tokio::test]
async fn a_request_that_could_have_a_second_effect_is_sent_once() {
    let fake = Fake::start(|_, _| empty(502, &[])).await;
    let product = NewProduct::builder()
        .sku("LAMP")
        .name("Lamp")
        .category("lamps")
        .price(Price { amount: 1, currency: "EUR".to_owned() });
    let error = Error::from(fake.client().create_product().body(product).send().await.unwrap_err());
    assert!(matches!(error, Error::UnexpectedBody(_)), "{error:?}");
    assert_eq!(fake.seen("POST /v1/products").len(), 1);
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_is_a_network_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Spindle::builder(&url).retries(spindle_client::Retries::NONE).build().unwrap();
    let error = Error::from(client.list_products().send().await.unwrap_err());
    assert!(matches!(error, Error::Network(_)), "{error:?}");
}
