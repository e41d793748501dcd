//! Registration: creates a profile and credentials, both or neither.

use std::thread;

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, PASSWORD, admin, register, try_log_in};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::unique_email;
use spindle_tests::{Response, target};

const PATH: &str = "/v1/auth/register";

fn post(body: &Value) -> Response {
    target().client().post(PATH, body)
}

/// Returns the number of users with the address.
fn users_with(email: &str) -> usize {
    let found = admin().client.get(&format!("/v1/users?email={}", email.replace('+', "%2B"))).expect_status(200).json();
    found["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_registered_user_is_a_customer_and_can_log_in() {
    let email = unique_email("ada");
    let response = post(&json!({"email": email, "password": PASSWORD, "display_name": "Ada"})).expect_status(201);
    let profile = response.json();
    let (id, created_at) = (profile["id"].as_str().expect("an id"), &profile["created_at"]);
    let expected =
        json!({"id": id, "email": email, "display_name": "Ada", "role": "customer", "created_at": created_at});
    assert_eq!(profile, expected);
    assert_eq!(response.header("location"), Some(format!("/v1/users/{id}").as_str()));
    assert_eq!(response.header("cache-control"), Some("no-store"));

    let ada = Account::log_in(target().client(), &email, PASSWORD);
    let me = ada.client.get("/v1/users/me").expect_status(200).json();
    for member in ["id", "email", "display_name", "role", "created_at"] {
        assert_eq!(me[member], profile[member], "{me}");
    }
}

#[test]
fn the_display_name_is_optional() {
    let profile = post(&json!({"email": unique_email("nameless"), "password": PASSWORD})).expect_status(201).json();
    assert_eq!(profile.get("display_name"), Some(&Value::Null), "{profile}");
}

#[test]
fn an_address_that_is_taken_is_refused_in_any_case() {
    let profile = register(target().client(), "taken");
    let email = profile["email"].as_str().expect("an address");
    for taken in [email.to_owned(), email.to_uppercase(), email.replacen('t', "T", 1)] {
        let response = post(&json!({"email": taken, "password": "another password of mine"}));
        let problem = expect_problem(&response, 409, "conflict");
        assert_eq!(problem["errors"][0]["pointer"], "/email", "{problem}");
    }
    assert_eq!(users_with(email), 1);
    expect_problem(&try_log_in(target().client(), email, "another password of mine"), 401, "invalid-credentials");
    Account::log_in(target().client(), email, PASSWORD);
}

#[test]
fn a_weak_password_is_named_and_not_repeated() {
    let email = unique_email("weak");
    let too_long = "correct horse battery staple ".repeat(40);
    let weak = [
        "",
        "eleven char",
        "grünerösälß",
        "password1234",
        "PASSWORD1234",
        "Password2024!",
        "123456789012",
        "qwertyuiop123",
        "iloveyousomuch",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        &too_long,
    ];
    for password in weak {
        let problem = expect_invalid(&post(&json!({"email": email, "password": password})), &["/password"]);
        let shown = !password.is_empty() && problem.to_string().contains(password);
        assert!(!shown, "the response contains the password: {problem}");
    }
    assert_eq!(users_with(&email), 0);
}

#[test]
fn a_response_lists_every_broken_rule() {
    let body = json!({"email": "ada", "password": "short", "display_name": ""});
    expect_invalid(&post(&body), &["/email", "/display_name", "/password"]);
    let email = unique_email("two-rules");
    let body = json!({"email": email, "password": "short", "display_name": "x".repeat(1000)});
    expect_invalid(&post(&body), &["/display_name", "/password"]);
    assert_eq!(users_with(&email), 0);
}

#[test]
fn an_invalid_address_is_named() {
    for email in ["", "ada", "ada@localhost", "a b@example.com", "ada@example.com\u{0}"] {
        expect_invalid(&post(&json!({"email": email, "password": PASSWORD})), &["/email"]);
    }
    let email = unique_email("name");
    let response = post(&json!({"email": email, "password": PASSWORD, "display_name": "x".repeat(1000)}));
    expect_invalid(&response, &["/display_name"]);
    assert_eq!(users_with(&email), 0);
    // A refused registration leaves nothing that blocks the next one.
    post(&json!({"email": email, "password": PASSWORD})).expect_status(201);
}

#[test]
fn a_registration_cannot_set_the_role_or_other_fields() {
    let email = unique_email("climber");
    for (field, value) in [
        ("role", json!("admin")),
        ("id", json!("0190a5c0-0000-7000-8000-000000000000")),
        ("confirmed", json!(true)),
        ("created_at", json!("2020-01-01T00:00:00.000Z")),
        ("phone", json!("+4930123456")),
    ] {
        let mut body = json!({"email": email, "password": PASSWORD});
        body[field] = value;
        expect_invalid(&post(&body), &[format!("/{field}").as_str()]);
    }
    assert_eq!(users_with(&email), 0);
}

#[test]
fn a_missing_or_mistyped_field_is_named() {
    let email = unique_email("shape");
    expect_invalid(&post(&json!({"password": PASSWORD})), &["/email"]);
    expect_invalid(&post(&json!({"email": email})), &["/password"]);
    for (pointer, body) in [
        ("/password", json!({"email": email, "password": 123_456_789_012_u64})),
        ("/password", json!({"email": email, "password": [PASSWORD]})),
        ("/password", json!({"email": email, "password": null})),
        ("/email", json!({"email": {"$ne": null}, "password": PASSWORD})),
        ("", json!([email, PASSWORD])),
        ("", json!(null)),
    ] {
        expect_invalid(&post(&body), &[pointer]);
    }
}

#[test]
fn of_concurrent_registrations_of_an_address_one_succeeds() {
    const MANY: usize = 6;
    let email = unique_email("wanted");
    let password = |number: usize| format!("the password of number {number}");
    let responses: Vec<Response> = thread::scope(|scope| {
        let threads: Vec<_> = (0..MANY)
            .map(|number| {
                let body = json!({"email": email, "password": password(number)});
                scope.spawn(move || post(&body))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let winners: Vec<usize> = (0..MANY).filter(|number| responses[*number].status == 201).collect();
    assert_eq!(winners.len(), 1, "{responses:?}");
    for response in responses.iter().filter(|response| response.status != 201) {
        expect_problem(response, 409, "conflict");
    }
    assert_eq!(users_with(&email), 1);
    Account::log_in(target().client(), &email, &password(winners[0]));
    let loser = (winners[0] + 1) % MANY;
    expect_problem(&try_log_in(target().client(), &email, &password(loser)), 401, "invalid-credentials");
}

#[test]
fn an_erased_user_may_register_again_and_gets_another_id() {
    let profile = register(target().client(), "back");
    let email = profile["email"].as_str().expect("an address");
    let path = format!("/v1/users/{}", profile["id"].as_str().expect("an id"));
    let admin = admin().client;
    admin.delete(&path, &admin.get(&path).expect_status(200).etag()).expect_status(204);

    let password = "a password of the second life";
    let again = post(&json!({"email": email, "password": password})).expect_status(201).json();
    assert_ne!(again["id"], profile["id"]);
    expect_problem(&try_log_in(target().client(), email, PASSWORD), 401, "invalid-credentials");
    assert_eq!(Account::log_in(target().client(), email, password).id, again["id"].as_str().expect("an id"));
}
