//! Tests of the whole service on the native platform.

use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse, user_id, with_edge_variables};
use spindle_platform::Platform;

mod access;
mod addresses;
mod email;
mod email_keys;
mod erasure;
mod export;
mod fake_auth;
mod internal;
mod invitations;
mod rights;

use fake_auth::FakeAuth;

const ADMIN: &str = "admin@example.com";

/// The id of the first user that a test creates.
const FIRST_ID: &str = "018bcfe5-6800-7000-8000-000000000007";

fn platform(variables: &[(&str, &str)]) -> Platform {
    let platform = with_edge_variables(Platform::native()).at(Timestamp::from_millis(1_700_000_000_000));
    let platform = platform.with_variable("event_retention_seconds", "3600").with_variable("event_transport", "http");
    let platform = ["notifications", "orders", "payments"].iter().fold(platform, |platform, service| {
        platform.with_variable(&format!("{service}_url"), &format!("http://{service}.spin.internal"))
    });
    let platform = variables.iter().fold(platform, |platform, (name, value)| platform.with_variable(name, value));
    platform.with_fixed_randomness().build()
}

/// Makes a client whose requests an admin sends.
fn client() -> TestClient {
    client_and_auth(&[]).0
}

/// Makes a client with further variables, and a fake auth that knows the password of the admin alone.
fn client_and_auth(variables: &[(&str, &str)]) -> (TestClient, FakeAuth) {
    let platform = platform(variables);
    let auth = FakeAuth::on(&platform);
    auth.set_password(user_id(1));
    let client = TestClient::without_issuer(&SERVICE, &platform).with_caller(user_id(1), Role::Admin);
    internal::register(&client, &user_id(1).to_string(), ADMIN, "admin").expect(StatusCode::CREATED);
    (client, auth)
}

/// Removes the invitation from the response to a creation.
fn without_invitation(created: &TestResponse) -> Value {
    let mut user = created.json();
    assert!(user.as_object_mut().unwrap().remove("invitation").is_some(), "{user}");
    user
}

fn create(client: &TestClient, body: Value) -> TestResponse {
    client.post("/v1/users").json(&body).send()
}

fn patch(client: &TestClient, target: &str, version: &str, body: Value) -> TestResponse {
    client.patch(target).header("if-match", version).json(&body).send()
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}

#[test]
fn the_response_to_a_creation_is_the_user_with_defaults() {
    let client = client();
    let response = create(&client, json!({ "email": "Ada@Example.com" }));
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["location"], format!("/v1/users/{FIRST_ID}"));
    assert_eq!(response.headers()["etag"], "\"v1\"");
    let expected = json!({
        "id": FIRST_ID,
        "email": "Ada@Example.com",
        "display_name": null,
        "role": "customer",
        "status": "active",
        "locale": "en",
        "phone": null,
        "addresses": [],
        "notification_preferences": { "email": true, "sms": false, "push": false },
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(without_invitation(&response), expected);
    assert_eq!(client.get(&format!("/v1/users/{FIRST_ID}")).send().json(), expected);
}

#[test]
fn a_response_lists_every_broken_rule_with_its_pointer() {
    let address = json!({ "name": "", "lines": [], "city": "", "postal_code": "10115", "country": "de" });
    let response = create(
        &client(),
        json!({ "email": "ada", "display_name": " ", "locale": "x", "phone": "1", "addresses": [address] }),
    );
    let expected = [
        "/addresses/0/country",
        "/addresses/0/lines",
        "/addresses/0/name",
        "/display_name",
        "/email",
        "/locale",
        "/phone",
    ];
    assert_eq!(response.error_pointers(), expected);
}

#[test]
fn unknown_fields_and_wrong_types_are_refused() {
    assert_eq!(create(&client(), json!({ "email": "a@b.example", "admin": true })).error_pointers(), ["/admin"]);
    assert_eq!(create(&client(), json!({ "email": 7 })).error_pointers(), ["/email"]);
    assert_eq!(create(&client(), json!({ "email": "a@b.example", "role": "root" })).error_pointers(), ["/role"]);
    assert_eq!(create(&client(), json!({})).error_pointers(), ["/email"]);
    let in_order = json!(["a@b.example", "A", "customer", null, null, [], {}]);
    assert_eq!(create(&client(), in_order).error_pointers(), [""]);
}

#[test]
fn an_email_address_is_taken_in_any_case() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let response = create(&client, json!({ "email": "ADA@example.com" }));
    assert_eq!(response.status(), StatusCode::CONFLICT);
    assert_eq!(
        response.json()["errors"],
        json!([{ "pointer": "/email", "detail": "Another user has this e-mail address." }])
    );

    let other = create(&client, json!({ "email": "grace@example.com" })).json();
    let target = format!("/v1/users/{}", other["id"].as_str().unwrap());
    assert_eq!(patch(&client, &target, "\"v1\"", json!({ "email": "Ada@example.com" })).status(), StatusCode::CONFLICT);
    assert_eq!(patch(&client, &target, "\"v1\"", json!({ "email": "GRACE@example.com" })).status(), StatusCode::OK);
}

