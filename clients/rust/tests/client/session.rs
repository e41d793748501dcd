//! Sessions: log in, refresh, log out.

use std::sync::{Arc, Mutex};

use axum::response::Response;
use serde_json::json;
use spindle_client::types::RegisterRequest;
use spindle_client::{Error, Session};

use crate::fake::{Fake, ID, Seen, empty, expired, json_response, problem, tokens, user};

const LOG_IN: &str = "POST /v1/auth/login";
const REFRESH: &str = "POST /v1/auth/refresh";
const ME: &str = "GET /v1/users/me";

/// Responds as a platform on which only the access token number `valid` is valid. A log-in returns the tokens number 0, each refresh the next.
fn platform(valid: usize) -> impl Fn(&Seen, usize) -> Response + Clone + Send + Sync {
    move |request, earlier| match request.target.as_str() {
        LOG_IN => tokens(0, 600),
        REFRESH => tokens(earlier + 1, 600),
        ME if request.header("authorization") != Some(&format!("Bearer access-{valid}")) => expired(),
        ME => json_response(200, &user()),
        _ => empty(204, &[]),
    }
}

#[tokio::test]
async fn requests_have_the_token_of_the_session_and_public_ones_have_none() {
    let fake = Fake::start(|request, _| match request.target.as_str() {
        LOG_IN => tokens(0, 600),
        ME => json_response(200, &user()),
        _ => json_response(200, &json!({ "items": [] })),
    })
    .await;
    let client = fake.logged_in().await;
    client.get_own_user().send().await.unwrap();
    client.list_categories().send().await.unwrap();
    assert_eq!(fake.seen(ME)[0].header("authorization"), Some("Bearer access-0"));
    assert_eq!(fake.seen("GET /v1/categories")[0].header("authorization"), None);
}

#[tokio::test]
async fn a_token_that_is_about_to_expire_is_refreshed_before_it_is_used() {
    let fake = Fake::start(|request, _| match request.target.as_str() {
        LOG_IN => tokens(0, 29),
        REFRESH => tokens(1, 600),
        _ => json_response(200, &user()),
    })
    .await;
    fake.logged_in().await.get_own_user().send().await.unwrap();
    assert_eq!(fake.seen(REFRESH)[0].body["refresh_token"], "refresh-0");
    assert_eq!(fake.seen(ME).len(), 1);
    assert_eq!(fake.seen(ME)[0].header("authorization"), Some("Bearer access-1"));
}

#[tokio::test]
async fn a_request_with_an_expired_token_is_sent_once_more_with_a_new_one() {
    let fake = Fake::start(platform(1)).await;
    fake.logged_in().await.get_own_user().send().await.unwrap();
    assert_eq!(fake.seen(REFRESH).len(), 1);
    assert_eq!(fake.seen(ME).len(), 2);

    let fake = Fake::start(platform(9)).await;
    let error = Error::from(fake.logged_in().await.get_own_user().send().await.unwrap_err());
    assert_eq!(error.problem().unwrap().name(), "unauthorized");
    assert_eq!(
        (fake.seen(REFRESH).len(), fake.seen(ME).len()),
        (1, 2),
        "the new token is refused, and is not refreshed"
    );
}

#[tokio::test]
async fn requests_at_the_same_time_share_one_refresh() {
    let fake = Fake::start(platform(1)).await;
    let client = fake.logged_in().await;
    let results = futures::future::join_all((0..8).map(|_| client.get_own_user().send())).await;
    assert!(results.into_iter().all(|result| result.is_ok()));
    assert_eq!(fake.seen(REFRESH).len(), 1);
}

#[tokio::test]
async fn a_401_for_another_reason_is_returned_as_it_is() {
    let fake = Fake::start(|request, _| match request.target.as_str() {
        LOG_IN => tokens(0, 600),
        _ => problem(401, "recent-login-required", &json!({ "max_age": 300 })),
    })
    .await;
    let error = Error::from(fake.logged_in().await.end_sessions().send().await.unwrap_err());
    assert_eq!(error.problem().unwrap().name(), "recent-login-required");
    assert_eq!(fake.seen(REFRESH).len(), 0);
}

#[tokio::test]
async fn a_session_ends_when_its_refresh_token_is_refused_and_stays_when_the_platform_fails() {
    for (status, is_over) in [(401, true), (500, false)] {
        let fake = Fake::start(move |request, _| match request.target.as_str() {
            LOG_IN => tokens(0, 600),
            REFRESH => problem(status, "unauthorized", &json!({})),
            _ => expired(),
        })
        .await;
        let client = fake.logged_in().await;
        let error = Error::from(client.get_own_user().send().await.unwrap_err());
        assert_eq!(error.status().unwrap(), 401);
        assert_eq!(client.session().is_none(), is_over, "{status}");
    }
}

#[tokio::test]
async fn the_listener_has_each_session_and_a_stored_one_goes_on() {
    let fake = Fake::start(platform(1)).await;
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let client = fake
        .builder()
        .on_session_change(move |session| store.lock().unwrap().push(serde_json::to_string(&session).unwrap()))
        .build()
        .unwrap();
    client.log_in("ada@example.com", "a lighthouse in winter").await.unwrap();
    client.get_own_user().send().await.unwrap();
    let session: Session = serde_json::from_str(&stored.lock().unwrap()[1]).unwrap();
    assert_eq!(session.refresh_token.expose(), "refresh-1");
    let resumed = fake.builder().session(session).build().unwrap();
    resumed.get_own_user().send().await.unwrap();
    assert_eq!(fake.seen(REFRESH).len(), 1);

    client.log_out().await.unwrap();
    assert_eq!(stored.lock().unwrap().last().unwrap(), "null");
    assert_eq!(fake.seen("POST /v1/auth/logout")[0].body, json!({ "refresh_token": "refresh-1" }));
    assert!(client.session().is_none());
    client.log_out().await.unwrap();
    assert_eq!(fake.seen("POST /v1/auth/logout").len(), 1, "there is nothing to end");
}

#[tokio::test]
async fn a_registration_logs_in() {
    let fake = Fake::start(|request, _| match request.target.as_str() {
        LOG_IN => tokens(0, 600),
        _ => json_response(201, &json!({ "id": ID, "email": "ada@example.com", "display_name": null, "role": "customer", "created_at": "2026-01-15T09:30:00.000Z" })),
    })
    .await;
    let client = fake.client();
    let request = RegisterRequest {
        email: "ada@example.com".into(),
        password: "a lighthouse in winter".into(),
        display_name: None,
    };
    client.register(request).await.unwrap();
    let expected = json!({ "email": "ada@example.com", "password": "a lighthouse in winter" });
    assert_eq!(fake.seen("POST /v1/auth/register")[0].body, expected);
    assert_eq!(fake.seen(LOG_IN)[0].body, expected);
    assert_eq!(client.session().unwrap().user.email, "ada@example.com");
}

#[tokio::test]
async fn nothing_that_is_printed_for_debugging_has_a_secret() {
    let fake = Fake::start(platform(0)).await;
    let client = fake.client();
    let session = client.log_in("ada@example.com", "a lighthouse in winter").await.unwrap();
    let request = RegisterRequest {
        email: "ada@example.com".into(),
        password: "a lighthouse in winter".into(),
        display_name: None,
    };
    for printed in [format!("{client:?}"), format!("{session:?}"), format!("{request:?}")] {
        assert!(printed.contains("ada@example.com"), "{printed}");
        assert!(
            !printed.contains("access-0") && !printed.contains("refresh-0") && !printed.contains("lighthouse"),
            "{printed}"
        );
    }
}
