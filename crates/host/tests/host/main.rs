//! Tests of the host from outside and inside: each writes a `spin.toml`, starts it, and checks the observations of the guest `probe`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod binary;
mod dependencies;
mod failpoints;
mod files;
mod lifecycle;
mod limits;
mod outbound;
mod redis;
#[path = "../../src/stores/redis_server.rs"]
mod redis_server;
mod reuse;
mod routing;
mod stores;
mod support;
mod tls;
mod validation;
mod variables;