#[test]
fn a_patch_changes_the_fields_that_it_contains_and_null_clears() {
    let client = client();
    let created = create(&client, json!({ "email": "ada@example.com", "display_name": "Ada", "phone": "+4930123456" }));
    let mut expected = without_invitation(&created);
    let target = format!("/v1/users/{FIRST_ID}");
    client.platform().set_now(Timestamp::from_millis(1_700_000_060_000));
    let change =
        json!({ "phone": null, "locale": "de", "role": "operator", "notification_preferences": { "sms": true } });
    let response = patch(&client, &target, "\"v1\"", change);

    assert_eq!((response.status(), &response.headers()["etag"]), (StatusCode::OK, &"\"v2\"".parse().unwrap()));
    expected["phone"] = Value::Null;
    expected["locale"] = "de".into();
    expected["role"] = "operator".into();
    expected["notification_preferences"]["sms"] = true.into();
    expected["updated_at"] = "2023-11-14T22:14:20.000Z".into();
    assert_eq!(response.json(), expected);
    assert_eq!(client.get(&target).send().json(), expected);
}

#[test]
fn null_for_a_required_field_is_refused() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    for (field, pointer) in [("email", "/email"), ("locale", "/locale"), ("addresses", "/addresses")] {
        assert_eq!(patch(&client, &target, "*", json!({ field: null })).error_pointers(), [pointer]);
    }
    let preferences = json!({ "notification_preferences": { "sms": null } });
    assert_eq!(patch(&client, &target, "*", preferences).error_pointers(), ["/notification_preferences/sms"]);
    assert_eq!(client.get(&target).send().headers()["etag"], "\"v1\"");
}

#[test]
fn a_locale_without_a_language_code_is_refused_with_an_example() {
    let client = client();
    let created = create(&client, json!({ "email": "ada@example.com", "locale": "german" }));
    assert_eq!(created.error_pointers(), ["/locale"]);
    let detail = "is not a language tag (BCP 47) with a language of two or three letters, such as en or de-CH";
    assert_eq!(created.json()["errors"][0]["detail"], detail);
    let valid = create(&client, json!({ "email": "ada@example.com", "locale": "de" })).json();
    let target = format!("/v1/users/{}", valid["id"].as_str().unwrap());
    let changed = patch(&client, &target, "*", json!({ "locale": "german" }));
    assert_eq!(changed.error_pointers(), ["/locale"]);
}

#[test]
fn a_stored_locale_that_is_no_longer_valid_blocks_no_other_change() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    internal::execute(&client, &format!("UPDATE users SET locale = 'german' WHERE id = '{FIRST_ID}'"));
    let response = patch(&client, &target, "*", json!({ "display_name": "Ada" }));
    assert_eq!((response.status(), &response.json()["locale"]), (StatusCode::OK, &json!("german")));
    assert_eq!(patch(&client, &target, "*", json!({ "display_name": "" })).error_pointers(), ["/display_name"]);
}

#[test]
fn text_that_was_stored_before_its_rule_blocks_no_other_change() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com", "display_name": "Ada" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let address = r#"[{"id":"018bcfe5-6800-7000-8000-000000000009","label":null,"lines":["1"],"city":"A","postal_code":"1","country":"QQ"}]"#;
    internal::execute(&client, &format!("UPDATE users SET display_name = 'a\u{202e}b', addresses = '{address}'"));
    let changed = patch(&client, &target, "*", json!({ "locale": "de" }));
    assert_eq!((changed.status(), &changed.json()["display_name"]), (StatusCode::OK, &json!("a\u{202e}b")));
    let kept = changed.json()["addresses"].clone();
    let refused = patch(&client, &target, "*", json!({ "addresses": kept }));
    assert_eq!(refused.error_pointers(), ["/addresses/0/country", "/addresses/0/name"]);
}

