//! Which notifications and fields each caller can read.

use super::{ADA, EVE, Fixture, failed};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::{TestRequest, user_id};
use spindle_platform::sql;
use uuid::Uuid;

/// Makes a request `GET target` of a customer.
fn get_as<'f>(fixture: &'f Fixture, customer: u128, target: &str) -> TestRequest<'f> {
    fixture.client.get(target).as_user(user_id(customer), Role::Customer)
}

#[test]
fn a_user_lists_their_notifications_and_an_operator_all_with_more_fields() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    fixture.publish(2, "OrderPaid", ADA);
    let page = get_as(&fixture, EVE, "/v1/notifications").send().json();
    let at = "2023-11-14T22:13:20.000Z";
    let mut expected = json!({
        "id": page["items"][0]["id"], "user_id": Uuid::from_u128(EVE), "order_id": Uuid::from_u128(7), "template": "order-paid", "template_version": 2,
        "channel": "email", "status": "sent", "event": { "id": Uuid::from_u128(1), "type": "OrderPaid" }, "attempts": 1,
        "provider_reference": "m-1", "created_at": at, "updated_at": at, "sent_at": at,
    });
    assert_eq!(page, json!({ "items": [expected], "next_cursor": null }));
    let target = format!("/v1/notifications/{}", page["items"][0]["id"].as_str().unwrap());
    assert_eq!(get_as(&fixture, EVE, &target).send().status_and_json(), (StatusCode::OK, expected.clone()));
    assert_eq!(get_as(&fixture, ADA, &target).send().status(), StatusCode::NOT_FOUND);

    expected["last_error"] = Value::Null;
    assert_eq!(fixture.list("").len(), 3);
    assert_eq!(fixture.list("").pop(), Some(expected.clone()));
    expected["calls"] = json!([{ "number": 1, "began_at": at, "ended_at": at, "outcome": "sent", "detail": "m-1" }]);
    assert_eq!(fixture.client.get(&target).send().status_and_json(), (StatusCode::OK, expected));
}

