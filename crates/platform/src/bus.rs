//! The message bus (Redis pub/sub). Messages are not stored: a subscriber that is not connected misses them.

use crate::config;

/// The variable with the address of the Redis server: `redis://127.0.0.1:6379`.
pub const ADDRESS_VARIABLE: &str = "redis_address";

/// The reason why a message was not published.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The variable with the address is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// spin.toml does not allow this component to reach that server, or the address is not valid.
    #[error("the server's address is not allowed or not valid")]
    Address,
    /// The server is down or refuses the message.
    #[error("the server failed: {0}")]
    Server(String),
}
