//! One address is one account, however it is spelt; and accounts from before that, which are found, and never merged.

use super::internal::{execute, register, tick};
use super::{ADMIN, FakeAuth, SERVICE, create, patch, platform};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::Service;
use spindle_edge::testing::{TestClient, TestResponse, user_id};
use spindle_platform::{Platform, Scope};

const UNICODE: &str = "x@bücher.example";
const DECOMPOSED: &str = "x@bu\u{308}cher.example";
const ASCII: &str = "x@xn--bcher-kva.example";

fn client_on(platform: &Platform) -> TestClient {
    FakeAuth::on(platform);
    TestClient::without_issuer(&SERVICE, platform).with_caller(user_id(1), Role::Admin)
}

/// Builds the service with its admin.
fn client() -> TestClient {
    let client = client_on(&platform(&[]));
    register(&client, &user_id(1).to_string(), ADMIN, "admin").expect(StatusCode::CREATED);
    client
}

/// Makes a database as the release before left it, with its admin and these users, whose ids are `user_id(2)` and the next ones.
fn platform_before(emails: &[&str]) -> Platform {
    let platform = platform(&[]);
    let migrations = SERVICE.scope.migrations;
    let number = migrations.iter().position(|migration| migration.name == "key_emails_by_idna").unwrap();
    let scope = Scope { migrations: &migrations[..number], ..SERVICE.scope };
    let Service { routes, shared, stores, .. } = SERVICE;
    let before =
        Box::leak(Box::new(Service { scope, routes, shared, stores, calls: spindle_edge::Calls::NONE, check: None }));
    let client = TestClient::new(before, &platform);
    for (number, email) in (1..).zip([&[ADMIN], emails].concat()) {
        insert_as_before(&client, number, email);
    }
    platform
}

/// Inserts a user as the release before did.
fn insert_as_before(client: &TestClient, number: u128, email: &str) {
    let (id, key) = (user_id(number), email.to_lowercase());
    let role = if number == 1 { "admin" } else { "customer" };
    execute(
        client,
        &format!(
            "INSERT INTO users (id, email, email_key, role, locale, addresses, notify_email, notify_sms, notify_push, updated_at, version, created_at)
             VALUES ('{id}', '{email}', '{key}', '{role}', 'en', '[]', 1, 0, 0, 0, 1, 0)"
        ),
    );
}

/// Returns the user whom auth finds by `email`.
fn identified(client: &TestClient, email: &str) -> Option<String> {
    let response = client.post("/internal/users/identify").as_service("auth").json(&json!({ "email": email })).send();
    (response.status() == StatusCode::OK).then(|| response.json()["id"].as_str().unwrap().to_owned())
}

fn id(number: u128) -> String {
    user_id(number).to_string()
}

fn found(number: u128) -> Option<String> {
    Some(id(number))
}

/// Returns the addresses of a list of users.
fn listed(client: &TestClient, query: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/users?{query}")).send().expect(StatusCode::OK).json();
    page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect()
}

fn colliding(client: &TestClient) -> Vec<String> {
    listed(client, "collides=true")
}

/// Returns `query` with its text escaped as in a URL.
fn by_email(email: &str) -> String {
    let escaped =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    format!("email={}", email.bytes().map(escaped).collect::<String>())
}

fn change_email(client: &TestClient, number: u128, email: &str) -> TestResponse {
    patch(client, &format!("/v1/users/{}", id(number)), "*", json!({ "email": email }))
}

fn count(client: &TestClient, query: &str) -> i64 {
    client.rows::<(i64,)>(query)[0].0
}

#[test]
fn an_address_is_taken_and_found_in_every_spelling_and_shown_as_it_was_written() {
    let client = client();
    let created = create(&client, json!({ "email": "Ren\u{e9}@Bücher.example" })).json();
    let spellings = ["rené@xn--bcher-kva.example", "RENE\u{301}@bu\u{308}cher.example", "rené@BÜCHER.example"];
    for spelling in spellings {
        assert_eq!(create(&client, json!({ "email": spelling })).status(), StatusCode::CONFLICT, "{spelling}");
        assert_eq!(identified(&client, spelling).as_deref(), created["id"].as_str(), "{spelling}");
        assert_eq!(listed(&client, &by_email(spelling)), ["René@Bücher.example"], "{spelling}");
        assert_eq!(register(&client, &id(9), spelling, "customer").status(), StatusCode::CONFLICT);
    }
    create(&client, json!({ "email": "rené@bucher.example" })).expect(StatusCode::CREATED);
    register(&client, &id(8), "eve@example.com", "customer");
    for spelling in spellings {
        let response = change_email(&client, 8, spelling);
        assert_eq!(
            (response.status(), &response.json()["errors"][0]["pointer"]),
            (StatusCode::CONFLICT, &json!("/email"))
        );
    }
    // The own address in another spelling.
    let target = format!("/v1/users/{}", created["id"].as_str().unwrap());
    let changed = patch(&client, &target, "*", json!({ "email": spellings[0] }));
    assert_eq!((changed.status(), changed.json()["email"].as_str()), (StatusCode::OK, Some(spellings[0])));
    assert_eq!(identified(&client, "René@Bücher.example").as_deref(), created["id"].as_str());
}

