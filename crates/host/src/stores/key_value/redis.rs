//! A Redis server as a key-value store, reached over one connection that all requests share and that reconnects by itself.

use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, Result};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client, RedisError};
use tokio::sync::OnceCell;

/// The time after which a connection or a command has failed. Spin waits for a command without end, and for a server that is gone for minutes; all that
/// a request does with a store can be left out, so it is not to wait for one.
const TIMEOUT: Duration = Duration::from_secs(1);

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

    /// Connects at the first call; later restores a lost connection before the guest needs it. A server that does not respond is an error here already:
    /// the guest makes no call then, and waits once.
    pub(super) async fn connect(&self) -> Result<Connection, String> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT))
            // The next request tries again.
            .set_number_of_retries(0);
        let connect = || self.client.get_connection_manager_with_config(config);
        let mut connection = self.connection.get_or_try_init(connect).await.map_err(text)?.clone();
        match connection.ping::<()>().await {
            // The failure has made the manager connect again, for which this call waits.
            Err(error) if !error.is_timeout() => connection.ping::<()>().await.map_err(text)?,
            result => result.map_err(text)?,
        }
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
