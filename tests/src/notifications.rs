//! Notifications for tests to follow.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::users::{User, unique_email};
use crate::{Client, Response};

/// How long a notification may take to get where a test expects it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The notifications of the user `user_id` as `client` sees them, the latest first.
///
/// # Panics
///
/// If the list is refused.
#[track_caller]
pub fn list(client: &Client, user_id: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/notifications?user_id={user_id}&limit=100")).expect_status(200).json();
    page["items"].as_array().expect("items are a list").clone()
}

/// Ticks with `tick` until the user `user_id` has a notification that `is_there` looks for; that one.
///
/// # Panics
///
/// If it takes too long.
#[track_caller]
pub fn wait_until(client: &Client, user_id: &str, is_there: impl Fn(&Value) -> bool, tick: impl Fn()) -> Value {
    let start = Instant::now();
    loop {
        let all = list(client, user_id);
        match all.iter().find(|notification| is_there(notification)) {
            Some(notification) => return notification.clone(),
            None => assert!(start.elapsed() < PATIENCE, "none of them: {all:?}"),
        }
        tick();
    }
}

/// Whether a notification is made from `template` and has the `status`.
pub fn has_status(template: &str, status: &str) -> impl Fn(&Value) -> bool {
    move |notification| notification["template"] == template && notification["status"] == status
}

/// Asks for `wish` to be told.
pub fn request(operator: &Client, wish: &Value) -> Response {
    operator.post("/v1/notifications", wish)
}

/// Creates a user whose mail goes to `domain`, with `more` in the profile. `admin` is the client of an admin.
///
/// # Panics
///
/// If it is not created.
#[track_caller]
pub fn create_user_at(admin: &Client, domain: &str, more: &Value) -> User {
    let email = unique_email("reader");
    let (local, _) = email.split_once('@').expect("an address");
    let mut draft = json!({"email": format!("{local}@{domain}")});
    for (name, value) in more.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    User::from_response(&admin.post("/v1/users", &draft).expect_status(201))
}
