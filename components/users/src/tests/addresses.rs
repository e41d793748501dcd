//! The postal addresses of a user: what they need, how they are read and written back, and how orders reads one.

use super::{FIRST_ID, client, create, internal, patch};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::{TestClient, TestResponse, user_id};

/// The id of an address that a test puts into the database.
const STORED_ID: &str = "018bcfe5-6800-7000-8000-000000000009";

/// Returns a new address in Berlin.
fn berlin(name: &str) -> Value {
    json!({ "label": "home", "name": name, "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" })
}

/// Creates a user with one address, and returns the address as it is read.
fn create_with_address(client: &TestClient) -> Value {
    let created = create(client, json!({ "email": "ada@example.com", "addresses": [berlin("Charles")] }));
    created.expect(StatusCode::CREATED).json()["addresses"][0].clone()
}

fn read_for_order(client: &TestClient, user: &str, address: &str) -> TestResponse {
    client.get(&format!("/internal/users/{user}/addresses/{address}")).as_service("orders").send()
}

#[test]
fn an_address_has_the_fields_that_its_country_requires() {
    let client = client();
    let create_with = |address: Value| create(&client, json!({ "email": "ada@example.com", "addresses": [address] }));
    let lines = json!(["1 Main St"]);
    for (address, pointers) in [
        (json!({ "name": "Ada", "lines": lines, "city": "Berlin", "country": "DE" }), vec!["/addresses/0/postal_code"]),
        (json!({ "name": "Ada", "lines": lines, "postal_code": "10115", "country": "DE" }), vec!["/addresses/0/city"]),
        (json!({ "name": "Ada", "lines": lines, "country": "HK" }), vec!["/addresses/0/city"]),
        (
            json!({ "name": "Ada", "lines": lines, "city": "A", "postal_code": "1", "country": "QQ" }),
            vec!["/addresses/0/country"],
        ),
    ] {
        assert_eq!(create_with(address).error_pointers(), pointers);
    }
    let created = create_with(json!({ "name": "Ada", "lines": lines, "city": "Kowloon", "country": "HK" }));
    assert_eq!(created.status(), StatusCode::CREATED);
    // A response has every field, as for other countries.
    let address = created.json()["addresses"][0].clone();
    assert_eq!((&address["city"], &address["postal_code"]), (&json!("Kowloon"), &json!("")));
    let target = format!("/v1/users/{}", created.json()["id"].as_str().unwrap());
    let again = patch(&client, &target, "*", json!({ "addresses": [address] }));
    assert_eq!((again.status(), &again.json()["addresses"][0]), (StatusCode::OK, &address));
}

#[test]
fn addresses_keep_their_ids_and_new_ones_get_one() {
    let client = client();
    let new = json!({ "label": "home", "name": "Ada", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" });
    let created = create(&client, json!({ "email": "ada@example.com", "addresses": [new] })).json();
    let kept = created["addresses"][0].clone();
    assert_eq!(kept["label"], "home");
    let target = format!("/v1/users/{FIRST_ID}");

    let changed = patch(&client, &target, "\"v1\"", json!({ "addresses": [new, kept] })).json();
    assert_eq!(changed["addresses"][1], kept);
    assert_ne!(changed["addresses"][0]["id"], kept["id"]);

    let mut foreign = kept.clone();
    foreign["id"] = FIRST_ID.into();
    let response = patch(&client, &target, "\"v2\"", json!({ "addresses": [kept, kept, foreign] }));
    assert_eq!(response.error_pointers(), ["/addresses/1/id", "/addresses/2/id"]);
}

#[test]
fn an_address_needs_a_recipient() {
    let client = client();
    for (name, detail) in
        [(Value::Null, None), (json!(""), None), (json!("see www.example.com"), Some("(:// or www.)"))]
    {
        let mut address = berlin("Ada");
        address["name"] = name;
        let refused =
            create(&client, json!({ "email": "ada@example.com", "display_name": "Ada", "addresses": [address] }));
        assert_eq!(refused.error_pointers(), ["/addresses/0/name"]);
        assert!(detail.is_none_or(|detail| refused.json()["errors"][0]["detail"].as_str().unwrap().contains(detail)));
    }
    let mut address = berlin("Ada");
    address.as_object_mut().unwrap().remove("name");
    let refused = create(&client, json!({ "email": "ada@example.com", "addresses": [address] }));
    assert_eq!(refused.json()["errors"], json!([{ "pointer": "/addresses/0/name", "detail": "is required" }]));
}

#[test]
fn an_address_that_was_stored_without_a_recipient_has_the_display_name() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com", "display_name": "Ada King" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let mut stored = berlin("");
    stored["id"] = STORED_ID.into();
    stored.as_object_mut().unwrap().remove("name");
    internal::execute(&client, &format!("UPDATE users SET addresses = '[{stored}]' WHERE id = '{FIRST_ID}'"));
    let read = client.get(&target).send().json()["addresses"].clone();
    assert_eq!(read[0]["name"], "Ada King");
    assert_eq!(read_for_order(&client, FIRST_ID, STORED_ID).json()["name"], "Ada King");
    let written = patch(&client, &target, "*", json!({ "addresses": read }));
    assert_eq!((written.status(), &written.json()["addresses"]), (StatusCode::OK, &read));

    // Without a display name either, there is no recipient, and the address cannot be used until it has one.
    internal::execute(&client, &format!("UPDATE users SET addresses = '[{stored}]', display_name = NULL"));
    let read = client.get(&target).send().json()["addresses"].clone();
    assert_eq!(read[0]["name"], "");
    assert_eq!(patch(&client, &target, "*", json!({ "addresses": read })).error_pointers(), ["/addresses/0/name"]);
}

#[test]
fn orders_reads_an_address_as_an_order_takes_it() {
    let client = client();
    let saved = create_with_address(&client);
    let id = saved["id"].as_str().unwrap();
    let read = read_for_order(&client, FIRST_ID, id).expect(StatusCode::OK);
    let expected =
        json!({ "name": "Charles", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" });
    assert_eq!(read.json(), expected);
    for (user, address) in
        [(FIRST_ID, STORED_ID), (user_id(1).to_string().as_str(), id), (STORED_ID, id), (FIRST_ID, "home")]
    {
        assert_eq!(read_for_order(&client, user, address).problem(), "404 not-found", "{user} {address}");
    }
    for caller in ["auth", "notifications", "gateway"] {
        let request = client.get(&format!("/internal/users/{FIRST_ID}/addresses/{id}")).as_service(caller);
        assert_eq!(request.send().problem(), "403 forbidden");
    }
}

#[test]
fn orders_reads_no_address_of_a_user_who_is_deactivated_or_erased() {
    let client = client();
    let saved = create_with_address(&client);
    let id = saved["id"].as_str().unwrap();
    let target = format!("/v1/users/{FIRST_ID}");
    client.post(&format!("{target}/deactivate")).send().expect(StatusCode::OK);
    assert_eq!(read_for_order(&client, FIRST_ID, id).problem(), "404 not-found");
    client.delete(&target).header("if-match", "*").send().expect(StatusCode::NO_CONTENT);
    assert_eq!(read_for_order(&client, FIRST_ID, id).problem(), "404 not-found");
}