#[test]
fn an_address_whose_domain_is_invalid_is_refused_with_its_pointer() {
    let client = client();
    for email in ["x@xn--a.example", "x@under_score.example", "x@\u{5d0}1a.example"] {
        let response = create(&client, json!({ "email": email }));
        assert_eq!(response.error_pointers(), ["/email"], "{email}");
        let detail = "has a domain that is not valid by IDNA (UTS 46), so that no mail can find it";
        assert!(
            ["is not an e-mail address", detail].contains(&response.json()["errors"][0]["detail"].as_str().unwrap())
        );
    }
    let response = create(&client, json!({ "email": "x@xn--a.example" }));
    assert!(response.json()["errors"][0]["detail"].as_str().unwrap().contains("IDNA"));
}

#[test]
fn a_stored_address_is_found_as_before_until_the_tick_and_in_every_spelling_afterwards() {
    let platform =
        platform_before(&["X@Bücher.example", "ada@example.com", "rene\u{301}@example.com", "old@under_score.example"]);
    let client = client_on(&platform);
    assert_eq!(count(&client, "SELECT count(*) FROM users_to_key"), 2, "ASCII has the same key");
    let as_before = [
        ("x@bücher.EXAMPLE", 2),
        ("ADA@example.com", 3),
        ("rene\u{301}@example.com", 4),
        ("Old@under_score.example", 5),
    ];
    for (email, number) in as_before {
        assert_eq!(identified(&client, email), found(number), "{email}");
    }
    assert_eq!(identified(&client, ASCII), None);
    // Another change does not touch the address.
    patch(&client, &format!("/v1/users/{}", id(4)), "*", json!({ "locale": "de" })).expect(StatusCode::OK);
    let version = count(&client, "SELECT sum(version) FROM users");
    tick(&client);
    for (email, number) in as_before.into_iter().chain([(ASCII, 2), (DECOMPOSED, 2), ("rené@example.com", 4)]) {
        assert_eq!(identified(&client, email), found(number), "{email}");
    }
    assert_eq!(create(&client, json!({ "email": ASCII })).status(), StatusCode::CONFLICT);
    assert_eq!(count(&client, "SELECT count(*) FROM users_to_key"), 0);
    assert_eq!(count(&client, "SELECT sum(version) FROM users"), version, "the representation does not change");
    assert_eq!(colliding(&client), [""; 0]);
    // A domain that no new user may have does not block other changes.
    patch(&client, &format!("/v1/users/{}", id(5)), "*", json!({ "locale": "de" })).expect(StatusCode::OK);
}

#[test]
fn a_tick_computes_a_bounded_number_of_keys_and_the_next_one_continues() {
    let emails: Vec<String> = (0..450).map(|number| format!("ü{number}@bücher.example")).collect();
    let client = client_on(&platform_before(&emails.iter().map(String::as_str).collect::<Vec<_>>()));
    for left in [450, 250, 50, 0, 0] {
        assert_eq!(count(&client, "SELECT count(*) FROM users_to_key"), left);
        assert_eq!(count(&client, "SELECT count(*) FROM users WHERE canonical_key IS NOT NULL") + left, 450);
        tick(&client);
    }
}

#[test]
fn accounts_that_collide_are_listed_and_logged_and_each_is_found_by_its_address_as_written() {
    let client = client_on(&platform_before(&[UNICODE, "ada@example.com", ASCII, DECOMPOSED]));
    let find_each = || {
        for (email, number) in
            [(UNICODE, 2), ("ada@example.com", 3), (ASCII, 4), (DECOMPOSED, 5), ("X@BÜCHER.example", 2)]
        {
            assert_eq!(identified(&client, email), found(number), "{email}");
        }
    };
    find_each();
    tick(&client);
    find_each();
    assert_eq!(colliding(&client), [UNICODE, ASCII, DECOMPOSED]);
    let first = client.get("/v1/users?collides=true&limit=2").send();
    assert_eq!(first.json()["items"][1]["email"], ASCII);
    let second = client.get(&first.next_page().unwrap()).send().json();
    assert_eq!((second["items"][0]["email"].as_str(), &second["next_cursor"]), (Some(DECOMPOSED), &Value::Null));
    for spelling in [UNICODE, ASCII, DECOMPOSED, "x@ｂücher.example"] {
        assert_eq!(listed(&client, &by_email(spelling)), [UNICODE, ASCII, DECOMPOSED], "{spelling}");
    }
    let logged = client.platform().logged();
    let lines: Vec<&String> =
        logged.iter().filter(|line| line.contains("two users have the same e-mail address")).collect();
    assert_eq!(lines.len(), 2);
    for (line, number) in lines.iter().zip([2, 5]) {
        assert!(line.contains(&id(number)) && line.contains(&id(4)) && !line.contains("example"), "{line}");
    }
    tick(&client);
    assert_eq!(client.platform().logged().len(), logged.len(), "a collision is logged once");

    // The one address is taken for all others, and each user can be changed as before.
    assert_eq!(create(&client, json!({ "email": "X@ｂücher.example" })).status(), StatusCode::CONFLICT);
    for number in [2, 4, 5] {
        let target = format!("/v1/users/{}", id(number));
        patch(&client, &target, "*", json!({ "locale": "de" })).expect(StatusCode::OK);
    }
    find_each();
    assert_eq!(colliding(&client).len(), 3);
}

