//! Notifications for tests to follow.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::build::WASM_TARGET;
use xtask::workspace::Workspace;

use crate::users::{User, unique_email};
use crate::{Client, Instance, Recorder, Response};

/// The time limit for a notification to reach the state that a test expects.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Starts an instance with its state in `state`, `variables`, and a provider that sends e-mail to `server`.
///
/// # Panics
///
/// If it does not start.
pub fn start_with_mail(state: &Path, server: &Recorder, variables: &[(&str, &str)]) -> Instance {
    let endpoint = format!("{}/hook", server.url());
    let mut all = vec![
        ("notify_email_host", server.url()),
        ("notify_email_endpoint", endpoint.as_str()),
        ("notify_email_key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s"),
        ("notify_email_allow_private", "true"),
    ];
    all.extend(variables);
    let file = Workspace::locate().target_dir().join(WASM_TARGET).join("release/notify_webhook.wasm");
    Instance::with_providers(state, &all, &[("notify-email", &file)])
}

/// Returns the notifications of the user `user_id` as `client` sees them, the latest first.
///
/// # Panics
///
/// If the list is refused.
#[track_caller]
pub fn list(client: &Client, user_id: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/notifications?user_id={user_id}&limit=100")).expect_status(200).json();
    page["items"].as_array().expect("items are a list").clone()
}

/// Ticks with `tick` until the user `user_id` has a notification for which `matches` holds, and returns it.
///
/// # Panics
///
/// If it takes too long.
#[track_caller]
pub fn wait_until(client: &Client, user_id: &str, matches: impl Fn(&Value) -> bool, tick: impl Fn()) -> Value {
    let start = Instant::now();
    loop {
        let all = list(client, user_id);
        match all.iter().find(|notification| matches(notification)) {
            Some(notification) => return notification.clone(),
            None => assert!(start.elapsed() < TIMEOUT, "none of them: {all:?}"),
        }
        tick();
    }
}

/// Returns whether a notification is made from `template` and has the `status`.
pub fn has_status(template: &str, status: &str) -> impl Fn(&Value) -> bool {
    move |notification| notification["template"] == template && notification["status"] == status
}

/// Requests the notification that `body` describes.
pub fn request(operator: &Client, body: &Value) -> Response {
    operator.post("/v1/notifications", body)
}

/// Creates a user whose mail goes to `domain`, with `more` in the profile. `admin` is the client of an admin.
///
/// # Panics
///
/// If it is not created.
#[track_caller]
pub fn create_user_at(admin: &Client, domain: &str, more: &Value) -> User {
    let email = unique_email("recipient");
    let (local, _) = email.split_once('@').expect("an address");
    let mut draft = json!({"email": format!("{local}@{domain}")});
    for (name, value) in more.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    User::from_response(&admin.post("/v1/users", &draft).expect_status(201))
}
