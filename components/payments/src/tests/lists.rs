//! Which payments each caller can read.

use super::fake_provider::always_succeeds;
use super::{Fixture, OWNER};
use crate::provider::ProviderResult;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::user_id;
use spindle_platform::sql;
use uuid::Uuid;

const STRANGER: u128 = 77;

/// Returns the orders whose payments are in the response to `target`, and the cursor of the next page.
fn page(fixture: &Fixture, user: u128, role: Role, target: &str) -> (Vec<u128>, Option<String>) {
    let response = fixture.client.get(target).as_user(user_id(user), role).send();
    let page = response.expect(StatusCode::OK).json();
    let order = |item: &Value| item["order_id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
    let orders = page["items"].as_array().unwrap().iter().map(order).collect();
    (orders, page["next_cursor"].as_str().map(str::to_owned))
}

#[test]
fn a_customer_lists_their_payments_and_an_operator_all_the_latest_first() {
    let mut fixture = Fixture::new();
    for order in 1..=3 {
        fixture.tick_after(1);
        fixture.publish("PaymentRequested", order);
    }
    for (user, role, expected) in [
        (OWNER, Role::Customer, vec![3, 2, 1]),
        (STRANGER, Role::Customer, vec![]),
        (STRANGER, Role::Operator, vec![3, 2, 1]),
    ] {
        assert_eq!(page(&fixture, user, role, "/v1/payments"), (expected, None), "{user} {role:?}");
        let first = page(&fixture, user, role, "/v1/payments?limit=2");
        if let (orders, Some(cursor)) = first {
            assert_eq!(orders, [3, 2]);
            let next = page(&fixture, user, role, &format!("/v1/payments?limit=2&cursor={cursor}"));
            assert_eq!(next, (vec![1], None));
        } else {
            assert_eq!(first, (vec![], None));
        }
    }
}

#[test]
fn the_payment_of_an_order_is_listed_for_its_owner_and_operators() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let target = format!("/v1/payments?order_id={}", Uuid::from_u128(5));
    assert_eq!(page(&fixture, OWNER, Role::Customer, &target).0, [5]);
    assert_eq!(page(&fixture, STRANGER, Role::Customer, &target).0, [0; 0]);
    assert_eq!(page(&fixture, STRANGER, Role::Operator, &target).0, [5]);
    let other = format!("/v1/payments?order_id={}", Uuid::from_u128(6));
    assert_eq!(page(&fixture, OWNER, Role::Customer, &other).0, [0; 0]);
    for target in [
        "/v1/payments?order_id=x",
        "/v1/payments?order_id=",
        "/v1/payments?user_id=x",
        "/v1/payments?user_id=",
        "/v1/payments?status=lost",
        "/v1/payments?status=",
        "/v1/payments?created_after=yesterday",
        "/v1/payments?created_before=",
        "/v1/payments?sort=amount",
        "/v1/payments?cursor=x",
        "/v1/payments?cursor=",
        "/v1/payments?limit=",
    ] {
        assert_eq!(
            fixture.client.get(target).as_user(user_id(OWNER), Role::Customer).send().status(),
            StatusCode::BAD_REQUEST,
            "{target}"
        );
    }
}

