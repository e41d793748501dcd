//! Creating, reading, changing and erasing a user.

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::{User, create_user, unique_email};

/// Returns a request with every field that a client may set.
fn full_user(email: &str) -> Value {
    json!({
        "email": email,
        "display_name": "Ada Lovelace",
        "role": "operator",
        "locale": "en-GB",
        "phone": "+442079460000",
        "addresses": [{
            "label": "home",
            "name": "Ada King",
            "lines": ["12 St James's Square", "2nd floor"],
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB",
        }],
        "notification_preferences": {"email": true, "sms": false, "push": true},
    })
}

/// Checks the parts of `body` that the server chose, and returns it without them.
fn without_generated(mut body: Value) -> Value {
    let user = body.as_object_mut().expect("a user is an object");
    assert_is_uuid_v7(&user.remove("id").expect("a user has an id"));
    for field in ["created_at", "updated_at"] {
        assert_is_timestamp(&user.remove(field).unwrap_or_else(|| panic!("{field} is missing")));
    }
    assert_eq!(user.remove("status"), Some(json!("active")));
    for address in user.get_mut("addresses").and_then(Value::as_array_mut).expect("addresses are a list") {
        assert_is_uuid_v7(
            &address.as_object_mut().expect("an address is an object").remove("id").expect("it has an id"),
        );
    }
    body
}

fn assert_is_uuid_v7(id: &Value) {
    let text = id.as_str().unwrap_or_else(|| panic!("not a string: {id}"));
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{text}");
    assert!(text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | '-')), "{text}");
    assert_eq!(text.as_bytes()[14], b'7', "not of version 7: {text}");
}

/// Checks the format `2026-01-02T03:04:05.678Z`.
fn assert_is_timestamp(time: &Value) {
    let text = time.as_str().unwrap_or_else(|| panic!("not a string: {time}"));
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000Z", "{text}");
}

#[test]
fn the_response_to_a_creation_is_the_whole_user() {
    let client = &admin().client;
    let sent = full_user(&unique_email("ada"));
    let created = client.post("/v1/users", &sent).expect_status(201);
    let user = User::from_response(&created);
    assert_eq!(without_generated(user.body.clone()), sent);
    assert_eq!(created.header("location"), Some(user.path.as_str()));
    assert_eq!(created.header("content-type"), Some("application/json"));

    let read = client.get(&user.path).expect_status(200);
    assert_eq!(read.json(), user.body);
    assert_eq!(read.etag(), user.etag);
    assert_eq!(read.header("content-type"), Some("application/json"));
    assert_eq!(read.header("content-length"), Some(read.body.len().to_string().as_str()));
}

#[test]
fn absent_fields_of_a_new_user_get_defaults() {
    let email = unique_email("default");
    let created = admin().client.post("/v1/users", &json!({"email": email, "display_name": "Default"}));
    assert_eq!(
        without_generated(User::from_response(&created.expect_status(201)).body),
        json!({
            "email": email,
            "display_name": "Default",
            "role": "customer",
            "locale": "en",
            "phone": null,
            "addresses": [],
            "notification_preferences": {"email": true, "sms": false, "push": false},
        })
    );
}

#[test]
fn a_patch_changes_only_the_fields_that_it_contains() {
    let client = &admin().client;
    let user = User::from_response(&client.post("/v1/users", &full_user(&unique_email("change"))).expect_status(201));
    let changed = client.patch(&user.path, &user.etag, &json!({"display_name": "Ada King", "phone": null}));
    let changed = User::from_response(&changed.expect_status(200));
    assert_ne!(changed.etag, user.etag);
    assert!(changed.body["updated_at"].as_str() >= user.body["updated_at"].as_str());

    let mut expected = user.body.clone();
    expected["display_name"] = "Ada King".into();
    expected["phone"] = Value::Null;
    expected["updated_at"] = changed.body["updated_at"].clone();
    assert_eq!(changed.body, expected);
    assert_eq!(client.get(&user.path).expect_status(200).json(), expected);
}

#[test]
fn what_was_read_can_be_written_back() {
    let customer = customer("write-back");
    let path = customer.path();
    let etag = customer.client.get(&path).expect_status(200).etag();
    let address = full_user("unused")["addresses"][0].clone();
    let addresses = json!({"phone": "+442079460000", "addresses": [address]});
    let read = User::from_response(&customer.client.patch(&path, &etag, &addresses).expect_status(200));
    let mut written = read.body.clone();
    let members = written.as_object_mut().expect("a user is an object");
    for derived in ["id", "status", "created_at", "updated_at"] {
        assert!(members.remove(derived).is_some(), "{derived}");
    }
    let mut again = User::from_response(&customer.client.patch(&path, &read.etag, &written).expect_status(200)).body;
    again["updated_at"] = read.body["updated_at"].clone();
    assert_eq!(again, read.body);
}

#[test]
fn an_erased_user_is_gone_and_its_address_is_free() {
    let client = &admin().client;
    let user = create_user(client, "erased");
    let erased = client.delete(&user.path, &user.etag).expect_status(204);
    assert!(erased.body.is_empty());
    expect_problem(&client.get(&user.path), 404, "not-found");
    expect_problem(&client.delete(&user.path, &user.etag), 404, "not-found");
    expect_problem(&client.patch(&user.path, &user.etag, &json!({"display_name": "Back"})), 404, "not-found");
    let again = client.post("/v1/users", &json!({"email": user.body["email"], "display_name": "Again"}));
    assert_ne!(User::from_response(&again.expect_status(201)).id, user.id);
}

#[test]
fn an_address_is_unique_in_any_case() {
    let client = &admin().client;
    let user = create_user(client, "taken");
    let email = user.body["email"].as_str().expect("a string");
    for taken in [email.to_owned(), email.to_uppercase()] {
        let response = client.post("/v1/users", &json!({"email": taken, "display_name": "Second"}));
        expect_problem(&response, 409, "conflict");
    }
    let other = create_user(client, "other");
    let change = client.patch(&other.path, &other.etag, &json!({"email": email.to_uppercase()}));
    expect_problem(&change, 409, "conflict");
    assert_eq!(client.get(&other.path).json(), other.body);
}

#[test]
fn a_user_is_found_by_address_in_any_case() {
    let client = &admin().client;
    let user = create_user(client, "found");
    let email = user.body["email"].as_str().expect("a string");
    for asked in [email.to_owned(), email.to_uppercase()] {
        let found = client.get(&format!("/v1/users?email={asked}")).expect_status(200);
        assert_eq!(found.json(), json!({"items": [user.body], "next_cursor": null}));
        assert_eq!(found.header("link"), None);
    }
    let unknown = client.get(&format!("/v1/users?email={}", unique_email("unknown"))).expect_status(200);
    assert_eq!(unknown.json(), json!({"items": [], "next_cursor": null}));
}

#[test]
fn an_unknown_id_is_not_found() {
    let client = &admin().client;
    expect_problem(&client.get("/v1/users/0190a5c0-0000-7000-8000-000000000000"), 404, "not-found");
    for id in ["1", "not-an-id", "0190A5C0-0000-7000-8000-000000000000", "0190a5c0-0000-7000-8000-000000000000'--"] {
        let response = client.get(&format!("/v1/users/{id}"));
        expect_problem(&response, 404, "not-found");
    }
}
