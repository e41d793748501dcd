//! The list of orders.

use std::collections::BTreeSet;

use serde_json::Value;
use spindle_tests::Client;
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{cancel, place_order};
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

#[test]
fn a_customer_lists_their_own_orders_the_latest_first_page_by_page() {
    let (owner, other) = (customer("owner"), customer("other"));
    let product = product(100);
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.insert(0, place_order(&owner.client, &product, 1, "pm_timeout").id);
        place_order(&other.client, &product, 1, "pm_timeout");
    }
    // The ids of one millisecond are not in the order of their creation.
    let sorted = {
        let mut ids = expected.clone();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    };
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
    let users_orders: Vec<&str> =
        latest["items"].as_array().expect("a list").iter().filter_map(|item| item["id"].as_str()).collect();
    assert!(users_orders.is_sorted_by(|a, b| a > b), "the latest first");
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
fn an_unknown_filter_or_value_is_refused() {
    let client = customer("owner").client;
    for query in ["status=lost", "status=", "user_id=me", "user=x", "limit=0", "limit=101", "cursor=abc"] {
        expect_problem(&client.get(&format!("/v1/orders?{query}")), 400, "malformed-request");
    }
}
