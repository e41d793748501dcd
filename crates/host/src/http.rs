//! The HTTP client of the host, and bodies.

pub(crate) mod body;
pub(crate) mod client;
mod connector;
