//! `fermyon:spin/redis`.
//!
//! Each `open` creates a connection, as in Spin, because `execute` can change it in ways that another user would notice
//! (`SELECT`, `MULTI`, `SUBSCRIBE`). On the same machine that takes 0.15 ms more than checking whether an idle one is still alive.

use std::net::SocketAddr;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::io::AsyncDNSResolver;
use redis::{AsyncCommands as _, AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisFuture};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::Capabilities;
use crate::app::App;
use crate::bindings::fermyon::spin::redis::{Error, Host, HostConnection, RedisParameter, RedisResult};

/// Spin's limit of open connections of one instance.
const MAX_CONNECTIONS: usize = 1024;

/// The size above which Spin refuses a result.
const MAX_RESULT_BYTES: usize = 128 << 20;

/// A server that a component may connect to.
pub(super) struct RedisClient {
    client: Client,
    config: AsyncConnectionConfig,
}

impl RedisClient {
    /// Connects to the server.
    pub(super) async fn connect(self) -> Result<MultiplexedConnection, Error> {
        self.client.get_multiplexed_async_connection_with_config(&self.config).await.map_err(other)
    }
}

impl Capabilities {
    /// Returns the client of the server at `address`, if this component may connect to it.
    pub(super) fn redis_client(&mut self, address: &str) -> Result<RedisClient, Error> {
        let allowed = &self.rights.component.allowed_outbound_hosts;
        if !allowed.allows_url(address, "redis") {
            let (component, why) = (&self.rights.component.id, allowed.denied().unwrap_or("not listed"));
            tracing::error!(%component, "a Redis server is not in allowed_outbound_hosts: {why}");
            return Err(Error::InvalidAddress);
        }
        if self.open_redis >= MAX_CONNECTIONS {
            return Err(Error::TooManyConnections);
        }
        let client = Client::open(address).map_err(|_| Error::InvalidAddress)?;
        // No timeouts, as in Spin: `execute` may run a command that waits. The request's time limit ends it.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_dns_resolver(Resolver(Arc::clone(&self.rights.app)));
        Ok(RedisClient { client, config })
    }

    /// Keeps an open connection for the guest.
    pub(super) fn keep_redis(&mut self, connection: MultiplexedConnection) -> Result<Resource<MultiplexedConnection>> {
        let connection = self.open.push(connection)?;
        self.open_redis += 1;
        Ok(connection)
    }

    /// Returns a handle that does not borrow the table during a command.
    pub(super) fn redis(&self, connection: &Resource<MultiplexedConnection>) -> Result<MultiplexedConnection> {
        Ok(self.open.get(connection)?.clone())
    }

    /// Closes a connection of the guest.
    pub(super) fn close_redis(&mut self, connection: Resource<MultiplexedConnection>) -> Result<()> {
        self.open.delete(connection)?;
        self.open_redis -= 1;
        Ok(())
    }
}

impl Host for Capabilities {}

