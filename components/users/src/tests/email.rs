//! Changes of an e-mail address: their cost, the log-in that they need, and the previous address.

use super::internal::tick;
use super::{FIRST_ID, client, client_and_auth, create, patch};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{TestClient, TestResponse};
use std::time::Duration;

fn first() -> UserId {
    FIRST_ID.parse().unwrap()
}

/// Sends a change of the first user's own profile.
fn change(client: &TestClient, target: &str, body: &Value) -> TestResponse {
    client.patch(target).as_user(first(), Role::Customer).header("if-match", "*").json(body).send()
}

fn email_changes(client: &TestClient) -> i64 {
    let [(count,)] = client.rows::<(i64,)>("SELECT count(*) FROM email_changes").try_into().unwrap();
    count
}

/// Returns the ids of the changes of addresses in the outbox, oldest first.
fn published_changes(client: &TestClient) -> Vec<String> {
    let rows: Vec<(String,)> =
        client.rows("SELECT data ->> 'change_id' FROM outbox WHERE type = 'EmailChanged' ORDER BY seq");
    rows.into_iter().map(|(id,)| id).collect()
}

/// Returns the previous address as notifications reads it.
fn previous_email(client: &TestClient, user: &str, change: &str) -> Value {
    let target = format!("/internal/users/{user}/contact?email_change={change}");
    client.get(&target).as_service("notifications").send().expect(StatusCode::OK).json()["previous_email"].clone()
}

#[test]
fn asking_whether_an_address_is_taken_costs_the_class_auth() {
    let (client, _) = client_and_auth(&[("rate_limit_auth", "2/60")]);
    create(&client, json!({ "email": "ada@example.com" }));
    create(&client, json!({ "email": "eve@example.com" }));
    let ask = |target: &str, email: &str| change(&client, target, &json!({ "email": email }));
    assert_eq!(ask("/v1/users/me", "EVE@example.com").problem(), "409 conflict");
    assert_eq!(ask(&format!("/v1/users/{FIRST_ID}"), "EVE@example.com").problem(), "409 conflict");
    let before = client.platform().statements("users").len();
    for (target, email) in [("/v1/users/me", "eve@example.com"), ("/v1/users/me", "new@example.com")] {
        let response = ask(target, email);
        assert_eq!((response.problem(), response.header("retry-after")), ("429 rate-limited".to_owned(), Some("60")));
        assert_eq!(response.header("ratelimit-policy"), Some("\"auth\";q=2;w=60"));
    }
    let statements = client.platform().statements("users").split_off(before);
    let looks_up = |statement: &String| statement.contains("email_key IN") || statement.contains("UPDATE");
    assert!(!statements.iter().any(looks_up), "only the user was read, and no address was looked up: {statements:?}");
    // Everything else goes on, and each user has a limit of their own.
    assert_eq!(change(&client, "/v1/users/me", &json!({ "locale": "de" })).status(), StatusCode::OK);
    let target = format!("/v1/users/{FIRST_ID}");
    let by_admin = || patch(&client, &target, "*", json!({ "email": "eve@example.com" }));
    assert_eq!([by_admin(), by_admin(), by_admin()].map(|response| response.status().as_u16()), [409, 409, 429]);
}

#[test]
fn an_address_is_not_changed_while_requests_cannot_be_counted() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    client.platform().fail_stores(true);
    let response = change(&client, "/v1/users/me", &json!({ "email": "new@example.com" }));
    assert_eq!((response.problem(), response.header("retry-after")), ("503 unavailable".to_owned(), Some("1")));
    assert_eq!(change(&client, "/v1/users/me", &json!({ "locale": "de" })).status(), StatusCode::OK);
}

