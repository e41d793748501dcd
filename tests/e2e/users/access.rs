//! Authorization: users change their own profile, operators those of customers, admins change roles.

use serde_json::json;
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::{User, create_user, unique_email};
use spindle_tests::{Client, target};

/// Returns the status of each operation of `client` on the user at `path`. The requests change no profile.
fn statuses(client: &Client, path: &str) -> [u16; 3] {
    let stale = "\"of another time\"";
    [
        client.get(path).status,
        client.patch(path, stale, &json!({"display_name": "X"})).status,
        client.delete(path, stale).status,
    ]
}

#[test]
fn every_operation_requires_a_token() {
    let anonymous = target().client();
    let user = create_user(&admin().client, "guarded");
    for path in ["/v1/users", "/v1/users/me", "/v1/users/no-id", &user.path] {
        let response = anonymous.get(path);
        expect_problem(&response, 401, "unauthorized");
        assert_eq!(response.header("www-authenticate"), Some("Bearer"), "{path}");
    }
    expect_problem(&anonymous.post("/v1/users", &json!({"email": "x"})), 401, "unauthorized");
    assert_eq!(statuses(anonymous, "/v1/users/me"), [401; 3]);
    assert_eq!(statuses(anonymous, &user.path), [401; 3]);
}

#[test]
fn an_invalid_token_gets_another_challenge_than_none() {
    let anonymous = target().client();
    for token in ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
        let response = anonymous.as_user(token).get("/v1/users/me");
        expect_problem(&response, 401, "unauthorized");
        let challenge = response.header("www-authenticate").expect("a challenge");
        assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
    }
}

#[test]
fn a_customer_reads_the_own_profile_under_two_paths() {
    let ada = customer("ada");
    let me = ada.client.get("/v1/users/me").expect_status(200);
    let by_id = ada.client.get(&ada.path()).expect_status(200);
    assert_eq!((me.json(), me.etag()), (by_id.json(), by_id.etag()));
    assert_eq!((&me.json()["email"], &me.json()["role"]), (&json!(ada.email), &json!("customer")));
    let renamed = ada.client.patch("/v1/users/me", &me.etag(), &json!({"display_name": "Ada King"})).expect_status(200);
    assert_eq!(ada.client.get(&ada.path()).json(), renamed.json());
}

#[test]
fn to_a_customer_other_profiles_are_not_found() {
    let ada = customer("ada");
    let other = create_user(&admin().client, "other");
    let never = "/v1/users/0190a5c0-0000-7000-8000-000000000000";
    for path in [&other.path, &admin().path(), never] {
        assert_eq!(statuses(&ada.client, path), [404; 3], "{path}");
    }
    expect_problem(&ada.client.get(&other.path), 404, "not-found");
    assert_eq!(admin().client.get(&other.path).json(), other.body);
    for path in ["/v1/users", &format!("/v1/users?email={}", ada.email)] {
        expect_problem(&ada.client.get(path), 403, "forbidden");
    }
    let create = ada.client.post("/v1/users", &json!({"email": unique_email("made"), "display_name": "Made"}));
    expect_problem(&create, 403, "forbidden");
}

#[test]
fn an_operator_changes_customers_but_creates_none() {
    let operator = operator().client;
    let user = create_user(&admin().client, "looked-after");
    assert_eq!(operator.get(&user.path).expect_status(200).json(), user.body);
    operator.get("/v1/users?limit=1").expect_status(200);
    let changed = operator.patch(&user.path, &user.etag, &json!({"locale": "de"})).expect_status(200);
    operator.delete(&user.path, &changed.etag()).expect_status(204);
    let create = operator.post("/v1/users", &json!({"email": unique_email("made"), "display_name": "Made"}));
    expect_problem(&create, 403, "forbidden");
}

#[test]
fn only_an_admin_changes_a_role() {
    let ada = customer("ada");
    let me = ada.client.get(&ada.path()).expect_status(200);
    for client in [&ada.client, &operator().client] {
        for role in ["operator", "admin"] {
            expect_problem(&client.patch(&ada.path(), &me.etag(), &json!({"role": role})), 403, "forbidden");
        }
    }
    assert_eq!(ada.client.get(&ada.path()).json(), me.json());
    let promoted = admin().client.patch(&ada.path(), &me.etag(), &json!({"role": "operator"})).expect_status(200);
    assert_eq!(promoted.json()["role"], "operator");
    // For what only reads, a token keeps the role of the time when it was issued; the next one has the new role.
    expect_problem(&ada.client.get("/v1/users"), 403, "forbidden");
    ada.log_in_again().client.get("/v1/users").expect_status(200);
}

#[test]
fn an_operator_may_not_change_an_admin() {
    let operator = operator().client;
    let other = json!({"email": unique_email("admin"), "display_name": "Other", "role": "admin"});
    let other = User::from_response(&admin().client.post("/v1/users", &other).expect_status(201));
    expect_problem(&operator.patch(&other.path, &other.etag, &json!({"locale": "de"})), 403, "forbidden");
    expect_problem(&operator.delete(&other.path, &other.etag), 403, "forbidden");
    admin().client.delete(&other.path, &other.etag).expect_status(204);
}

#[test]
fn a_user_who_erases_the_own_profile_can_no_longer_log_in() {
    let ada = customer("leaving");
    let etag = ada.client.get("/v1/users/me").expect_status(200).etag();
    ada.client.delete("/v1/users/me", &etag).expect_status(204);
    expect_problem(&ada.client.get("/v1/users/me"), 404, "not-found");
    let refresh = ada.client.anonymous().post("/v1/auth/refresh", &json!({"refresh_token": ada.refresh_token}));
    assert_eq!(refresh.status, 401, "{}", refresh.text());
    let login = spindle_tests::accounts::try_log_in(&ada.client, &ada.email, &ada.password);
    expect_problem(&login, 401, "invalid-credentials");
    expect_problem(&admin().client.get(&ada.path()), 404, "not-found");
}
