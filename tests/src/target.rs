//! The instance that a suite talks to: the one at `SPINDLE_URL`, or one that is started for the suite, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use xtask::admin::Credentials;
use xtask::suite::{ADMIN_EMAIL, ADMIN_PASSWORD, CORS_ORIGIN, URL};
use xtask::workspace::Workspace;

use crate::{Accounts, Client, Instance, instance};

/// A suite sends hundreds of requests a second as one and the same user.
const ENOUGH_REQUESTS: u64 = 100_000;

/// An instance, and what is known of its configuration.
#[derive(Debug)]
pub struct Target {
    client: Client,
    accounts: Accounts,
    cors_origin: Option<String>,
    own: Option<Instance>,
}

/// The instance of this test process. The first caller waits until it is ready.
///
/// # Panics
///
/// If it has to be started and cannot be, or if one that was started elsewhere is not fit for the suite.
pub fn target() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| match std::env::var(URL) {
        Ok(url) => foreign(&url),
        Err(_) => {
            // A static is never dropped: the host ends with this process, and its folder goes with the next run.
            let own = Instance::start(&process_dir());
            let accounts = Accounts::new(&own.client(), instance::admin());
            let cors_origin = Some(instance::ORIGIN.to_owned());
            Target { client: own.client(), accounts, cors_origin, own: Some(own) }
        }
    })
}

fn foreign(url: &str) -> Target {
    let client = Client::new(url);
    let admin = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing: who is an admin of {url}?"));
    let admin = Credentials { email: admin(ADMIN_EMAIL), password: admin(ADMIN_PASSWORD) };
    if let Some(requests) = client.get("/.well-known/jwks.json").header("ratelimit-policy").and_then(requests) {
        assert!(
            requests >= ENOUGH_REQUESTS,
            "{url} takes only {requests} requests from one client, so it would refuse most of this suite's: start it with the \
             variables rate_limit_auth, rate_limit_read and rate_limit_write set to 1000000/60"
        );
    }
    let accounts = Accounts::new(&client, admin);
    Target { client, accounts, cors_origin: std::env::var(CORS_ORIGIN).ok(), own: None }
}

/// The quota in a `RateLimit-Policy`.
fn requests(policy: &str) -> Option<u64> {
    policy.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="))?.parse().ok()
}

impl Target {
    /// A client for it that is nobody.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Who acts in it.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// An origin that browsers may call it from, if one is known.
    pub fn cors_origin(&self) -> Option<&str> {
        self.cors_origin.as_deref()
    }

    /// Whether it was started here.
    pub fn is_started_here(&self) -> bool {
        self.own.is_some()
    }

    /// What it has printed, if it was started here.
    pub fn log(&self) -> Option<String> {
        self.own.as_ref().map(Instance::log)
    }
}

/// A new folder that is named after this process. Those of processes that are gone are removed.
fn process_dir() -> PathBuf {
    let parent = Workspace::locate().target_dir().join("e2e");
    let gone = |name: &str| !Path::new("/proc").join(name).exists();
    for old in fs::read_dir(&parent).into_iter().flatten().flatten() {
        if old.file_name().to_str().is_some_and(gone) {
            // Another run may be at it too.
            let _ = fs::remove_dir_all(old.path());
        }
    }
    let own = parent.join(std::process::id().to_string());
    let _ = fs::remove_dir_all(&own);
    fs::create_dir_all(&own).expect("the target folder can be written to");
    own
}
