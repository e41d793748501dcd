//! Sessions as their owner sees and ends them, and logging out.

use super::shop::{DAY, LoggedIn, MINUTE, PASSWORD, Shop, body, expected, problem};
use http::{Method, StatusCode};
use serde_json::{Value, json};

fn ids(shop: &Shop, token: &str) -> Vec<String> {
    let listed = body(&shop.get("/v1/auth/sessions", token));
    listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn revoke(shop: &Shop, token: &str, id: &str) -> http::Response<bytes::Bytes> {
    shop.send(Method::DELETE, &format!("/v1/auth/sessions/{id}"), Some(token), None)
}

fn log_out(shop: &Shop, token: &str) -> StatusCode {
    shop.post("/v1/auth/logout", None, json!({ "refresh_token": token })).status()
}

#[test]
fn a_session_is_listed_with_its_device() {
    let shop = Shop::with_account();
    let mine = shop.login();
    shop.at(MINUTE);
    shop.login();
    let mut listed = body(&shop.get("/v1/auth/sessions", &mine.access));
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
            "address": "203.0.113.7",
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
fn a_list_has_pages() {
    let shop = Shop::with_account();
    let sessions: Vec<_> = (0..5).map(|_| shop.login()).collect();
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let query = cursor.as_str().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let page = body(&shop.get(&format!("/v1/auth/sessions?limit=2{query}"), &sessions[0].access));
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, ids(&shop, &sessions[0].access));
    assert_eq!(seen.len(), 5);
}

#[test]
fn a_session_is_ended_by_its_owner_only_and_once() {
    let shop = Shop::with_account();
    let mine = shop.login();
    shop.at(1);
    let lost = shop.login();
    shop.register("grace@example.com", PASSWORD);
    let graces = LoggedIn::from(shop.try_login("grace@example.com", PASSWORD));
    let lost_id = ids(&shop, &mine.access).pop().unwrap();

    assert_eq!(problem(&revoke(&shop, &graces.access, &lost_id)), expected(404, "not-found"));
    assert_eq!(revoke(&shop, &mine.access, &lost_id).status(), StatusCode::NO_CONTENT);
    assert_eq!(shop.audited().last().unwrap(), "session.revoked");
    assert_eq!(problem(&revoke(&shop, &mine.access, &lost_id)), expected(404, "not-found"));
    assert_eq!(problem(&revoke(&shop, &mine.access, "nonsense")), expected(404, "not-found"));
    assert_eq!(problem(&shop.try_refresh(&lost.refresh)), expected(401, "unauthorized"));
    assert_eq!(ids(&shop, &mine.access).len(), 1);
    shop.refresh(&mine.refresh);
}

#[test]
fn an_access_token_does_not_outlive_its_session_here() {
    let shop = Shop::with_account();
    let mine = shop.login();
    shop.at(1);
    let lost = shop.login();
    let all = ids(&shop, &mine.access);
    revoke(&shop, &mine.access, &all[1]);
    let response = shop.get("/v1/auth/sessions", &lost.access);
    assert_eq!(problem(&response), expected(401, "unauthorized"));
    let challenge = r#"Bearer error="invalid_token", error_description="The session is over.""#;
    assert_eq!(response.headers()["www-authenticate"], challenge);
    assert_eq!(problem(&revoke(&shop, &lost.access, &all[0])), expected(401, "unauthorized"));
    let change = json!({ "current": PASSWORD, "new": "another phrase altogether" });
    assert_eq!(problem(&shop.post("/v1/auth/password", Some(&lost.access), change)), expected(401, "unauthorized"));
    shop.refresh(&mine.refresh);
}

#[test]
fn logging_out_ends_the_family_and_is_always_204() {
    let shop = Shop::with_account();
    let (first, other) = (shop.login(), shop.login());
    let second = shop.refresh(&first.refresh);
    // A token that was replaced belongs to the family as well.
    assert_eq!(log_out(&shop, &first.refresh), StatusCode::NO_CONTENT);
    assert_eq!(problem(&shop.try_refresh(&second.refresh)), expected(401, "unauthorized"));
    assert_eq!(shop.audited().last().unwrap(), "session.revoked");
    let audited = shop.audited().len();
    for token in [&first.refresh, &second.refresh, "", "nonsense", &"A".repeat(43)] {
        assert_eq!(log_out(&shop, token), StatusCode::NO_CONTENT, "{token}");
    }
    assert_eq!(shop.audited().len(), audited);
    shop.refresh(&other.refresh);
}

#[test]
fn sessions_that_are_over_are_not_listed() {
    let shop = Shop::with_account();
    shop.login();
    shop.at(7 * DAY);
    let mine = shop.login();
    assert_eq!(ids(&shop, &mine.access).len(), 1);
}

#[test]
fn without_a_token_nothing_is_told() {
    let shop = Shop::with_account();
    for (method, target) in [
        (Method::GET, "/v1/auth/sessions"),
        (Method::DELETE, "/v1/auth/sessions/018bcfe5-6800-7000-8000-000000000003"),
        (Method::POST, "/v1/auth/password"),
        (Method::POST, "/v1/admin/auth/keys/rotate"),
        (Method::DELETE, "/internal/auth/accounts/018bcfe5-6800-7000-8000-000000000003"),
    ] {
        let response = shop.send(method, target, None, None);
        assert_eq!(problem(&response), expected(401, "unauthorized"), "{target}");
    }
    let customer = shop.login();
    let response = shop.post("/v1/admin/auth/keys/rotate", Some(&customer.access), json!({}));
    assert_eq!(problem(&response), expected(403, "forbidden"));
}
