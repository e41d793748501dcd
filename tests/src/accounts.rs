//! The accounts of the tests: an admin, an operator, and customers, each created and logged in through the public API.
//!
//! Hashing a password takes some 80 ms of CPU, which a new account costs twice: so admin and operator are shared, and a test
//! registers a customer only if it cannot share one.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::admin::Credentials;

use crate::users::unique_email;
use crate::{Client, Response, target};

/// The password of every user who registers in a test.
pub const PASSWORD: &str = "correct horse battery staple";

/// A user who has logged in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user's id.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// An access token.
    pub access_token: String,
    /// The refresh token of the same session.
    pub refresh_token: String,
    /// A client that acts as this user.
    pub client: Client,
}

impl Account {
    /// Logs in, and begins a session.
    ///
    /// # Panics
    ///
    /// If the login is refused.
    #[track_caller]
    pub fn log_in(client: &Client, email: &str, password: &str) -> Self {
        Self::from_login(client, password, &try_log_in(client, email, password).expect_status(200))
    }

    /// Returns another session of the same user.
    ///
    /// # Panics
    ///
    /// If the login is refused.
    #[must_use]
    #[track_caller]
    pub fn log_in_again(&self) -> Self {
        Self::log_in(&self.client, &self.email, &self.password)
    }

    fn from_login(client: &Client, password: &str, login: &Response) -> Self {
        let body = login.json();
        let access_token = text(&body["access_token"]);
        Self {
            id: text(&body["user"]["id"]).to_owned(),
            email: text(&body["user"]["email"]).to_owned(),
            password: password.to_owned(),
            client: client.as_user(access_token),
            access_token: access_token.to_owned(),
            refresh_token: text(&body["refresh_token"]).to_owned(),
        }
    }

    /// Returns the path of the user's profile.
    pub fn path(&self) -> String {
        format!("/v1/users/{}", self.id)
    }
}

/// Sends a login, and returns the response.
pub fn try_log_in(client: &Client, email: &str, password: &str) -> Response {
    client.anonymous().post("/v1/auth/login", &json!({"email": email, "password": password}))
}

/// Registers a customer with a new e-mail address and [`PASSWORD`]; and returns the profile of the response.
///
/// # Panics
///
/// If it is refused.
#[track_caller]
pub fn register(client: &Client, name: &str) -> Value {
    let body = json!({"email": unique_email(name), "password": PASSWORD, "display_name": name});
    client.anonymous().post("/v1/auth/register", &body).expect_status(201).json()
}

/// The accounts of one instance.
#[derive(Debug)]
pub struct Accounts {
    client: Client,
    credentials: Credentials,
    admin: Shared,
    operator: Shared,
}

impl Accounts {
    /// Returns the accounts of the instance of `client`, whose admin logs in with `admin`.
    pub fn new(client: &Client, admin: Credentials) -> Self {
        let (client, credentials) = (client.anonymous(), admin);
        Self { client, credentials, admin: Shared::default(), operator: Shared::default() }
    }

    /// Returns the admin. All callers share one session.
    ///
    /// # Panics
    ///
    /// If the login is refused.
    #[track_caller]
    pub fn admin(&self) -> Account {
        let Credentials { email, password } = &self.credentials;
        self.admin.get(|| Account::log_in(&self.client, email, password))
    }

    /// Returns an operator. All callers share one operator and one session.
    ///
    /// # Panics
    ///
    /// If none can be made.
    #[track_caller]
    pub fn operator(&self) -> Account {
        self.operator.get(|| self.with_role("operator", "operator"))
    }

    /// Returns a new customer.
    ///
    /// # Panics
    ///
    /// If none can be made.
    #[track_caller]
    pub fn customer(&self, name: &str) -> Account {
        let profile = register(&self.client, name);
        Account::log_in(&self.client, text(&profile["email"]), PASSWORD)
    }

    /// Returns a new user to whom the admin has given a role.
    ///
    /// # Panics
    ///
    /// If none can be made.
    #[track_caller]
    pub fn with_role(&self, name: &str, role: &str) -> Account {
        let profile = register(&self.client, name);
        let (admin, path) = (self.admin().client, format!("/v1/users/{}", text(&profile["id"])));
        let etag = admin.get(&path).expect_status(200).etag();
        admin.patch(&path, &etag, &json!({"role": role})).expect_status(200);
        // Not earlier: an access token carries the role of its user.
        Account::log_in(&self.client, text(&profile["email"]), PASSWORD)
    }
}

/// An account that several tests use.
#[derive(Debug, Default)]
struct Shared(Mutex<Option<(Account, Instant)>>);

impl Shared {
    /// A suite may run for longer than an access token is valid: ten minutes.
    const RENEW: Duration = Duration::from_secs(240);

    #[track_caller]
    fn get(&self, make: impl FnOnce() -> Account) -> Account {
        // A test that could not log in has failed by itself.
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = match shared.take() {
            Some(fresh) if fresh.1.elapsed() < Self::RENEW => fresh,
            Some((old, _)) => (old.log_in_again(), Instant::now()),
            None => (make(), Instant::now()),
        };
        shared.insert(account).0.clone()
    }
}

/// Returns the admin of the [`target`].
#[track_caller]
pub fn admin() -> Account {
    target().accounts().admin()
}

/// Returns an operator of the [`target`].
#[track_caller]
pub fn operator() -> Account {
    target().accounts().operator()
}

/// Returns a new customer of the [`target`].
#[track_caller]
pub fn customer(name: &str) -> Account {
    target().accounts().customer(name)
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}"))
}
