//! An erasure: what is left of the user, and its progress in the other services.

use super::internal::{execute, tick};
use super::{FIRST_ID, client, create};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, user_id};
use spindle_platform::http::{empty, json as json_response};

/// The time of the fixture, and the time after an erasure at which it is checked.
const START: i64 = 1_700_000_000_000;
const FIRST_CHECK: i64 = 6 * 60 * 60 * 1000;

/// Makes `service` respond with this progress of every erasure.
fn report(client: &TestClient, service: &str, progress: Value) {
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        let response = match *request.method() {
            Method::GET => json_response(StatusCode::OK, &progress),
            _ => empty(StatusCode::NO_CONTENT),
        };
        Box::pin(async move { response })
    });
}

/// Erases the first user that is created.
fn erase(client: &TestClient) {
    create(
        client,
        json!({ "email": "ada@example.com", "display_name": "Ada", "phone": "+4930123456", "role": "operator" }),
    );
    // Fetches the key set, which a fake of auth does not have.
    client.get("/v1/users/me").send();
    report(client, "auth", json!({ "state": "done" }));
    let target = format!("/v1/users/{FIRST_ID}");
    client.delete(&target).header("if-match", "*").send().expect(StatusCode::NO_CONTENT);
}

fn progress(client: &TestClient) -> Value {
    client.get(&format!("/v1/users/{FIRST_ID}/erasure")).send().expect(StatusCode::OK).json()
}

fn erasures_published(client: &TestClient) -> i64 {
    client.rows::<(i64,)>("SELECT count(*) FROM outbox WHERE type = 'UserErased'")[0].0
}

#[test]
fn a_tombstone_has_an_id_and_times_and_nothing_of_the_person() {
    let client = client();
    erase(&client);
    let columns: Vec<(String,)> = client.rows("SELECT name FROM pragma_table_info('users')");
    let personal: Vec<&str> = columns
        .iter()
        .map(|(name,)| name.as_str())
        .filter(|name| !["id", "version", "created_at", "updated_at", "erased_at"].contains(name))
        .filter(|name| !["credentials_erased_at", "erasure_due_at", "erasure_checks", "keyed_version"].contains(name))
        .collect();
    let values = |column: &str| {
        let statement = format!("SELECT quote({column}) FROM users WHERE erased_at IS NOT NULL");
        client.rows::<(String,)>(&statement)
    };
    for column in personal {
        let empty = ["NULL", "0", "''", "'[]'", "'customer'", "'active'"];
        assert!(
            values(column).iter().all(|(value,)| empty.contains(&value.as_str())),
            "{column}: {:?}",
            values(column)
        );
    }
}

#[test]
fn an_operator_sees_how_far_an_erasure_is_in_each_service() {
    let client = client();
    erase(&client);
    report(&client, "notifications", json!({ "state": "done", "remaining": {} }));
    report(&client, "orders", json!({ "state": "pending", "remaining": { "orders": 2 } }));
    client.platform().serve("payments.spin.internal", |_| Box::pin(async { empty(StatusCode::SERVICE_UNAVAILABLE) }));
    let service = |name: &str, state: &str| json!({ "service": name, "state": state });
    let mut orders = service("orders", "pending");
    orders["remaining"] = json!({ "orders": 2 });
    assert_eq!(
        progress(&client),
        json!({
            "state": "pending", "requested_at": "2023-11-14T22:13:20.000Z",
            "services": [service("auth", "done"), service("notifications", "done"), orders, service("payments", "unknown")],
        })
    );
    report(&client, "orders", json!({ "state": "done" }));
    report(&client, "payments", json!({ "state": "done" }));
    assert_eq!(progress(&client)["state"], "done");
}

#[test]
fn only_an_operator_sees_an_erasure_and_only_of_an_erased_user() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}/erasure");
    let own = client.get(&target).as_user(FIRST_ID.parse().unwrap(), Role::Customer).send();
    assert_eq!(own.problem(), "403 forbidden");
    assert_eq!(client.get(&target).as_user(user_id(4), Role::Operator).send().problem(), "404 not-found");
    let unknown = format!("/v1/users/{}/erasure", user_id(8));
    assert_eq!(client.get(&unknown).send().problem(), "404 not-found");
}

#[test]
fn the_event_of_an_erasure_is_repeated_at_growing_intervals_until_all_services_are_done() {
    let client = client();
    erase(&client);
    for service in ["notifications", "payments"] {
        report(&client, service, json!({ "state": "done" }));
    }
    report(&client, "orders", json!({ "state": "pending", "remaining": { "orders": 1 } }));
    // The events of the test are older than the retention, and pruned by the tick that comes first.
    let at = |millis: i64| {
        execute(&client, "DELETE FROM outbox");
        client.platform().set_now(Timestamp::from_millis(START + millis));
        tick(&client);
        erasures_published(&client)
    };
    assert_eq!(at(FIRST_CHECK - 1), 0);
    assert_eq!([at(FIRST_CHECK), at(FIRST_CHECK)], [1, 0]);
    assert_eq!([at(3 * FIRST_CHECK - 1), at(3 * FIRST_CHECK)], [0, 1]);
    report(&client, "orders", json!({ "state": "done" }));
    assert_eq!(at(7 * FIRST_CHECK), 0);
    report(&client, "orders", json!({ "state": "pending" }));
    assert_eq!(at(1_000 * FIRST_CHECK), 0, "what is done is not checked again");
}

#[test]
fn an_erasure_of_an_earlier_release_is_repeated_at_once() {
    let client = client();
    erase(&client);
    // As the migration leaves it.
    execute(&client, "UPDATE users SET erasure_due_at = erased_at WHERE erased_at IS NOT NULL");
    execute(&client, "DELETE FROM outbox");
    tick(&client);
    assert_eq!(erasures_published(&client), 1);
}
