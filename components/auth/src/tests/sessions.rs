//! The caller's sessions, and log-out.

use super::fixture::{DAY, Fixture, MINUTE, PASSWORD, TokenPair};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_edge::testing::TestResponse;

fn ids(fixture: &Fixture, token: &str) -> Vec<String> {
    let listed = fixture.client.get("/v1/auth/sessions").bearer(token).send().json();
    listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn revoke(fixture: &Fixture, token: &str, id: &str) -> TestResponse {
    fixture.client.delete(&format!("/v1/auth/sessions/{id}")).bearer(token).send()
}

fn log_out(fixture: &Fixture, token: &str) -> StatusCode {
    fixture.client.post("/v1/auth/logout").json(&json!({ "refresh_token": token })).send().status()
}

#[test]
fn a_session_is_listed_with_its_device() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    fixture.at(MINUTE);
    fixture.login();
    let mut listed = fixture.client.get("/v1/auth/sessions").bearer(&current.access).send().json();
    for item in listed["items"].as_array_mut().unwrap() {
        item["id"].take();
    }
    let session = |created_at: &str, expires_at: &str, current: bool| {
        json!({
            "id": null,
            "created_at": created_at,
            "last_used_at": created_at,
            "expires_at": expires_at,
            "user_agent": "tests",
            "ip_address": "203.0.113.7",
            "current": current,
        })
    };
    let expected = json!({
        "items": [
            session("2023-11-14T22:13:20.000Z", "2023-12-14T22:13:20.000Z", true),
            session("2023-11-14T22:14:20.000Z", "2023-12-14T22:14:20.000Z", false),
        ],
        "next_cursor": null,
    });
    assert_eq!(listed, expected);
}

#[test]
fn the_list_has_pages() {
    let fixture = Fixture::with_account();
    let sessions: Vec<_> = (0..5).map(|_| fixture.login()).collect();
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let query = cursor.as_str().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let page =
            fixture.client.get(&format!("/v1/auth/sessions?limit=2{query}")).bearer(&sessions[0].access).send().json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, ids(&fixture, &sessions[0].access));
    assert_eq!(seen.len(), 5);
}

#[test]
fn a_session_is_revoked_once_and_only_by_its_user() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    fixture.at(1);
    let lost = fixture.login();
    fixture.register("grace@example.com", PASSWORD);
    let grace = TokenPair::from(fixture.try_login("grace@example.com", PASSWORD));
    let lost_id = ids(&fixture, &current.access).pop().unwrap();

    assert_eq!(revoke(&fixture, &grace.access, &lost_id).problem(), "404 not-found");
    assert_eq!(revoke(&fixture, &current.access, &lost_id).status(), StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited().last().unwrap(), "session.revoked");
    assert_eq!(revoke(&fixture, &current.access, &lost_id).problem(), "404 not-found");
    assert_eq!(revoke(&fixture, &current.access, "nonsense").problem(), "404 not-found");
    assert_eq!(fixture.try_refresh(&lost.refresh).problem(), "401 unauthorized");
    assert_eq!(ids(&fixture, &current.access).len(), 1);
    fixture.refresh(&current.refresh);
}

#[test]
fn auth_refuses_an_access_token_whose_session_has_ended() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    fixture.at(1);
    let lost = fixture.login();
    let all = ids(&fixture, &current.access);
    revoke(&fixture, &current.access, &all[1]);
    let response = fixture.client.get("/v1/auth/sessions").bearer(&lost.access).send();
    assert_eq!(response.problem(), "401 unauthorized");
    let challenge = r#"Bearer error="invalid_token", error_description="The session has ended.""#;
    assert_eq!(response.headers()["www-authenticate"], challenge);
    assert_eq!(revoke(&fixture, &lost.access, &all[0]).problem(), "401 unauthorized");
    let change = json!({ "current": PASSWORD, "new": "another phrase altogether" });
    assert_eq!(
        fixture.client.post("/v1/auth/password").bearer(&lost.access).json(&change).send().problem(),
        "401 unauthorized"
    );
    fixture.refresh(&current.refresh);
}