#[test]
fn a_list_is_filtered_by_status_user_and_time_of_creation() {
    let mut fixture = Fixture::new();
    for order in 1..=3 {
        fixture.tick_after(1);
        fixture.publish("PaymentRequested", order);
    }
    fixture.publish("OrderPaid", 2);
    let owner = Uuid::from_u128(OWNER);
    let second = |fixture: &Fixture| fixture.payment(2)["created_at"].as_str().unwrap().to_owned();
    let time = second(&fixture);
    for (query, expected) in [
        ("status=authorized".to_owned(), vec![3, 1]),
        ("status=captured".to_owned(), vec![2]),
        ("status=voided".to_owned(), vec![]),
        (format!("user_id={owner}"), vec![3, 2, 1]),
        (format!("user_id={owner}&status=captured"), vec![2]),
        (format!("user_id={}", Uuid::from_u128(STRANGER)), vec![]),
        // Neither end is included.
        (format!("created_after={time}"), vec![3]),
        (format!("created_before={time}"), vec![1]),
        (format!("created_before={time}&status=captured"), vec![]),
        (format!("created_after={time}&user_id={owner}"), vec![3]),
        ("created_after=2023-11-14T22:13:21.000Z&created_before=2023-11-14T22:13:23.000Z".to_owned(), vec![2]),
        ("created_after=2023-11-14T23:13:21%2B01:00".to_owned(), vec![3, 2]),
        (format!("order_id={}&status=captured", Uuid::from_u128(2)), vec![2]),
        (format!("order_id={}&status=voided", Uuid::from_u128(2)), vec![]),
        (format!("order_id={}&created_after={time}", Uuid::from_u128(2)), vec![]),
        (format!("order_id={}&user_id={}", Uuid::from_u128(2), Uuid::from_u128(STRANGER)), vec![]),
    ] {
        let target = format!("/v1/payments?{query}");
        assert_eq!(page(&fixture, STRANGER, Role::Operator, &target).0, expected, "{query}");
    }
    let own = format!("/v1/payments?user_id={owner}&status=captured");
    assert_eq!(page(&fixture, OWNER, Role::Customer, &own).0, [2]);
    let theirs = fixture.client.get(&own).as_user(user_id(STRANGER), Role::Customer).send();
    assert_eq!(theirs.problem(), "403 forbidden");
}

#[test]
fn a_cursor_is_valid_for_the_list_with_the_same_filters_only() {
    let mut fixture = Fixture::new();
    for order in 1..=3 {
        fixture.tick_after(1);
        fixture.publish("PaymentRequested", order);
    }
    let (orders, cursor) = page(&fixture, STRANGER, Role::Operator, "/v1/payments?status=authorized&limit=2");
    assert_eq!(orders, [3, 2]);
    let cursor = cursor.unwrap();
    let next = |filter: &str| {
        let target = format!("/v1/payments?{filter}limit=2&cursor={cursor}");
        fixture.client.get(&target).as_user(user_id(STRANGER), Role::Operator).send()
    };
    assert_eq!(next("status=authorized&").json()["items"][0]["order_id"], Uuid::from_u128(1).to_string());
    for other in ["", "status=captured&", "created_after=2023-11-14T22:13:21.000Z&status=authorized&"] {
        assert_eq!(next(other).problem(), "400 malformed-request", "{other}");
    }
}

/// Returns the steps of SQLite's plan for `statement`.
fn plan(fixture: &Fixture, statement: &str) -> Vec<String> {
    let parameters = (1..=9).rev().find(|number| statement.contains(&format!("?{number}"))).unwrap_or(0);
    block_on(async {
        let db = fixture.client.context().sql().await.unwrap();
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let steps: Vec<(i64, i64, i64, String)> =
            db.query_all(&explain, &vec![sql::Value::Null; parameters]).await.unwrap();
        steps.into_iter().map(|(_, _, _, step)| step).collect()
    })
}

#[test]
fn each_filter_is_read_from_an_index_in_the_order_of_the_list() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 1);
    let id = |number| Uuid::from_u128(number);
    for (query, expected) in [
        (String::new(), "PRIMARY KEY (id>? AND id<?)"),
        ("created_after=2023-11-14T22:13:20.000Z".to_owned(), "PRIMARY KEY (id>? AND id<?)"),
        ("status=authorized".to_owned(), "INDEX payments_by_status (status=? AND id>? AND id<?)"),
        (format!("user_id={}&status=captured", id(OWNER)), "INDEX payments_by_user (user_id=? AND id>? AND id<?)"),
        (format!("order_id={}", id(1)), "INDEX sqlite_autoindex_payments_2 (order_id=?)"),
    ] {
        let platform = fixture.client.platform();
        let before = platform.statements("payments").len();
        let target = format!("/v1/payments?{query}");
        fixture.client.get(&target).as_user(user_id(STRANGER), Role::Operator).send().expect(StatusCode::OK);
        let statement = platform.statements("payments").split_off(before).pop().unwrap();
        let steps = plan(&fixture, &statement);
        assert_eq!(steps[0], format!("SEARCH payments USING {expected}"), "{query}: {steps:?}");
        let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!sorts, "{query}: {steps:?}");
    }
}

