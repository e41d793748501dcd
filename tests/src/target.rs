//! The instance that a suite tests: the one at `SPINDLE_URL`, or one that is started for the suite, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use xtask::admin::Credentials;
use xtask::suite::{ADMIN_EMAIL, ADMIN_PASSWORD, CORS_ORIGIN, URL};
use xtask::workspace::Workspace;

use crate::compromised_key::signing_key;
use crate::jwt::{Jwt, thumbprint};
use crate::{Account, Accounts, Client, Instance, instance};

/// A suite sends hundreds of requests a second as one and the same user.
const ENOUGH_REQUESTS: u64 = 100_000;

/// An instance, and the known part of its configuration.
#[derive(Debug)]
pub struct Target {
    client: Client,
    accounts: Accounts,
    cors_origin: Option<String>,
    /// The instance and the folder of its databases, if it was started here.
    started: Option<(Instance, PathBuf)>,
}

/// Returns the instance of this test process. The first caller waits until it is ready.
///
/// # Panics
///
/// If it cannot be started, or if an instance that was started elsewhere does not fit the suite.
pub fn target() -> &'static Target {
    target_with(&[])
}

/// Returns the instance as [`target`] does; one that is started here gets these variables. The first caller decides, so a suite that needs other
/// variables calls it first.
///
/// # Panics
///
/// As [`target`] does.
pub fn target_with(variables: &[(&str, &str)]) -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| match std::env::var(URL) {
        Ok(url) => external(&url),
        Err(_) => {
            // A static is never dropped: the host ends with this process, and its folder goes with the next run.
            let state_dir = process_dir();
            let started = Instance::with(&state_dir, variables);
            let (client, cors_origin) = (started.client(), Some(instance::ORIGIN.to_owned()));
            let accounts = Accounts::new(&client, instance::admin());
            Target { client, accounts, cors_origin, started: Some((started, state_dir)) }
        }
    })
}

/// Returns the instance at `url`, which was started elsewhere.
fn external(url: &str) -> Target {
    let client = Client::new(url);
    let admin = |name| {
        std::env::var(name)
            .unwrap_or_else(|_| panic!("{name} is missing: the e-mail address or password of an admin of {url}"))
    };
    let admin = Credentials { email: admin(ADMIN_EMAIL), password: admin(ADMIN_PASSWORD) };
    if let Some(requests) = client.get("/.well-known/jwks.json").header("ratelimit-policy").and_then(requests) {
        assert!(
            requests >= ENOUGH_REQUESTS,
            "{url} accepts only {requests} requests from one client and would refuse most of this suite: start it with the \
             variables rate_limit_auth, rate_limit_read, rate_limit_write and rate_limit_export set to 1000000/60"
        );
    }
    let accounts = Accounts::new(&client, admin);
    Target { client, accounts, cors_origin: std::env::var(CORS_ORIGIN).ok(), started: None }
}

/// Returns the quota in a `RateLimit-Policy`.
fn requests(policy: &str) -> Option<u64> {
    policy.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="))?.parse().ok()
}

impl Target {
    /// Returns an anonymous client for it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns its accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Returns an origin that its CORS configuration allows, if one is known.
    pub fn cors_origin(&self) -> Option<&str> {
        self.cors_origin.as_deref()
    }

    /// Returns whether it was started here.
    pub fn is_started_here(&self) -> bool {
        self.started.is_some()
    }

    /// Returns its output, if it was started here.
    pub fn log(&self) -> Option<String> {
        self.started.as_ref().map(|(instance, _)| instance.log())
    }

    /// Returns a client that acts as `account` with a token whose log-in was ten minutes ago, if the signing key is known: of an instance that was
    /// started here.
    pub fn with_old_log_in(&self, account: &Account) -> Option<Client> {
        const AGE: i64 = 600;
        let (_, state_dir) = self.started.as_ref()?;
        let (key, token) = (signing_key(state_dir, instance::AUTH_KEY_SECRET), Jwt::parse(&account.access_token));
        let logged_in_at = token.claims["auth_time"].as_i64()? - AGE;
        let token = token.with_claim("auth_time", logged_in_at.into()).with_header("kid", thumbprint(&key).into());
        Some(self.client.as_user(&token.signed(&key).text()))
    }
}

/// Creates a folder that is named after this process. Removes those of processes that have ended.
fn process_dir() -> PathBuf {
    let parent = Workspace::locate().target_dir().join("e2e");
    let has_ended = |name: &str| !Path::new("/proc").join(name).exists();
    for old in fs::read_dir(&parent).into_iter().flatten().flatten() {
        if old.file_name().to_str().is_some_and(has_ended) {
            // Another run may remove it too.
            let _ = fs::remove_dir_all(old.path());
        }
    }
    let own = parent.join(std::process::id().to_string());
    let _ = fs::remove_dir_all(&own);
    fs::create_dir_all(&own).expect("the target folder can be written to");
    own
}