#[test]
fn a_recent_log_in_ends_all_sessions_and_a_refreshed_token_does_not_count_as_one() {
    let fixture = Fixture::with_account();
    let old = fixture.login();
    fixture.register("grace@example.com", PASSWORD);
    let grace = TokenPair::from(fixture.try_login("grace@example.com", PASSWORD));
    let end_all = |token: &str| fixture.client.delete("/v1/auth/sessions").bearer(token).send();
    fixture.at(5 * MINUTE + 1000);
    let refreshed = fixture.refresh(&old.refresh);
    let response = end_all(&refreshed.access);
    assert_eq!(
        (response.problem(), response.json()["max_age"].clone()),
        ("401 recent-login-required".to_owned(), json!(300))
    );
    assert_eq!(ids(&fixture, &refreshed.access).len(), 1);

    let current = fixture.login();
    assert_eq!(
        fixture.client.delete("/v1/auth/sessions?all=1").bearer(&current.access).send().problem(),
        "400 malformed-request"
    );
    assert_eq!(end_all(&current.access).status(), StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited().last().unwrap(), "sessions.revoked");
    for ended in [&refreshed, &current] {
        assert_eq!(fixture.try_refresh(&ended.refresh).problem(), "401 unauthorized");
        assert_eq!(end_all(&ended.access).problem(), "401 unauthorized");
    }
    fixture.refresh(&grace.refresh);
    fixture.login();
}

#[test]
fn log_out_revokes_the_family_and_is_always_204() {
    let fixture = Fixture::with_account();
    let (first, other) = (fixture.login(), fixture.login());
    let second = fixture.refresh(&first.refresh);
    // A rotated token belongs to the family as well.
    assert_eq!(log_out(&fixture, &first.refresh), StatusCode::NO_CONTENT);
    assert_eq!(fixture.try_refresh(&second.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.audited().last().unwrap(), "session.revoked");
    let audited = fixture.audited().len();
    for token in [&first.refresh, &second.refresh, "", "nonsense", &"A".repeat(43)] {
        assert_eq!(log_out(&fixture, token), StatusCode::NO_CONTENT, "{token}");
    }
    assert_eq!(fixture.audited().len(), audited);
    fixture.refresh(&other.refresh);
}

#[test]
fn ended_sessions_are_not_listed() {
    let fixture = Fixture::with_account();
    fixture.login();
    fixture.at(7 * DAY);
    let current = fixture.login();
    assert_eq!(ids(&fixture, &current.access).len(), 1);
}

#[test]
fn without_a_token_every_operation_is_a_401() {
    let fixture = Fixture::with_account();
    for (method, target) in [
        (Method::GET, "/v1/auth/sessions"),
        (Method::DELETE, "/v1/auth/sessions"),
        (Method::POST, "/internal/auth/accounts/with-password"),
        (Method::POST, "/internal/auth/accounts/018bcfe5-6800-7000-8000-000000000003/invitation"),
        (Method::POST, "/internal/auth/tick"),
        (Method::GET, "/internal/auth/events"),
        (Method::DELETE, "/v1/auth/sessions/018bcfe5-6800-7000-8000-000000000003"),
        (Method::POST, "/v1/auth/password"),
        (Method::POST, "/v1/admin/auth/keys/rotate"),
        (Method::DELETE, "/internal/auth/accounts/018bcfe5-6800-7000-8000-000000000003"),
    ] {
        let response = fixture.client.request(method, target).send();
        assert_eq!(response.problem(), "401 unauthorized", "{target}");
    }
    let customer = fixture.login();
    let response = fixture.client.post("/v1/admin/auth/keys/rotate").bearer(&customer.access).json(&json!({})).send();
    assert_eq!(response.problem(), "403 forbidden");
}
