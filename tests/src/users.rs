//! Users of the tests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{Client, Response};

/// A user as created: its body and entity tag.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: String,
    /// Its path.
    pub path: String,
    /// Its representation.
    pub body: Value,
    /// The token of its invitation, which only the response to its creation has.
    pub invitation: Option<String>,
    /// The entity tag of that representation.
    pub etag: String,
}

impl User {
    /// Returns the user in a 201 or 200.
    ///
    /// # Panics
    ///
    /// If the response has no id or entity tag.
    pub fn from_response(response: &Response) -> Self {
        let mut body = response.json();
        let invitation = body.as_object_mut().and_then(|user| user.remove("invitation"));
        let invitation = invitation.map(|invitation| invitation["token"].as_str().expect("a token").to_owned());
        let id = body["id"].as_str().unwrap_or_else(|| panic!("a user has an id: {body}")).to_owned();
        Self { path: format!("/v1/users/{id}"), id, etag: response.etag(), body, invitation }
    }
}

/// Returns an e-mail address that no other test, and no earlier run against the same instance, has used.
pub fn unique_email(name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{name}-{now:x}-{:x}-{count:x}@example.com", std::process::id())
}

/// Creates a user with a new e-mail address and no password. `admin` is the client of an admin.
///
/// # Panics
///
/// If it is not created.
#[track_caller]
pub fn create_user(admin: &Client, name: &str) -> User {
    let response = admin.post("/v1/users", &json!({"email": unique_email(name), "display_name": name}));
    User::from_response(&response.expect_status(201))
}