impl HostConnection for Capabilities {
    async fn open(&mut self, address: String) -> Result<Result<Resource<MultiplexedConnection>, Error>> {
        let client = match self.redis_client(&address) {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        match client.connect().await {
            Ok(connection) => self.keep_redis(connection).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn publish(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        channel: String,
        payload: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        Ok(self.redis(&connection)?.publish(channel, payload).await.map_err(other))
    }

    async fn get(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        key: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        let value: Result<Option<Vec<u8>>, _> = self.redis(&connection)?.get(key).await;
        Ok(value.map_err(other).and_then(|value| {
            let size = size_of::<Option<Vec<u8>>>() + value.as_ref().map_or(0, Vec::len);
            limited(value, size)
        }))
    }

    async fn set(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        key: String,
        value: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        Ok(self.redis(&connection)?.set(key, value).await.map_err(other))
    }

    async fn incr(&mut self, connection: Resource<MultiplexedConnection>, key: String) -> Result<Result<i64, Error>> {
        Ok(self.redis(&connection)?.incr(key, 1).await.map_err(other))
    }

    async fn del(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        keys: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        Ok(self.redis(&connection)?.del(keys).await.map_err(other))
    }

    async fn sadd(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        key: String,
        values: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        let added = self.redis(&connection)?.sadd(key, values).await;
        Ok(added.map_err(|error: RedisError| match error.kind() {
            ErrorKind::UnexpectedReturnType => Error::TypeError,
            _ => other(error),
        }))
    }

    async fn smembers(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        key: String,
    ) -> Result<Result<Vec<String>, Error>> {
        Ok(self.redis(&connection)?.smembers(key).await.map_err(other))
    }

    async fn srem(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        key: String,
        values: Vec<String>,
    ) -> Result<Result<u32, Error>> {
        Ok(self.redis(&connection)?.srem(key, values).await.map_err(other))
    }

    async fn execute(
        &mut self,
        connection: Resource<MultiplexedConnection>,
        command: String,
        arguments: Vec<RedisParameter>,
    ) -> Result<Result<Vec<RedisResult>, Error>> {
        let mut command = redis::cmd(&command);
        for argument in arguments {
            match argument {
                RedisParameter::Int64(integer) => command.arg(integer),
                RedisParameter::Binary(bytes) => command.arg(bytes),
            };
        }
        let answer = command.query_async(&mut self.redis(&connection)?).await;
        Ok(answer.map_err(other).and_then(|answer: redis::Value| {
            let mut results = Vec::new();
            flatten(answer, &mut results)?;
            let size = size_of::<Vec<RedisResult>>() + results.iter().map(memory_size).sum::<usize>();
            limited(results, size)
        }))
    }

    async fn drop(&mut self, connection: Resource<MultiplexedConnection>) -> Result<()> {
        self.close_redis(connection)
    }
}

/// Converts a reply as Spin does: nested arrays become one list.
fn flatten(value: redis::Value, results: &mut Vec<RedisResult>) -> Result<(), Error> {
    use redis::Value;
    let refused = |what: &str| Err(Error::Other(format!("Could not convert Redis response: {what} is not supported")));
    results.push(match value {
        Value::Nil => RedisResult::Nil,
        Value::Int(integer) => RedisResult::Int64(integer),
        Value::Boolean(boolean) => RedisResult::Int64(boolean.into()),
        Value::BulkString(bytes) => RedisResult::Binary(bytes),
        Value::SimpleString(status) => RedisResult::Status(status),
        Value::Okay => RedisResult::Status("OK".to_owned()),
        Value::Double(double) => RedisResult::Binary(double.to_string().into_bytes()),
        Value::Array(values) | Value::Set(values) => {
            return values.into_iter().try_for_each(|value| flatten(value, results));
        }
        Value::ServerError(error) => return Err(Error::Other(error.to_string())),
        Value::Map(_) => return refused("Redis Map type"),
        Value::Attribute { .. } => return refused("Redis Attribute type"),
        Value::VerbatimString { .. } => return refused("Redis string with format attribute"),
        Value::Push { .. } => return refused("Redis Pub/Sub type"),
        _ => return refused("this Redis type"),
    });
    Ok(())
}

fn memory_size(result: &RedisResult) -> usize {
    size_of::<RedisResult>()
        + match result {
            RedisResult::Binary(bytes) => bytes.len(),
            RedisResult::Status(status) => status.len(),
            RedisResult::Nil | RedisResult::Int64(_) => 0,
        }
}

fn limited<T>(result: T, size: usize) -> Result<T, Error> {
    if size > MAX_RESULT_BYTES {
        return Err(Error::Other(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes")));
    }
    Ok(result)
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
fn other(error: RedisError) -> Error {
    Error::Other(error.to_string())
}

/// Resolves names, leaving out addresses in blocked networks.
struct Resolver(Arc<App>);

impl AsyncDNSResolver for Resolver {
    fn resolve<'a, 'b: 'a>(
        &'a self,
        host: &'b str,
        port: u16,
    ) -> RedisFuture<'a, Box<dyn Iterator<Item = SocketAddr> + Send + 'a>> {
        Box::pin(async move {
            let mut addresses: Vec<_> = tokio::net::lookup_host((host, port)).await?.collect();
            addresses.retain(|address| !self.0.runtime.blocked_networks.blocks(address.ip()));
            Ok(Box::new(addresses.into_iter()) as Box<dyn Iterator<Item = SocketAddr> + Send>)
        })
    }
}
