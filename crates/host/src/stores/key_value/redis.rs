//! A Redis server as a key-value store, reached over one connection that all requests share and that reconnects by itself.

use std::fmt;

use anyhow::{Context as _, Result};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client, RedisError};
use tokio::sync::OnceCell;

/// A server, connected at the first use.
pub(crate) struct Redis {
    client: Client,
    connection: OnceCell<ConnectionManager>,
}

impl fmt::Debug for Redis {
    /// Formats it without the URL, which may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// Creates a store at this URL.
    ///
    /// # Errors
    /// An invalid Redis URL.
    pub(super) fn new(url: &str) -> Result<Self> {
        let client = Client::open(url).context("invalid Redis URL")?;
        Ok(Self { client, connection: OnceCell::new() })
    }

    /// Connects at the first call; later restores a lost connection before the guest needs it.
    pub(super) async fn connect(&self) -> Result<Connection, String> {
        // Spin does not end a command that takes long either; the request's time limit does.
        let config = ConnectionManagerConfig::new().set_response_timeout(None).set_connection_timeout(None);
        let connect = || self.client.get_connection_manager_with_config(config);
        let connection = self.connection.get_or_try_init(connect).await.map_err(text)?.clone();
        // A failure shows at the first command, which then waits for the new connection.
        let _ = connection.clone().ping::<()>().await;
        Ok(Connection(connection))
    }
}

/// The connection to a server.
#[derive(Clone)]
pub(crate) struct Connection(ConnectionManager);

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        self.0.clone().get(key).await.map_err(text)
    }

    pub(super) async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        self.0.clone().set(key, value).await.map_err(text)
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), String> {
        self.0.clone().del(key).await.map_err(text)
    }

    pub(super) async fn exists(&self, key: &str) -> Result<bool, String> {
        self.0.clone().exists(key).await.map_err(text)
    }

    pub(super) async fn keys(&self) -> Result<Vec<String>, String> {
        self.0.clone().keys("*").await.map_err(text)
    }

    pub(super) async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), String> {
        self.0.clone().mset(pairs).await.map_err(text)
    }

    pub(super) async fn delete_many(&self, keys: Vec<String>) -> Result<(), String> {
        self.0.clone().del(keys).await.map_err(text)
    }

    pub(super) async fn increment(&self, key: &str, delta: i64) -> Result<i64, String> {
        self.0.clone().incr(key, delta).await.map_err(text)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
fn text(error: RedisError) -> String {
    tracing::warn!("key-value error: {error:?}");
    format!("{error:?}")
}
