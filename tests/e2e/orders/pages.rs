//! The list of orders.

use std::collections::BTreeSet;

use serde_json::Value;
use spindle_tests::Client;
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{Order, cancel, place_order};
use spindle_tests::problem::expect_problem;

use super::product;

/// Returns the ids of the orders in the list at `target`, page by page.
fn ids(client: &Client, target: &str) -> Vec<String> {
    let (mut ids, mut next) = (Vec::new(), target.to_owned());
    loop {
        let page = client.get(&next).expect_status(200);
        let body = page.json();
        let items = body["items"].as_array().unwrap_or_else(|| panic!("items are a list: {body}"));
        ids.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        let Some(link) = page.header("link") else {
            assert_eq!(body["next_cursor"], Value::Null);
            return ids;
        };
        next = link[1..].split_once('>').expect("a link").0.to_owned();
    }
}

/// Returns `orders` in the order of a list.
fn latest_first(mut orders: Vec<Order>) -> Vec<Order> {
    let place = |order: &Order| (order.body["created_at"].as_str().expect("a time").to_owned(), order.id.clone());
    orders.sort_by_key(|order| std::cmp::Reverse(place(order)));
    orders
}

#[test]
fn a_customer_lists_their_own_orders_the_latest_first_page_by_page() {
    let (owner, other) = (customer("owner"), customer("other"));
    let product = product(100);
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(place_order(&owner.client, &product, 1, "pm_timeout"));
        place_order(&other.client, &product, 1, "pm_timeout");
    }
    let sorted: Vec<String> = latest_first(placed).into_iter().map(|order| order.id).collect();
    for target in ["/v1/orders", "/v1/orders?limit=2", "/v1/orders?limit=1"] {
        assert_eq!(ids(&owner.client, target), sorted, "{target}");
    }
    cancel(&owner.client, &format!("/v1/orders/{}", sorted[1])).expect_status(200);
    assert_eq!(ids(&owner.client, "/v1/orders?status=cancelled"), [sorted[1].as_str()]);
    let pending: BTreeSet<String> =
        ids(&owner.client, "/v1/orders?status=pending_payment&limit=2").into_iter().collect();
    assert_eq!(pending.len(), 4);
    assert!(ids(&owner.client, "/v1/orders?status=fulfilled").is_empty());

    // An operator lists the orders of any user.
    let operator = operator().client;
    let of_owner = format!("/v1/orders?limit=3&user_id={}", owner.id);
    assert_eq!(ids(&operator, &of_owner), sorted);
    let latest = operator.get("/v1/orders?limit=100").expect_status(200).json();
    let times: Vec<&str> =
        latest["items"].as_array().expect("a list").iter().filter_map(|item| item["created_at"].as_str()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "the latest first");
    expect_problem(&other.client.get(&of_owner), 403, "forbidden");
}

#[test]
fn pages_have_each_order_once_while_orders_are_placed() {
    let owner = customer("owner").client;
    let product = product(100);
    let mut placed = BTreeSet::new();
    for _ in 0..6 {
        placed.insert(place_order(&owner, &product, 1, "pm_timeout").id);
    }
    let (mut seen, mut next) = (Vec::new(), "/v1/orders?limit=2".to_owned());
    loop {
        let page = owner.get(&next).expect_status(200);
        let body = page.json();
        seen.extend(
            body["items"].as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id").to_owned()),
        );
        place_order(&owner, &product, 1, "pm_timeout");
        let Some(link) = page.header("link") else { break };
        next = link[1..].split_once('>').expect("a link").0.to_owned();
    }
    assert_eq!((seen.len(), seen.into_iter().collect::<BTreeSet<_>>()), (6, placed));
}

#[test]
fn orders_are_found_by_number_and_by_the_time_of_their_creation() {
    let (owner, operator) = (customer("owner"), operator().client);
    let product = product(100);
    let placed = (0..3).map(|_| place_order(&owner.client, &product, 1, "pm_timeout")).collect();
    let [third, second, first] = latest_first(placed).try_into().expect("three orders");
    let number = second.body["number"].as_str().expect("a number");
    for client in [&owner.client, &operator] {
        assert_eq!(ids(client, &format!("/v1/orders?number={number}")), [second.id.as_str()]);
    }
    assert!(ids(&customer("other").client, &format!("/v1/orders?number={number}")).is_empty());
    assert!(ids(&owner.client, &format!("/v1/orders?number={number}&status=paid")).is_empty());

    // Orders of one millisecond are before and after the same ones.
    let time = second.body["created_at"].as_str().expect("a time");
    let is_later = |order: &&Order| order.body["created_at"].as_str() > Some(time);
    let is_earlier = |order: &&Order| order.body["created_at"].as_str() < Some(time);
    let of = |orders: Vec<&Order>| orders.into_iter().map(|order| order.id.clone()).collect::<Vec<_>>();
    let later = of([&third, &first].into_iter().filter(is_later).collect());
    let earlier = of([&third, &first].into_iter().filter(is_earlier).collect());
    for (client, user) in [(&owner.client, String::new()), (&operator, format!("&user_id={}", owner.id))] {
        assert_eq!(ids(client, &format!("/v1/orders?created_after={time}{user}")), later);
        assert_eq!(ids(client, &format!("/v1/orders?created_before={time}{user}")), earlier);
        let oldest_first = ids(client, &format!("/v1/orders?sort=created_at&limit=2{user}"));
        assert_eq!(oldest_first, [first.id.as_str(), second.id.as_str(), third.id.as_str()]);
    }
}

#[test]
fn an_unknown_filter_or_value_is_refused() {
    let client = customer("owner").client;
    for query in [
        "number=1",
        "status=lost",
        "status=",
        "user_id=me",
        "created_after=today",
        "created_before=",
        "sort=total",
        "user=x",
        "limit=0",
        "limit=101",
        "cursor=abc",
    ] {
        expect_problem(&client.get(&format!("/v1/orders?{query}")), 400, "malformed-request");
    }
}
