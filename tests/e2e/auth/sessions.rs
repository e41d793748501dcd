//! The caller's sessions: the list, and their revocation.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, customer, register};
use spindle_tests::jwt::Jwt;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Account, Client, target};

use super::refresh;

const PATH: &str = "/v1/auth/sessions";

/// Returns the session id of an account's access token.
fn session(account: &Account) -> String {
    Jwt::parse(&account.access_token).claims["sid"].as_str().expect("a session").to_owned()
}

fn items(client: &Client) -> Vec<Value> {
    let list = client.get(PATH).expect_status(200).json();
    assert_eq!(list["next_cursor"], Value::Null, "{list}");
    list["items"].as_array().expect("a list").clone()
}

fn revoke(account: &Account, session: &str) -> spindle_tests::Response {
    account.client.send("DELETE", &format!("{PATH}/{session}"), &[], None)
}

#[test]
fn a_session_is_listed_with_its_device() {
    let email = register(target().client(), "listed")["email"].as_str().expect("an address").to_owned();
    let headers = [("content-type", "application/json"), ("user-agent", "a browser of the tests/1.0")];
    let body = json!({"email": email, "password": PASSWORD}).to_string();
    let login = target().client().send("POST", "/v1/auth/login", &headers, Some(body.as_bytes())).expect_status(200);
    let token = login.json()["access_token"].as_str().expect("a token").to_owned();
    let listed = items(&target().client().as_user(&token));
    let [only] = listed.as_slice() else { panic!("one session: {listed:?}") };
    let expected = json!({
        "id": Jwt::parse(&token).claims["sid"],
        "created_at": only["created_at"],
        "last_used_at": only["created_at"],
        "expires_at": only["expires_at"],
        "user_agent": "a browser of the tests/1.0",
        "ip_address": only["ip_address"],
        "current": true,
    });
    assert_eq!(*only, expected);
    assert!(only["ip_address"].as_str().is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok()), "{only}");
    for time in ["created_at", "expires_at"] {
        let shape: String =
            only[time].as_str().expect("a time").chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000Z", "{only}");
    }
}

#[test]
fn a_user_revokes_sessions_one_by_one() {
    let first = customer("ender");
    let (second, third) = (first.log_in_again(), first.log_in_again());
    let ids = |client: &Client| -> Vec<(String, bool)> {
        let of = |item: &Value| (item["id"].as_str().expect("an id").to_owned(), item["current"] == true);
        items(client).iter().map(of).collect()
    };
    let all = [session(&first), session(&second), session(&third)];
    assert_eq!(
        ids(&second.client),
        [(all[0].clone(), false), (all[1].clone(), true), (all[2].clone(), false)],
        "oldest first"
    );

    assert_eq!(revoke(&second, &all[0]).expect_status(204).body.len(), 0);
    expect_problem(&refresh(&first.refresh_token), 401, "unauthorized");
    expect_problem(&first.client.get(PATH), 401, "unauthorized");
    // An ended session cannot revoke others.
    expect_problem(&revoke(&first, &all[2]), 401, "unauthorized");
    expect_problem(&revoke(&second, &all[0]), 404, "not-found");
    revoke(&third, &all[2]).expect_status(204);
    assert_eq!(ids(&second.client), [(all[1].clone(), true)]);
    refresh(&second.refresh_token).expect_status(200);
}

#[test]
fn a_recent_log_in_ends_all_sessions_of_its_user() {
    let first = customer("everywhere");
    let second = first.log_in_again();
    let other = customer("elsewhere");
    let end_all = |account: &Account| account.client.send("DELETE", PATH, &[], None);
    end_all(&second).expect_status(204);
    for ended in [&first, &second] {
        expect_problem(&refresh(&ended.refresh_token), 401, "unauthorized");
        expect_problem(&end_all(ended), 401, "unauthorized");
    }
    refresh(&other.refresh_token).expect_status(200);
    first.log_in_again().client.get(PATH).expect_status(200);
}

#[test]
fn a_device_is_listed_also_if_its_name_is_not_ascii() {
    let email = register(target().client(), "device")["email"].as_str().expect("an address").to_owned();
    let headers = [("content-type", "application/json"), ("user-agent", "Jürgens Gerät 📱/1.0")];
    let body = json!({"email": email, "password": PASSWORD}).to_string();
    let login = target().client().send("POST", "/v1/auth/login", &headers, Some(body.as_bytes())).expect_status(200);
    let listed = items(&target().client().as_user(login.json()["access_token"].as_str().expect("a token")));
    assert_eq!(listed[0]["user_agent"], "Jürgens Gerät 📱/1.0");
}

#[test]
fn a_session_of_another_user_is_neither_listed_nor_revoked() {
    let ada = customer("own");
    let session_id = session(&ada);
    for other in [customer("stranger"), admin()] {
        assert!(items_of(&other.client).iter().all(|item| item["id"] != session_id.as_str()));
        expect_problem(&revoke(&other, &session_id), 404, "not-found");
    }
    for unknown in ["0190a5c0-0000-7000-8000-000000000000", "no-id", "%2e%2e", &session_id.to_uppercase()] {
        assert!(matches!(revoke(&ada, unknown).status, 404 | 204), "{unknown}");
    }
    for client in [target().client(), &ada.client.as_user("x")] {
        assert_eq!(client.get(PATH).status, 401);
        assert_eq!(client.send("DELETE", &format!("{PATH}/{session_id}"), &[], None).status, 401);
    }
}

/// Returns the first page of the list: an admin of a foreign instance may have more.
fn items_of(client: &Client) -> Vec<Value> {
    client.get(&format!("{PATH}?limit=100")).expect_status(200).json()["items"].as_array().expect("a list").clone()
}

#[test]
fn the_list_has_pages() {
    let first = customer("pages");
    let second = first.log_in_again();
    let page = second.client.get(&format!("{PATH}?limit=1")).expect_status(200);
    let body = page.json();
    assert_eq!(body["items"][0]["id"], session(&first).as_str(), "{body}");
    let cursor = body["next_cursor"].as_str().expect("there is more");
    assert!(page.header("link").is_some_and(|link| link.contains(cursor) && link.contains("rel=\"next\"")));
    let next = second.client.get(&format!("{PATH}?limit=1&cursor={cursor}")).expect_status(200).json();
    assert_eq!((&next["items"][0]["id"], &next["next_cursor"]), (&json!(session(&second)), &Value::Null), "{next}");
    for query in ["limit=0", "limit=101", "cursor=x", "user_id=1", "limit=1&limit=2"] {
        expect_problem(&second.client.get(&format!("{PATH}?{query}")), 400, "malformed-request");
    }
}
