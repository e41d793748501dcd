//! Data for an instance: demo customers and products for an empty one, so that the first curl returns something, and any number of products for a
//! load test.

pub mod bulk;
pub mod catalog;
pub mod import;
pub mod load;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::http::Client;

/// The customers that are registered in an empty instance: e-mail addresses and names.
const CUSTOMERS: [(&str, &str); 2] = [("ada@example.com", "Ada Lovelace"), ("grace@example.com", "Grace Hopper")];

/// A customer of the running instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The current entity tag, quotes included.
    pub etag: String,
}

/// Registers the demo customers with `password`, unless there are users besides the admin of `admin`. Returns the demo customers that exist.
///
/// # Errors
///
/// If a response is not one of the API.
pub fn demo_customers(client: &Client, admin: &Client, password: &str) -> Result<Vec<Customer>> {
    if items(admin, "/v1/users?limit=2")?.len() < 2 {
        for (email, display_name) in CUSTOMERS {
            register(client, email, display_name, password)?;
        }
    }
    let mut customers = Vec::new();
    for (email, _) in CUSTOMERS {
        for user in items(admin, &format!("/v1/users?email={email}"))? {
            customers.push(read(admin, user["id"].as_str().context("a user has no id")?)?);
        }
    }
    Ok(customers)
}

fn items(admin: &Client, path: &str) -> Result<Vec<Value>> {
    let list = admin.get(path)?;
    ensure!(list.status == 200, "GET {path} returned {}: {}", list.status, list.body);
    Ok(list.body["items"].as_array().context("a list has no items")?.clone())
}

fn register(client: &Client, email: &str, display_name: &str, password: &str) -> Result<()> {
    let body = json!({"email": email, "display_name": display_name, "password": password});
    let created = client.post("/v1/auth/register", &body)?;
    ensure!(created.status == 201, "POST /v1/auth/register returned {}: {}", created.status, created.body);
    Ok(())
}

fn read(admin: &Client, id: &str) -> Result<Customer> {
    let user = admin.get(&format!("/v1/users/{id}"))?;
    ensure!(user.status == 200, "GET /v1/users/{id} returned {}: {}", user.status, user.body);
    Ok(Customer {
        id: id.to_owned(),
        email: user.body["email"].as_str().context("a user has no email")?.to_owned(),
        etag: user.etag.context("a user has no ETag")?,
    })
}
