//! The bus: messages for whoever listens at that moment (Redis pub/sub). Nothing is kept; who is not there has missed it.

use crate::config;

/// The variable with the address of the Redis server: `redis://127.0.0.1:6379`.
pub const ADDRESS_VARIABLE: &str = "redis_address";

/// Why a message is not out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The variable with the address is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// spin.toml does not let this component reach that server, or the address is none.
    #[error("the server's address is not allowed, or is none")]
    Address,
    /// The server is down or does not take it.
    #[error("the server failed: {0}")]
    Server(String),
}
