//! The accounts of the measured instance, all created through the public API.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use xtask::admin::Credentials;
use xtask::http::Client;

/// The password of every account.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The e-mail address of the user that the bench reads.
pub(crate) const USER: &str = "ada@example.com";

/// The number of customers who log in.
pub(crate) const CUSTOMERS: u64 = 64;

/// Returns the credentials of the first admin, with which the instance is started.
pub(crate) fn admin() -> Credentials {
    Credentials { email: "admin@example.com".to_owned(), password: PASSWORD.to_owned() }
}

/// Logs the admin in, and returns the access token.
///
/// # Errors
///
/// If it fails for more than a few seconds: `users` may not be ready when `auth` creates the admin.
pub(crate) fn log_in_admin(client: &Client) -> Result<String> {
    let Credentials { email, password } = admin();
    let start = Instant::now();
    loop {
        let login = client.post("/v1/auth/login", &json!({"email": email, "password": password}))?;
        match (login.status, login.body["access_token"].as_str()) {
            (200, Some(token)) => return Ok(token.to_owned()),
            (status, _) if start.elapsed() > Duration::from_secs(5) => {
                bail!("POST /v1/auth/login returned {status} for the admin")
            }
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Creates the user that the bench reads, as `admin`, and returns the id.
///
/// # Errors
///
/// If the request is refused.
pub(crate) fn create_user(admin: &Client) -> Result<String> {
    let user = json!({
        "email": USER,
        "display_name": "Ada Lovelace",
        "locale": "en-GB",
        "phone": "+442079460000",
        "addresses": [{
            "label": "home",
            "name": "Ada Lovelace",
            "lines": ["12 St James's Square"],
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB",
        }],
    });
    let created = admin.post("/v1/users", &user)?;
    ensure!(created.status == 201, "POST /v1/users returned {}: {}", created.status, created.body);
    Ok(created.body["id"].as_str().context("a user has no id")?.to_owned())
}

/// Returns the e-mail address of a customer.
pub(crate) fn customer(number: u64) -> String {
    format!("customer-{}@example.com", number % CUSTOMERS)
}

/// Registers the customers.
///
/// # Errors
///
/// If a registration is refused.
pub(crate) fn register_customers(client: &Client) -> Result<()> {
    for email in (0..CUSTOMERS).map(customer) {
        let body = json!({"email": email, "password": PASSWORD, "display_name": "Customer"});
        let created = client.post("/v1/auth/register", &body)?;
        ensure!(created.status == 201, "POST /v1/auth/register returned {}: {}", created.status, created.body);
    }
    Ok(())
}
