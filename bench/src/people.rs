//! Who acts in the instance that is measured, all made through the public API.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use xtask::admin::Credentials;
use xtask::http::Client;

/// The password of everybody who logs in.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The admin, who the instance is started with.
pub(crate) fn admin() -> Credentials {
    Credentials { email: "admin@example.com".to_owned(), password: PASSWORD.to_owned() }
}

/// Logs the admin in, and returns the access token.
///
/// # Errors
///
/// If that takes more than a few seconds: users may not be ready when auth makes the admin.
pub(crate) fn log_in_admin(client: &Client) -> Result<String> {
    let Credentials { email, password } = admin();
    let start = Instant::now();
    loop {
        let login = client.post("/v1/auth/login", &json!({"email": email, "password": password}))?;
        match (login.status, login.body["access_token"].as_str()) {
            (200, Some(token)) => return Ok(token.to_owned()),
            (status, _) if start.elapsed() > Duration::from_secs(5) => bail!("the admin's login answered {status}"),
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Creates the user that is read, as `admin`, and returns the id.
///
/// # Errors
///
/// If it is refused.
pub(crate) fn create_ada(admin: &Client) -> Result<String> {
    let user = json!({
        "email": "ada@example.com",
        "display_name": "Ada Lovelace",
        "locale": "en-GB",
        "phone": "+442079460000",
        "addresses": [{
            "label": "home",
            "lines": ["12 St James's Square"],
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB",
        }],
    });
    let created = admin.post("/v1/users", &user)?;
    ensure!(created.status == 201, "POST /v1/users answered {}: {}", created.status, created.body);
    Ok(created.body["id"].as_str().context("a user has no id")?.to_owned())
}

/// Registers `count` customers, and returns their e-mail addresses.
///
/// # Errors
///
/// If it is refused.
pub(crate) fn register(client: &Client, count: usize) -> Result<Vec<String>> {
    let mut emails = Vec::with_capacity(count);
    for number in 0..count {
        let email = format!("customer-{number}@example.com");
        let body = json!({"email": email, "password": PASSWORD, "display_name": "Customer"});
        let created = client.post("/v1/auth/register", &body)?;
        ensure!(created.status == 201, "POST /v1/auth/register answered {}: {}", created.status, created.body);
        emails.push(email);
    }
    Ok(emails)
}