#[test]
fn a_list_is_filtered_by_status_and_user() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", ADA);
    fixture.respond_with(|_| failed("rejected"));
    fixture.publish(2, "OrderPaid", EVE);
    let (ada, eve) = (Uuid::from_u128(ADA), Uuid::from_u128(EVE));
    for (query, count) in [
        (String::new(), 3),
        ("?status=sent".to_owned(), 2),
        ("?status=dead".to_owned(), 1),
        ("?status=queued".to_owned(), 0),
        (format!("?user_id={ada}"), 2),
        (format!("?user_id={eve}&status=dead"), 1),
        (format!("?user_id={ada}&status=dead"), 0),
    ] {
        assert_eq!(fixture.list(&query).len(), count, "{query}");
    }
    let status = |query: &str| get_as(&fixture, EVE, &format!("/v1/notifications?{query}")).send().status();
    assert_eq!(status(&format!("user_id={eve}&status=dead")), StatusCode::OK);
    assert_eq!(status(&format!("user_id={ada}")), StatusCode::FORBIDDEN);
    for bad in [
        "status=lost",
        "status=",
        "user_id=me",
        "user_id=",
        "order_id=1",
        "order_id=",
        "trigger_id=",
        "created_after=yesterday",
        "created_before=",
        "channel=email",
        "limit=0",
        "limit=",
        "cursor=",
    ] {
        assert_eq!(status(bad), StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[test]
fn a_list_is_filtered_by_order_trigger_and_time_of_creation() {
    let mut fixture = Fixture::new();
    fixture.publish(1, "UserRegistered", EVE);
    fixture.tick_after(1_000);
    fixture.publish(2, "OrderPaid", EVE);
    fixture.tick_after(1_000);
    fixture.publish(3, "PaymentRefunded", EVE);
    let (order, eve, ada) = (Uuid::from_u128(7), Uuid::from_u128(EVE), Uuid::from_u128(ADA));
    let time = "2023-11-14T22:13:21.000Z";
    for (query, expected) in [
        (format!("?order_id={order}"), vec!["payment-refunded", "order-paid"]),
        (format!("?order_id={order}&status=sent&user_id={eve}"), vec!["payment-refunded", "order-paid"]),
        (format!("?order_id={order}&created_after={time}"), vec!["payment-refunded"]),
        (format!("?order_id={order}&status=dead"), vec![]),
        (format!("?order_id={order}&user_id={ada}"), vec![]),
        (format!("?order_id={}", Uuid::from_u128(8)), vec![]),
        (format!("?trigger_id={}", Uuid::from_u128(2)), vec!["order-paid"]),
        (format!("?trigger_id={}&order_id={order}&status=sent", Uuid::from_u128(2)), vec!["order-paid"]),
        (format!("?trigger_id={}&user_id={ada}", Uuid::from_u128(2)), vec![]),
        ("?trigger_id=evt_1".to_owned(), vec![]),
        // Neither end is included.
        (format!("?created_after={time}"), vec!["payment-refunded"]),
        (format!("?created_before={time}"), vec!["welcome"]),
        (format!("?created_before={time}&user_id={eve}&status=sent"), vec!["welcome"]),
        (format!("?created_before={time}&status=sent"), vec!["welcome"]),
    ] {
        let listed = fixture.list(&query);
        let templates: Vec<&str> = listed.iter().map(|item| item["template"].as_str().unwrap()).collect();
        assert_eq!(templates, expected, "{query}");
    }
    // A user sees their own only, whichever the order or the trigger.
    for query in [format!("order_id={order}"), format!("trigger_id={}", Uuid::from_u128(2))] {
        let target = format!("/v1/notifications?{query}");
        assert_eq!(get_as(&fixture, ADA, &target).send().json()["items"], json!([]), "{query}");
        assert_ne!(get_as(&fixture, EVE, &target).send().json()["items"], json!([]), "{query}");
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
fn each_filter_is_read_from_an_index() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let id = |number| Uuid::from_u128(number);
    let trigger = "INDEX sqlite_autoindex_notifications_2 (event_id=?)";
    for (query, expected, sorts) in [
        (String::new(), "PRIMARY KEY (id>? AND id<?)", false),
        ("created_before=2023-11-14T22:13:20.000Z".to_owned(), "PRIMARY KEY (id>? AND id<?)", false),
        ("status=sent".to_owned(), "INDEX notifications_by_status (status=? AND id>? AND id<?)", false),
        (format!("user_id={}", id(EVE)), "INDEX notifications_by_user (user_id=? AND id>? AND id<?)", false),
        (
            format!("order_id={}&status=sent", id(7)),
            "INDEX notifications_by_order (order_id=? AND id>? AND id<?)",
            false,
        ),
        (format!("trigger_id={}", id(1)), trigger, true),
    ] {
        let platform = fixture.client.platform();
        let before = platform.statements("notifications").len();
        fixture.client.get(&format!("/v1/notifications?{query}")).send().expect(StatusCode::OK);
        let statement = platform.statements("notifications").split_off(before).pop().unwrap();
        let steps = plan(&fixture, &statement);
        assert_eq!(steps[0], format!("SEARCH notifications USING {expected}"), "{query}: {steps:?}");
        assert_eq!(steps.iter().any(|step| step.contains("TEMP B-TREE")), sorts, "{query}: {steps:?}");
    }
}

#[test]
fn pages_list_each_notification_once_and_a_cursor_is_valid_for_its_list_only() {
    let fixture = Fixture::new();
    for event in 1..=5 {
        fixture.publish(event, "PaymentRefunded", EVE);
    }
    let first = fixture.client.get("/v1/notifications?limit=3").send().json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = fixture.client.get(&format!("/v1/notifications?limit=3&cursor={cursor}")).send().json();
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let mut all: Vec<(String,)> = fixture.client.rows("SELECT id FROM notifications ORDER BY id DESC");
    let listed = [ids(&first), ids(&second)].concat();
    assert_eq!(listed, all.drain(..).map(|(id,)| id).collect::<Vec<_>>());
    let response = fixture.client.get(&format!("/v1/notifications?status=sent&cursor={cursor}")).send();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}
