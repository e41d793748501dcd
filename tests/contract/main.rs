//! The contract suite: replays the examples in api-specs/golden against a running instance, and compares request and response with the files. Each
//! scenario is a test that brings the instance into the state which its examples need, so it runs against any URL (`cargo xtask e2e --url`).
//! `cargo xtask record-examples` writes the files. `coverage.rs` checks that no part of the OpenAPI documents is without an example.

mod auth;
mod catalog;
mod coverage;
mod example;
mod notifications;
mod operations;
mod orders;
mod payments;
mod placeholders;
mod scenario;
mod users;
