//! Invitations: a user without a password sets one, once.

use super::fake_users::Fault;
use super::fixture::{DAY, EMAIL, Fixture, PASSWORD};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::TestResponse;

const USER: &str = "018bcfe5-6800-7000-8000-0000000000aa";

/// Makes a fixture in which users has a profile without credentials, as an admin creates it.
fn fixture() -> Fixture {
    let fixture = Fixture::open();
    fixture.users.add(USER, EMAIL);
    fixture
}

fn try_invite(fixture: &Fixture, service: &str) -> TestResponse {
    fixture.client.post(&format!("/internal/auth/accounts/{USER}/invitation")).as_service(service).send()
}

/// Invites the user, and returns the token.
fn invite(fixture: &Fixture) -> String {
    let invitation = try_invite(fixture, "users").expect(StatusCode::CREATED).json();
    invitation["token"].as_str().unwrap().to_owned()
}

fn accept(fixture: &Fixture, token: &str, password: &str) -> TestResponse {
    let body = json!({ "token": token, "password": password });
    fixture.client.post("/v1/auth/invitations/accept").json(&body).send()
}

#[test]
fn an_invited_user_sets_a_password_and_logs_in() {
    let fixture = fixture();
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
    let invitation = try_invite(&fixture, "users").expect(StatusCode::CREATED).json();
    assert_eq!(invitation["expires_at"], "2023-11-21T22:13:20.000Z");
    let token = invitation["token"].as_str().unwrap();
    let accepted = accept(&fixture, token, PASSWORD).expect(StatusCode::OK);
    assert_eq!(accepted.json(), json!({ "id": USER, "email": EMAIL, "role": "customer" }));
    assert_eq!(fixture.audited(), ["login.failed", "invitation.created", "invitation.accepted"]);
    fixture.login();
    // The credentials are those of an account, and no abandoned registration.
    fixture.at(DAY);
    fixture.login();
    fixture.login();
    assert_eq!(fixture.count("SELECT count(*) FROM credentials WHERE confirmed_at IS NOT NULL"), 1);
}

#[test]
fn an_invitation_is_accepted_once_and_a_new_one_replaces_it() {
    let fixture = fixture();
    let (first, second) = (invite(&fixture), invite(&fixture));
    assert_eq!(accept(&fixture, &first, PASSWORD).problem(), "404 not-found");
    assert_eq!(accept(&fixture, &second, PASSWORD).status(), StatusCode::OK);
    assert_eq!(accept(&fixture, &second, "another phrase altogether").problem(), "404 not-found");
    assert_eq!(try_invite(&fixture, "users").problem(), "409 conflict");
    fixture.login();
}

#[test]
fn an_unknown_and_an_expired_token_are_not_found() {
    let fixture = fixture();
    let token = invite(&fixture);
    for unknown in ["", "nonsense", &"A".repeat(43), &token[1..]] {
        assert_eq!(accept(&fixture, unknown, PASSWORD).problem(), "404 not-found", "{unknown}");
    }
    fixture.at(7 * DAY - 1);
    assert_eq!(accept(&fixture, &token, "short").problem(), "422 validation-failed");
    fixture.at(7 * DAY);
    assert_eq!(accept(&fixture, &token, PASSWORD).problem(), "404 not-found");
    // A later log-in of any user deletes it.
    assert_eq!(fixture.count("SELECT count(*) FROM invitations"), 1);
    fixture.register("grace@example.com", PASSWORD);
    assert_eq!(fixture.count("SELECT count(*) FROM invitations"), 0);
}

#[test]
fn a_weak_password_is_refused_with_its_pointer_and_the_invitation_stays() {
    let fixture = fixture();
    let token = invite(&fixture);
    assert_eq!(accept(&fixture, &token, "short").error_pointers(), ["/password"]);
    fixture.users.fail(Fault::Unavailable);
    assert_eq!(accept(&fixture, &token, PASSWORD).problem(), "503 unavailable");
    fixture.users.fail(Fault::None);
    assert_eq!(accept(&fixture, &token, PASSWORD).status(), StatusCode::OK);
}

#[test]
fn an_invitation_of_a_user_who_was_never_created_or_is_erased_gives_nothing() {
    let fixture = Fixture::open();
    let token = invite(&fixture);
    assert_eq!(accept(&fixture, &token, PASSWORD).problem(), "404 not-found");
    assert_eq!(fixture.count("SELECT count(*) FROM credentials"), 0);
    fixture.users.add(USER, EMAIL);
    assert_eq!(fixture.erase("users", USER).status(), StatusCode::NO_CONTENT);
    assert_eq!(accept(&fixture, &token, PASSWORD).problem(), "404 not-found");
    assert_eq!(fixture.count("SELECT count(*) FROM invitations"), 0);
}

#[test]
fn the_token_is_stored_hashed_and_in_no_log() {
    let fixture = fixture();
    let token = invite(&fixture);
    accept(&fixture, &token, "short");
    assert!(!fixture.logged(&token));
    let [(hash,)] = fixture.client.rows::<(Vec<u8>,)>("SELECT token_hash FROM invitations").try_into().unwrap();
    assert_eq!(hash.len(), 32);
    let audit = fixture.client.get("/internal/auth/audit").as_service("gateway").send().json().to_string();
    assert!(!audit.contains(&token), "{audit}");
    let number =
        fixture.client.post("/v1/auth/invitations/accept").json(&json!({ "token": 8675309, "password": PASSWORD }));
    assert!(!number.send().json().to_string().contains("8675309"));
}

#[test]
fn users_invites_and_learns_who_has_a_password() {
    let fixture = Fixture::with_account();
    let account = fixture.users.profiles()[0]["id"].clone();
    let list = |users: Value, service: &str| {
        let request = fixture.client.post("/internal/auth/accounts/with-password").as_service(service);
        request.json(&json!({ "users": users })).send()
    };
    assert_eq!(list(json!([USER, account]), "users").json(), json!({ "users": [account] }));
    assert_eq!(list(json!([]), "users").json(), json!({ "users": [] }));
    assert_eq!(list(json!([]), "gateway").problem(), "403 forbidden");
    assert_eq!(try_invite(&fixture, "orders").problem(), "403 forbidden");
}
