//! The client against a server that misbehaves: sessions, retries, lists and errors.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod errors;
mod fake;
mod growth;
mod lists;
mod retries;
mod session;
