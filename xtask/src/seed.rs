//! Demo data, so that the first curl has something to show.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::http::Client;

/// A user of the running instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoUser {
    /// Its id.
    pub id: String,
    /// Its e-mail address.
    pub email: String,
    /// Its current entity tag, quotes included.
    pub etag: String,
}

/// Creates two demo users unless there are users already. Returns one of the instance's users, if it has any.
///
/// # Errors
///
/// If the instance does not answer as the API says.
pub fn demo_users(client: &Client, create: bool) -> Result<Option<DemoUser>> {
    if let Some(id) = first_user(client)? {
        return read_user(client, &id).map(Some);
    }
    if !create {
        return Ok(None);
    }
    let ada = create_user(client, "ada@example.com", "Ada Lovelace")?;
    create_user(client, "grace@example.com", "Grace Hopper")?;
    read_user(client, &ada).map(Some)
}

fn first_user(client: &Client) -> Result<Option<String>> {
    let list = client.get("/v1/users?limit=1")?;
    ensure!(list.status == 200, "GET /v1/users answered {}: {}", list.status, list.body);
    Ok(list.body["items"][0]["id"].as_str().map(str::to_owned))
}

fn create_user(client: &Client, email: &str, display_name: &str) -> Result<String> {
    let body: Value = json!({"email": email, "display_name": display_name});
    let created = client.post("/v1/users", &body)?;
    ensure!(created.status == 201, "POST /v1/users answered {}: {}", created.status, created.body);
    created.body["id"].as_str().map(str::to_owned).context("a created user has no id")
}

fn read_user(client: &Client, id: &str) -> Result<DemoUser> {
    let user = client.get(&format!("/v1/users/{id}"))?;
    ensure!(user.status == 200, "GET /v1/users/{id} answered {}: {}", user.status, user.body);
    Ok(DemoUser {
        id: id.to_owned(),
        email: user.body["email"].as_str().context("a user has no email")?.to_owned(),
        etag: user.etag.context("a user has no ETag")?,
    })
}
