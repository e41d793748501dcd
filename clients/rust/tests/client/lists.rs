//! Lists, item by item, and the watching of an order.

use futures::TryStreamExt as _;
use serde_json::{Value, json};
use spindle_client::types::OrderSort;
use uuid::Uuid;

use crate::fake::{Fake, ID, empty, json_response, order, problem};

const ORDERS: &str = "GET /v1/orders";

fn page(statuses: &[&str], next: Option<&str>) -> Value {
    let items: Vec<Value> = statuses.iter().map(|status| order(status)).collect();
    json!({ "items": items, "next_cursor": next })
}

#[tokio::test]
async fn a_list_is_read_page_by_page_with_its_filters() {
    let fake = Fake::start(|_, earlier| match earlier {
        0 => json_response(200, &page(&["paid", "paid"], Some("c 1"))),
        1 => json_response(200, &page(&[], Some("c2"))),
        _ => json_response(200, &page(&["cancelled"], None)),
    })
    .await;
    let client = fake.client();
    let orders: Vec<_> =
        client.list_orders().limit(2u32).sort(OrderSort::CreatedAt).items().try_collect().await.unwrap();
    assert_eq!(orders.len(), 3);
    let queries: Vec<String> = fake.seen(ORDERS).into_iter().map(|request| request.query).collect();
    assert_eq!(
        queries,
        ["limit=2&sort=created_at", "cursor=c+1&limit=2&sort=created_at", "cursor=c2&limit=2&sort=created_at"]
    );
}

#[tokio::test]
async fn pages_that_are_not_needed_are_not_read() {
    let fake = Fake::start(|_, _| json_response(200, &page(&["paid", "paid"], Some("c")))).await;
    let client = fake.client();
    let mut orders = client.list_orders().items();
    assert!(fake.seen(ORDERS).is_empty());
    orders.try_next().await.unwrap().unwrap();
    orders.try_next().await.unwrap().unwrap();
    assert_eq!(fake.seen(ORDERS).len(), 1);
}

#[tokio::test]
async fn an_error_ends_a_list() {
    let fake = Fake::start(|_, earlier| match earlier {
        0 => json_response(200, &page(&["paid"], Some("c"))),
        _ => problem(400, "malformed-request", &json!({})),
    })
    .await;
    let client = fake.client();
    let mut orders = client.list_orders().items();
    orders.try_next().await.unwrap().unwrap();
    assert_eq!(orders.try_next().await.unwrap_err().problem().unwrap().name(), "malformed-request");
}

#[tokio::test]
async fn an_order_is_watched_until_nothing_more_will_happen() {
    let fake = Fake::start(|request, earlier| {
        if request.target.ends_with("/timeline") {
            let awaiting = if earlier == 1 { json!({ "what": "The refund.", "until": null }) } else { Value::Null };
            let status = if earlier == 0 { "paid" } else { "cancelled" };
            return json_response(200, &json!({ "order_id": ID, "status": status, "awaiting": awaiting, "items": [] }));
        }
        match (earlier, request.header("if-none-match")) {
            (0, None) => with_etag(&order("paid"), "\"v1\""),
            (1, Some("\"v1\"")) => empty(304, &[]),
            (2, Some("\"v1\"")) => with_etag(&order("cancelled"), "\"v2\""),
            (3, Some("\"v2\"")) => empty(304, &[]),
            other => panic!("{other:?}"),
        }
    })
    .await;
    let client = fake.client();
    let progress: Vec<_> = client.watch_order(Uuid::parse_str(ID).unwrap()).try_collect().await.unwrap();
    let statuses: Vec<&str> = progress.iter().map(|progress| progress.order.status.as_str()).collect();
    assert_eq!(statuses, ["paid", "cancelled", "cancelled"]);
    let is_final: Vec<bool> = progress.iter().map(|progress| progress.is_final()).collect();
    assert_eq!(is_final, [false, false, true]);
}

fn with_etag(order: &Value, etag: &'static str) -> axum::response::Response {
    let mut response = json_response(200, order);
    response.headers_mut().insert("etag", etag.parse().unwrap());
    response
}
