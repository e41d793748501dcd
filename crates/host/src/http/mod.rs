//! HTTP, both ways: the server that takes requests in, and what guests send out.

pub(crate) mod body;
pub(crate) mod client;
mod connector;
pub(crate) mod outbound;
pub(crate) mod server;
pub(crate) mod service;
