//! The export of what auth keeps about a user.

use super::fixture::{Fixture, MINUTE, PASSWORD, SECOND};
use http::StatusCode;
use serde_json::{Value, json};

fn user(fixture: &Fixture) -> String {
    let [(id,)] = fixture.client.rows::<(String,)>("SELECT user_id FROM credentials").try_into().unwrap();
    id
}

fn export(fixture: &Fixture, part: &str) -> Vec<Value> {
    let target = format!("/internal/auth/users/{}/export/{part}", user(fixture));
    let page = fixture.client.get(&target).as_service("users").send().expect(StatusCode::OK).json();
    assert_eq!(page["next_cursor"], Value::Null);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn a_user_gets_every_session_with_its_device_also_those_that_have_ended() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    fixture.at(MINUTE);
    fixture.login();
    fixture.client.post("/v1/auth/logout").json(&json!({ "refresh_token": first.refresh })).send();
    let mut sessions = export(&fixture, "sessions");
    for session in &mut sessions {
        session["id"].take();
    }
    let session = |created_at: &str, expires_at: &str, end: [Value; 2]| {
        let [revoked_at, revoked_reason] = end;
        json!({
            "id": null, "created_at": created_at, "last_used_at": created_at, "expires_at": expires_at,
            "user_agent": "tests", "ip_address": "203.0.113.7", "revoked_at": revoked_at, "revoked_reason": revoked_reason,
        })
    };
    let ended = [json!("2023-11-14T22:14:20.000Z"), json!("logged_out")];
    let expected = [
        session("2023-11-14T22:13:20.000Z", "2023-12-14T22:13:20.000Z", ended),
        session("2023-11-14T22:14:20.000Z", "2023-12-14T22:14:20.000Z", [Value::Null, Value::Null]),
    ];
    assert_eq!(sessions, expected);
}

#[test]
fn the_credentials_have_their_times_and_the_failed_log_ins() {
    let fixture = Fixture::with_account();
    fixture.at(SECOND);
    fixture.try_login(super::fixture::EMAIL, "another phrase altogether");
    let created = "2023-11-14T22:13:20.000Z";
    let expected = json!({
        "created_at": created, "password_changed_at": created, "failed_log_ins": ["2023-11-14T22:13:21.000Z"],
    });
    assert_eq!(export(&fixture, "credentials"), [expected]);
}

#[test]
fn no_password_no_token_and_no_hash_of_them_is_exported() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let second = fixture.refresh(&first.refresh);
    let everything =
        ["credentials", "sessions", "audit"].map(|part| json!(export(&fixture, part)).to_string()).concat();
    assert!(everything.contains("session.opened"), "{everything}");
    let hashes = fixture.client.rows::<(String,)>(
        "SELECT password_hash FROM credentials UNION ALL SELECT lower(hex(hash)) FROM refresh_tokens",
    );
    assert_eq!(hashes.len(), 3);
    let tokens = [first.access, first.refresh, second.access, second.refresh, PASSWORD.to_owned()];
    for secret in tokens.into_iter().chain(hashes.into_iter().map(|(hash,)| hash)) {
        assert!(!everything.contains(&secret), "{secret} is in {everything}");
    }
}

#[test]
fn only_users_may_export() {
    let fixture = Fixture::with_account();
    for part in ["credentials", "sessions", "audit"] {
        let target = format!("/internal/auth/users/{}/export/{part}", user(&fixture));
        assert_eq!(fixture.client.get(&target).send().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(fixture.client.get(&target).as_service("orders").send().status(), StatusCode::FORBIDDEN);
    }
    let stranger = "/internal/auth/users/018bcfe5-6800-7000-8000-0000000000ff/export";
    for part in ["credentials", "sessions", "audit"] {
        let page = fixture.client.get(&format!("{stranger}/{part}")).as_service("users").send().json();
        assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    }
}
