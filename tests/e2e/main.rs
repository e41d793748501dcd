//! The end-to-end suite: the promises of the public API, checked on a running instance. `cargo xtask e2e --url` checks another
//! one than the embedded host, so nothing here may depend on what runs the application, or on the users and products that are there.

mod auth;
mod authorization;
mod bodies;
mod catalog;
mod concurrency;
mod cors;
mod documents;
mod health;
mod internal_paths;
mod methods;
mod metrics;
mod notifications;
mod operations;
mod orders;
mod payments;
mod request_ids;
mod security;
mod users;