#[test]
fn the_payment_of_another_user_is_not_found() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let payment = fixture.payment(5);
    let target = format!("/v1/payments/{}", payment["id"].as_str().unwrap());
    let mut shown = payment.clone();
    shown.as_object_mut().unwrap().remove("last_error");
    let allowed = fixture.client.get(&target).as_user(user_id(OWNER), Role::Customer).send();
    assert_eq!((allowed.status(), allowed.json()), (StatusCode::OK, shown));
    assert_eq!(fixture.client.get(&target).as_user(user_id(STRANGER), Role::Operator).send().status(), StatusCode::OK);
    let theirs = fixture.client.get(&target).as_user(user_id(STRANGER), Role::Customer).send();
    let absent = fixture
        .client
        .get(&format!("/v1/payments/{}", Uuid::from_u128(1)))
        .as_user(user_id(STRANGER), Role::Customer)
        .send();
    for response in [theirs, absent] {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.json()["detail"], "No payment has this id.");
    }
}

#[test]
fn each_change_of_a_payment_changes_its_etag() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let target = format!("/v1/payments/{}", fixture.payment(5)["id"].as_str().unwrap());
    let read = |fixture: &Fixture, tag: &str| {
        let request = fixture.client.get(&target).as_user(user_id(OWNER), Role::Customer);
        let response = request.header("if-none-match", tag).send();
        (response.status(), response.header("etag").unwrap().to_owned())
    };
    let (status, tag) = read(&fixture, "");
    assert_eq!((status, read(&fixture, &tag)), (StatusCode::OK, (StatusCode::NOT_MODIFIED, tag.clone())));
    fixture.publish("OrderPaid", 5);
    let (status, later) = read(&fixture, &tag);
    assert_eq!(status, StatusCode::OK);
    assert_ne!(later, tag);
}

#[test]
fn an_operator_sees_the_calls_of_the_provider_and_the_last_error() {
    let mut fixture = Fixture::with(|call| match call.attempt {
        1 => ProviderResult::Retryable("busy".to_owned()),
        _ => always_succeeds(call),
    });
    fixture.publish("PaymentRequested", 5);
    let waiting = fixture.payment(5);
    assert_eq!((&waiting["attempts"], &waiting["last_error"]), (&json!(1), &json!("authorize: retryable: busy")));
    let target = format!("/v1/payments/{}", waiting["id"].as_str().unwrap());
    let read = |fixture: &Fixture, role| fixture.client.get(&target).as_user(user_id(OWNER), role).send();
    let tag = read(&fixture, Role::Operator).header("etag").unwrap().to_owned();
    fixture.tick_after(2);
    let response = read(&fixture, Role::Operator);
    // A failed call is a change of what is read, although the payment stays as it is.
    assert_ne!(response.header("etag").unwrap(), tag);
    let payment = response.json();
    assert_eq!((&payment["attempts"], &payment["last_error"]), (&json!(2), &Value::Null));
    let (first, second) = ("2023-11-14T22:13:20.000Z", "2023-11-14T22:13:22.000Z");
    assert_eq!(
        payment["calls"],
        json!([
            { "operation": "authorize", "attempt": 1, "began_at": first, "ended_at": first, "outcome": "retryable", "detail": "busy" },
            { "operation": "authorize", "attempt": 2, "began_at": second, "ended_at": second, "outcome": "authorized", "detail": "ref" },
        ])
    );
    let shown = read(&fixture, Role::Customer).json();
    assert_eq!((shown.get("last_error"), shown.get("calls"), &shown["attempts"]), (None, None, &json!(2)));
}
