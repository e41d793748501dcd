//! The operations for auth and notifications, and the published events.

use super::{FIRST_ID, client, create};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_edge::testing::{TestClient, TestResponse, user_id};

const NEW_ID: &str = "01923f5e-7c00-7abc-8def-0123456789ab";

/// Returns the published events, as type and user.
fn published(client: &TestClient) -> Vec<(String, String)> {
    client.rows("SELECT type, data ->> 'user_id' FROM outbox WHERE subject = data ->> 'user_id' ORDER BY seq")
}

/// Executes `statement` on the database of users.
pub(super) fn execute(client: &TestClient, statement: &str) {
    block_on(async { client.context().sql().await.unwrap().execute(statement, &[]).await.unwrap() });
}

pub(super) fn tick(client: &TestClient) -> Value {
    client.post("/internal/users/tick").as_service("gateway").send().json()
}

pub(super) fn register(client: &TestClient, id: &str, email: &str, role: &str) -> TestResponse {
    let new = json!({ "email": email, "display_name": "Ada", "role": role });
    client.put(&format!("/internal/users/{id}")).as_service("auth").json(&new).send()
}

#[test]
fn an_identity_is_found_by_address_in_any_case_and_by_id() {
    let client = client();
    create(&client, json!({ "email": "Ada@example.com", "role": "operator" }));
    let expected = json!({ "id": FIRST_ID, "email": "Ada@example.com", "role": "operator", "active": true });
    let identify = |email: &str| {
        client.post("/internal/users/identify").as_service("auth").json(&json!({ "email": email })).send()
    };
    assert_eq!(identify("ADA@EXAMPLE.COM").json(), expected);
    assert_eq!(identify("eve@example.com").status(), StatusCode::NOT_FOUND);
    let identity = |id: &str| client.get(&format!("/internal/users/{id}/identity")).as_service("auth").send();
    assert_eq!(identity(FIRST_ID).json(), expected);
    assert_eq!(identity(NEW_ID).status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_known_and_an_unknown_address_take_the_same_statements() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let statements = |email: &str| {
        let before = client.platform().statements("users").len();
        client.post("/internal/users/identify").as_service("auth").json(&json!({ "email": email })).send();
        client.platform().statements("users").split_off(before)
    };
    assert_eq!(statements("ada@example.com"), statements("eve@example.com"));
}

#[test]
fn a_repeated_creation_creates_one_profile() {
    let client = client();
    let created = register(&client, NEW_ID, "ada@example.com", "customer");
    assert_eq!(created.status(), StatusCode::CREATED);
    let again = register(&client, NEW_ID, "ada@example.com", "customer");
    assert_eq!((again.status(), again.json()), (StatusCode::OK, created.json()));
    assert_eq!(created.json()["role"], "customer");
}

#[test]
fn a_dry_run_checks_a_profile_and_creates_none() {
    let client = client();
    let check = |id: &str, query: &str, profile: Value| {
        client.put(&format!("/internal/users/{id}?{query}")).as_service("auth").json(&profile).send()
    };
    let ada = json!({ "email": "ada@example.com" });
    let valid = check(NEW_ID, "dry_run=true", ada.clone());
    assert_eq!((valid.status(), valid.body().len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(client.get(&format!("/internal/users/{NEW_ID}/identity")).as_service("auth").send().status(), 404);

    let invalid = check(NEW_ID, "dry_run=true", json!({ "email": "ada", "display_name": "" }));
    assert_eq!(invalid.error_pointers(), ["/display_name", "/email"]);
    assert_eq!(check(NEW_ID, "dry_run=false", ada).status(), StatusCode::CREATED);
    let upper_case = json!({ "email": "ADA@example.com" });
    assert_eq!(check(NEW_ID, "dry_run=true", upper_case.clone()).status(), StatusCode::NO_CONTENT);
    assert_eq!(check(FIRST_ID, "dry_run=true", upper_case.clone()).status(), StatusCode::CONFLICT);
    for query in ["dry_run=1", "dry_run=", "dryrun=true", "dry_run=true&dry_run=true"] {
        assert_eq!(check(FIRST_ID, query, upper_case.clone()).status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn an_address_and_an_id_belong_to_one_user() {
    let client = client();
    register(&client, NEW_ID, "ada@example.com", "customer");
    let response = register(&client, FIRST_ID, "ADA@example.com", "customer");
    assert_eq!((response.status(), &response.json()["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/email")));
    assert_eq!(register(&client, NEW_ID, "eve@example.com", "customer").status(), StatusCode::CONFLICT);
    client.delete(&format!("/v1/users/{NEW_ID}")).header("if-match", "*").send();
    assert_eq!(register(&client, NEW_ID, "ada@example.com", "customer").status(), StatusCode::CONFLICT);
}

#[test]
fn notifications_reads_a_contact_until_the_user_is_erased() {
    let client = client();
    let preferences = json!({ "sms": true });
    create(
        &client,
        json!({ "email": "ada@example.com", "display_name": "Ada", "locale": "de-CH", "phone": "+4930123456",
            "notification_preferences": preferences }),
    );
    let path = format!("/internal/users/{FIRST_ID}/contact");
    let contact = || client.get(&path).as_service("notifications").send();
    let expected = json!({
        "email": "ada@example.com", "previous_email": null, "phone": "+4930123456", "locale": "de-CH",
        "notification_preferences": { "email": true, "sms": true, "push": false },
    });
    assert_eq!(contact().json(), expected);
    assert_eq!(client.get(&path).as_service("auth").send().status(), StatusCode::FORBIDDEN);
    client.delete(&format!("/v1/users/{FIRST_ID}")).header("if-match", "*").send();
    assert_eq!(contact().status(), StatusCode::NOT_FOUND);
}

#[test]
fn each_registration_and_each_erasure_is_published_once() {
    let client = client();
    register(&client, NEW_ID, "ada@example.com", "customer");
    register(&client, NEW_ID, "ada@example.com", "customer");
    register(&client, NEW_ID, "eve@example.com", "customer");
    create(&client, json!({ "email": "ADA@example.com" }));
    let created = create(&client, json!({ "email": "grace@example.com" })).json();
    let erase =
        |version: &str| client.delete(&format!("/v1/users/{NEW_ID}")).header("if-match", version).send().status();
    assert_eq!(erase("\"v9\""), StatusCode::PRECONDITION_FAILED);
    assert_eq!(erase("\"v1\""), StatusCode::NO_CONTENT);
    assert_eq!(erase("\"v1\""), StatusCode::NOT_FOUND);
    let event = |kind: &str, user: &str| (kind.to_owned(), user.to_owned());
    let registered = |user: &str| event("UserRegistered", user);
    let expected = [
        registered(&user_id(1).to_string()),
        registered(NEW_ID),
        registered(created["id"].as_str().unwrap()),
        event("UserErased", NEW_ID),
    ];
    assert_eq!(published(&client), expected);
    client.platform().set_now(Timestamp::from_millis(1_700_003_600_001));
    assert_eq!((tick(&client)["pruned"].clone(), published(&client)), (json!(4), vec![]));
}

#[test]
fn only_auth_may_look_up_identities() {
    let client = client();
    let path = format!("/internal/users/{FIRST_ID}/identity");
    assert_eq!(client.get(&path).send().status(), StatusCode::UNAUTHORIZED);
    let gateway = client.get(&path).as_service("gateway").send();
    assert_eq!(gateway.status(), StatusCode::FORBIDDEN);
}