#[test]
fn only_a_recent_log_in_changes_an_address() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let now = client.platform().now();
    let change = |logged_in_at: Option<Timestamp>, body: Value| {
        let request = client.patch("/v1/users/me").as_user_of_login(first(), Role::Customer, logged_in_at);
        request.header("if-match", "*").json(&body).send()
    };
    let old = Some(now.minus(Duration::from_secs(301)));
    for logged_in_at in [old, None] {
        let response = change(logged_in_at, json!({ "email": "thief@example.com", "locale": "de" }));
        assert_eq!(response.problem(), "401 recent-login-required");
        let challenge = response.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer error=\"insufficient_user_authentication\""), "{challenge}");
        assert_eq!(change(logged_in_at, json!({ "locale": "de" })).status(), StatusCode::OK);
        // The address as it was read is no change.
        let same = change(logged_in_at, json!({ "email": "ada@example.com", "locale": "de" }));
        assert_eq!(same.status(), StatusCode::OK);
        let other_case = change(logged_in_at, json!({ "email": "Ada@example.com" }));
        assert_eq!(other_case.problem(), "401 recent-login-required");
    }
    let recent = Some(now.minus(Duration::from_secs(300)));
    assert_eq!(change(recent, json!({ "email": "new@example.com" })).json()["email"], "new@example.com");
    // Nor does the old token of an admin take the address of another user.
    let by_admin = client.patch(&format!("/v1/users/{FIRST_ID}")).as_user_of_login(super::user_id(1), Role::Admin, old);
    let response = by_admin.header("if-match", "*").json(&json!({ "email": "thief@example.com" })).send();
    assert_eq!(response.problem(), "401 recent-login-required");
}

#[test]
fn each_change_of_an_address_is_published_and_keeps_the_previous_one_for_notifications() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    for email in ["thief@example.com", "thief2@example.com"] {
        assert_eq!(change(&client, "/v1/users/me", &json!({ "email": email })).status(), StatusCode::OK);
    }
    // The same address is no change.
    assert_eq!(change(&client, "/v1/users/me", &json!({ "email": "thief2@example.com" })).status(), StatusCode::OK);
    let changes = published_changes(&client);
    let previous: Vec<Value> = changes.iter().map(|change| previous_email(&client, FIRST_ID, change)).collect();
    assert_eq!(previous, ["ada@example.com", "thief@example.com"], "a second change does not hide the first");
    assert_eq!(previous_email(&client, &super::user_id(1).to_string(), &changes[0]), Value::Null);
    let with_address = client.rows::<(i64,)>("SELECT count(*) FROM outbox WHERE data LIKE '%@%'");
    assert_eq!(with_address, [(0,)], "no event has an address");
    let malformed =
        client.get(&format!("/internal/users/{FIRST_ID}/contact?email_change=1")).as_service("notifications");
    assert_eq!(malformed.send().problem(), "400 malformed-request");
}

#[test]
fn a_refused_change_of_an_address_is_not_published() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    create(&client, json!({ "email": "eve@example.com" }));
    for email in ["eve@example.com", "no address"] {
        change(&client, "/v1/users/me", &json!({ "email": email }));
    }
    assert_eq!((email_changes(&client), published_changes(&client)), (0, vec![]));
}

#[test]
fn a_previous_address_is_deleted_with_its_user_or_with_its_event() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    change(&client, "/v1/users/me", &json!({ "email": "new@example.com" }));
    assert_eq!(email_changes(&client), 1);
    client.platform().set_now(Timestamp::from_millis(1_700_003_600_000));
    tick(&client);
    assert_eq!(email_changes(&client), 1);
    client.platform().set_now(Timestamp::from_millis(1_700_003_600_001));
    tick(&client);
    assert_eq!(email_changes(&client), 0);

    change(&client, "/v1/users/me", &json!({ "email": "newer@example.com" }));
    assert_eq!(email_changes(&client), 1);
    assert_eq!(client.delete(&format!("/v1/users/{FIRST_ID}")).header("if-match", "*").send().status(), 204);
    assert_eq!(email_changes(&client), 0);
}