#[test]
fn a_collision_ends_when_one_of_its_users_has_another_address() {
    let client = client_on(&platform_before(&[UNICODE, ASCII, DECOMPOSED]));
    tick(&client);
    // The user who has the key: the next one gets it, at once.
    change_email(&client, 3, "other@example.com").expect(StatusCode::OK);
    assert_eq!(colliding(&client), [UNICODE, DECOMPOSED]);
    assert_eq!(identified(&client, ASCII), found(2));
    assert_eq!(create(&client, json!({ "email": ASCII })).status(), StatusCode::CONFLICT);
    // A user who waits for it.
    change_email(&client, 4, "third@example.com").expect(StatusCode::OK);
    assert_eq!(colliding(&client), [""; 0]);
    assert_eq!(identified(&client, DECOMPOSED), found(2));
    assert_eq!(count(&client, "SELECT count(*) FROM email_collisions"), 0);
}

#[test]
fn a_collision_ends_when_one_of_its_users_is_erased_and_nothing_of_the_address_stays() {
    for (erased, left, finds) in [(3, UNICODE, 2), (2, ASCII, 3)] {
        let client = client_on(&platform_before(&[UNICODE, ASCII]));
        tick(&client);
        let erase =
            |number| client.delete(&format!("/v1/users/{}", id(number))).header("if-match", "*").send().status();
        assert_eq!(erase(erased), StatusCode::NO_CONTENT);
        assert_eq!(colliding(&client), [""; 0]);
        for spelling in [UNICODE, ASCII, DECOMPOSED] {
            assert_eq!(identified(&client, spelling), found(finds), "{spelling}");
            assert_eq!(listed(&client, &by_email(spelling)), [left], "{spelling}");
        }
        assert_eq!(erase(finds), StatusCode::NO_CONTENT);
        assert_eq!(count(&client, "SELECT count(*) FROM email_collisions"), 0);
        assert_eq!(count(&client, "SELECT count(*) FROM users WHERE coalesce(canonical_key, email_key) LIKE 'x@%'"), 0);
        create(&client, json!({ "email": DECOMPOSED })).expect(StatusCode::CREATED);
    }
}

#[test]
fn addresses_that_the_release_before_writes_after_the_migration_get_their_keys_on_the_tick() {
    let client = client();
    insert_as_before(&client, 2, UNICODE);
    create(&client, json!({ "email": "jürgen@müller.example" })).expect(StatusCode::CREATED);
    tick(&client);
    assert_eq!(identified(&client, ASCII), found(2));
    let change = |email: &str| {
        let key = email.to_lowercase();
        let values = format!("email = '{email}', email_key = '{key}', version = version + 1");
        execute(&client, &format!("UPDATE users SET {values} WHERE id = '{}'", id(2)));
    };
    change("y@bücher.example");
    assert_eq!((identified(&client, ASCII), identified(&client, "y@bücher.example")), (None, found(2)));
    tick(&client);
    assert_eq!(identified(&client, "y@xn--bcher-kva.example"), found(2));
    change("y@example.com");
    assert_eq!(
        (identified(&client, "y@xn--bcher-kva.example"), identified(&client, "y@example.com")),
        (None, found(2))
    );
    let erase = "UPDATE users SET email = NULL, email_key = NULL, erased_at = 1, version = version + 1";
    change(UNICODE);
    tick(&client);
    execute(&client, &format!("{erase} WHERE id = '{}'", id(2)));
    assert_eq!(
        count(&client, "SELECT count(*) FROM users WHERE erased_at IS NOT NULL AND canonical_key IS NOT NULL"),
        0
    );
    tick(&client);
}

#[test]
fn the_list_of_collisions_is_for_operators_and_its_query_is_checked() {
    let client = client();
    for query in ["collides=false", "collides=", "collides=true&email=a@b.example", "collides=1"] {
        assert_eq!(client.get(&format!("/v1/users?{query}")).send().status(), StatusCode::BAD_REQUEST, "{query}");
    }
    let customer = client.get("/v1/users?collides=true").as_user(user_id(9), Role::Customer).send();
    assert_eq!(customer.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        client.get("/v1/users?collides=true").as_user(user_id(9), Role::Operator).send().json()["items"],
        json!([])
    );
}
