//! What the black-box suites share: an instance to talk to, accounts to act as, an HTTP client, a raw connection for odd
//! requests, and the shapes that every answer of the API has.
//!
//! The suites know the application only by its public API: nothing here links a component or the host.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

pub mod acceptance;
pub mod accounts;
pub mod client;
pub mod compromised_key;
pub mod dead_letters;
pub mod instance;
pub mod jwt;
pub mod notifications;
pub mod orders;
pub mod payments;
pub mod problem;
pub mod products;
pub mod raw;
pub mod recorder;
pub mod redis;
pub mod target;
pub mod tick;
pub mod users;

pub use accounts::{Account, Accounts};
pub use client::{Client, Response};
pub use instance::Instance;
pub use recorder::{Recorded, Recorder};
pub use target::{Target, target};

/// Whether a test whose surroundings are missing may be skipped; says which one on stderr.
///
/// # Panics
///
/// If `cargo xtask test --require-all` runs the test: then nothing may be skipped.
pub fn skip(test: &str, missing: &str) {
    assert!(std::env::var_os(xtask::suite::REQUIRE_ALL).is_none(), "{test} needs {missing}");
    eprintln!("skipped {test}: it needs {missing}");
}
