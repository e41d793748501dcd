//! The shared part of the black-box suites: an instance to test, accounts, an HTTP client, a raw connection for malformed
//! requests, and the form that every response of the API has.
//!
//! The suites know the application only by its public API: nothing here links a component or the host.

#![expect(clippy::print_stderr, reason = "a skipped test prints its name")]

use std::net::{SocketAddr, TcpListener};

pub mod acceptance;
pub mod accounts;
pub mod client;
pub mod compromised_key;
pub mod database;
pub mod dead_letters;
pub mod documents;
pub mod erasure_fault;
pub mod export;
pub mod haproxy;
pub mod instance;
pub mod jwt;
pub mod libsql;
pub mod log;
pub mod metrics;
pub mod node;
pub mod notifications;
pub mod orders;
pub mod otlp;
pub mod payment_fault;
pub mod payment_service;
pub mod payments;
pub mod personal_fields;
pub mod problem;
pub mod products;
pub mod raw;
pub mod recorder;
pub mod redis;
pub mod registry;
pub mod statements;
pub mod target;
pub mod tick;
pub mod users;

pub use accounts::{Account, Accounts};
pub use client::{Client, Response};
pub use instance::Instance;
pub use recorder::{Recorded, Recorder};
pub use target::{Target, target};

/// Returns the URL of a port on which nothing listens: it was free a moment ago.
///
/// # Panics
///
/// If there is no free port.
pub fn closed_port() -> String {
    format!("http://{}", closed_address())
}

/// Returns the address of such a port.
///
/// # Panics
///
/// If there is no free port.
pub fn closed_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound listener has an address")
}

/// Returns whether the instances of the tests run on Spin, and reports on stderr that `test` is skipped there: it is about `feature`, which only the
/// embedded host has (docs/spin.md).
pub fn skip_on_spin(test: &str, feature: &str) -> bool {
    let is_on_spin = xtask::spin::of_environment().is_some();
    if is_on_spin {
        eprintln!("skipped {test}: Spin has no {feature}");
    }
    is_on_spin
}

/// Reports on stderr that `test` is skipped because `missing` is not on this machine.
///
/// # Panics
///
/// If `cargo xtask test --require-all` runs the test: then nothing may be skipped.
pub fn skip(test: &str, missing: &str) {
    assert!(std::env::var_os(xtask::suite::REQUIRE_ALL).is_none(), "{test} needs {missing}");
    eprintln!("skipped {test}: it needs {missing}");
}
