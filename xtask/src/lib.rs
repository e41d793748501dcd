//! Builds and starts Spindle on one machine: the steps behind `cargo xtask`, as a library, so that tests and bench start the application through
//! the same code as an operator does.
//!
//! Never links a component or the host: it runs their build products.

#![expect(clippy::print_stdout, reason = "a command-line tool prints to its terminal")]

pub mod admin;
pub mod application;
pub mod build;
pub mod cluster;
pub mod contract;
pub mod examples;
pub mod go;
pub mod host;
pub mod http;
pub mod new_provider;
pub mod npm;
pub mod observability;
pub mod provider;
pub mod ready;
pub mod relay;
pub mod report;
pub mod secrets;
pub mod seed;
pub mod spin;
pub mod state;
pub mod steps;
pub mod store;
pub mod suite;
pub mod tick;
pub mod tls;
pub mod up;
pub mod web;
pub mod workspace;
