//! The host from outside and from inside: each test writes a `spin.toml`, starts it, and asks the probe guest what it sees.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod binary;
mod boundaries;
mod dependencies;
mod files;
mod lifecycle;
mod limits;
mod outbound;
mod redis;
#[path = "../../src/stores/redis_server.rs"]
mod redis_server;
mod routing;
mod stores;
mod support;
mod tls;
mod variables;
