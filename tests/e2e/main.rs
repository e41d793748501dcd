//! The end-to-end suite: what the public API promises, asked of a running instance. `cargo xtask e2e --url` asks another
//! one than the embedded host, so nothing here may depend on what runs the application, or on the users and products that are there.

mod auth;
mod bodies;
mod catalog;
mod cors;
mod health;
mod internal_paths;
mod methods;
mod notifications;
mod operations;
mod orders;
mod payments;
mod request_ids;
mod security;
mod users;