#[test]
fn text_with_a_character_that_is_not_printed_is_refused_with_its_pointer() {
    let client = client();
    let address = json!({
        "label": "ho\u{2067}me", "name": "Ada\u{202e}", "lines": ["1 Main St", "2\nnd floor"], "city": "Ber\u{200b}lin", "postal_code": "101\u{7}15",
        "country": "DE",
    });
    let body = json!({ "email": "ada@example.com", "display_name": "Ada \u{202e}ecalevoL", "addresses": [address] });
    let response = create(&client, body);
    let errors: Vec<(String, String)> = serde_json::from_value::<Vec<Value>>(response.json()["errors"].clone())
        .unwrap()
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap().to_owned(), error["detail"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ("/addresses/0/city", "must not have U+200B, its character 4: it is not printable there"),
        ("/addresses/0/label", "must not have U+2067, its character 3: it is not printable there"),
        ("/addresses/0/lines/1", "must be one line, without line breaks and tabs"),
        ("/addresses/0/name", "must not have U+202E, its character 4: it is not printable there"),
        ("/addresses/0/postal_code", "must not have U+0007, its character 4: it is not printable there"),
        ("/display_name", "must not have U+202E, its character 5: it is not printable there"),
    ];
    assert_eq!(errors, expected.map(|(pointer, detail)| (pointer.to_owned(), detail.to_owned())));
    let claim = json!({ "email": "ada@example.com", "display_name": "You won 500 EUR! Claim: http://evil.example" });
    let detail = "must not have the address of a web page (:// or www.)";
    let refused = create(&client, claim).json()["errors"].clone();
    assert_eq!(refused, json!([{ "pointer": "/display_name", "detail": detail }]));
    for name in ["Zoë 🎉", "محمد", "می\u{200c}خواهم", "👩🏽\u{200d}🚀", "王小明"] {
        let created = create(&client, json!({ "email": "name@example.com", "display_name": name }));
        assert_eq!(created.json()["display_name"], name);
        client.delete(created.headers()["location"].to_str().unwrap()).header("if-match", "*").send();
    }
}

#[test]
fn a_change_requires_the_current_version() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let unconditional = client.patch(&target).json(&json!({ "locale": "de" })).send();
    assert_eq!(unconditional.status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(client.delete(&target).send().status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(patch(&client, &target, "\"v2\"", json!({})).status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(patch(&client, &target, "*", json!({ "locale": "de" })).headers()["etag"], "\"v2\"");
    let unchanged = client.get(&target).header("if-none-match", "\"v2\"").send();
    assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(unchanged.headers()["etag"], "\"v2\"");
}

#[test]
fn an_erased_user_is_gone_and_its_address_free() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let erase = || client.delete(&target).header("if-match", "\"v1\"").send().status();
    assert_eq!(erase(), StatusCode::NO_CONTENT);
    assert_eq!(erase(), StatusCode::NOT_FOUND);
    assert_eq!(client.get(&target).send().status(), StatusCode::NOT_FOUND);
    assert_eq!(patch(&client, &target, "*", json!({})).status(), StatusCode::NOT_FOUND);
    let everyone = client.get("/v1/users").send().json()["items"].take();
    assert_eq!(everyone.as_array().unwrap().iter().map(|user| &user["email"]).collect::<Vec<_>>(), [ADMIN]);
    assert_eq!(create(&client, json!({ "email": "ada@example.com" })).status(), StatusCode::CREATED);
}

#[test]
fn each_user_is_on_one_page() {
    let client = client();
    let emails: Vec<String> = (0..7).map(|n| format!("user{n}@example.com")).collect();
    for email in &emails {
        create(&client, json!({ "email": email }));
    }
    let (mut seen, mut target) = (Vec::new(), "/v1/users?limit=3".to_owned());
    loop {
        let response = client.get(&target).send();
        let page = response.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        target = response.next_page().unwrap();
        assert!(target.contains(cursor));
    }
    assert_eq!(seen, [&[ADMIN.to_owned()], emails.as_slice()].concat());
}

#[test]
fn a_user_is_found_by_address() {
    let client = client();
    create(&client, json!({ "email": "ada+shop@example.com" }));
    let found = client.get("/v1/users?email=ADA%2Bshop%40example.com").send().json();
    assert_eq!((found["items"].as_array().unwrap().len(), &found["next_cursor"]), (1, &Value::Null));
    assert_eq!(client.get("/v1/users?email=unknown@example.com").send().json()["items"], json!([]));
}

#[test]
fn a_bad_query_is_a_400_and_a_bad_id_a_404() {
    let client = client();
    for target in [
        "/v1/users?limit=0",
        "/v1/users?limit=",
        "/v1/users?cursor=abc",
        "/v1/users?cursor=",
        "/v1/users?mail=x",
        "/v1/users?limit=1&limit=2",
        "/v1/users?email=",
    ] {
        assert_eq!(client.get(target).send().status(), StatusCode::BAD_REQUEST, "{target}");
    }
    for target in ["/v1/users/1", "/v1/users/%7B018bcfe5-6800-7000-8000-000000000007%7D"] {
        assert_eq!(client.get(target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
}
