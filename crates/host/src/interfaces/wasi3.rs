//! `spin:sqlite@3.1.0` and `spin:redis@3.0.0`, which components in the world of WASI 0.3 import: the same databases and connections as those of
//! `fermyon:spin@2.0.0`.

use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use wasmtime::Result;
use wasmtime::component::{Accessor, HasSelf, Resource};

use super::Capabilities;
use crate::bindings::fermyon::spin::redis::Error as RedisError;
use crate::bindings::fermyon::spin::sqlite::{
    Error as SqliteError, HostConnection as SqliteConnection, Value as SqliteValue,
};
use crate::bindings::wasi3::spin::redis::redis as bus;
use crate::bindings::wasi3::spin::sqlite::sqlite;
use crate::stores::Session;

impl sqlite::Host for Capabilities {}

impl sqlite::HostConnection for Capabilities {
    async fn open(&mut self, database: String) -> Result<Result<Resource<Session>, sqlite::Error>> {
        Ok(SqliteConnection::open(self, database).await?.map_err(sqlite_error))
    }

    async fn execute(
        &mut self,
        connection: Resource<Session>,
        statement: String,
        parameters: Vec<sqlite::Value>,
    ) -> Result<Result<sqlite::QueryResult, sqlite::Error>> {
        let parameters = parameters.into_iter().map(parameter).collect();
        let result = SqliteConnection::execute(self, connection, statement, parameters).await?;
        Ok(result.map_err(sqlite_error).map(|result| sqlite::QueryResult {
            columns: result.columns,
            rows: result
                .rows
                .into_iter()
                .map(|row| sqlite::RowResult { values: row.values.into_iter().map(value).collect() })
                .collect(),
        }))
    }

    async fn drop(&mut self, connection: Resource<Session>) -> Result<()> {
        SqliteConnection::drop(self, connection).await
    }
}

fn parameter(value: sqlite::Value) -> SqliteValue {
    match value {
        sqlite::Value::Integer(value) => SqliteValue::Integer(value),
        sqlite::Value::Real(value) => SqliteValue::Real(value),
        sqlite::Value::Text(value) => SqliteValue::Text(value),
        sqlite::Value::Blob(value) => SqliteValue::Blob(value),
        sqlite::Value::Null => SqliteValue::Null,
    }
}

fn value(value: SqliteValue) -> sqlite::Value {
    match value {
        SqliteValue::Integer(value) => sqlite::Value::Integer(value),
        SqliteValue::Real(value) => sqlite::Value::Real(value),
        SqliteValue::Text(value) => sqlite::Value::Text(value),
        SqliteValue::Blob(value) => sqlite::Value::Blob(value),
        SqliteValue::Null => sqlite::Value::Null,
    }
}

fn sqlite_error(error: SqliteError) -> sqlite::Error {
    match error {
        SqliteError::NoSuchDatabase => sqlite::Error::NoSuchDatabase,
        SqliteError::AccessDenied => sqlite::Error::AccessDenied,
        SqliteError::InvalidConnection => sqlite::Error::InvalidConnection,
        SqliteError::DatabaseFull => sqlite::Error::DatabaseFull,
        SqliteError::Io(message) => sqlite::Error::Io(message),
    }
}

impl bus::Host for Capabilities {}

impl bus::HostConnection for Capabilities {
    async fn drop(&mut self, connection: Resource<MultiplexedConnection>) -> Result<()> {
        self.close_redis(connection)
    }
}

impl<T: 'static> bus::HostConnectionWithStore<T> for HasSelf<Capabilities> {
    async fn open(
        store: &Accessor<T, Self>,
        address: String,
    ) -> Result<Result<Resource<MultiplexedConnection>, bus::Error>> {
        let client = match store.with(|mut access| access.get().redis_client(&address)) {
            Ok(client) => client,
            Err(error) => return Ok(Err(redis_error(error))),
        };
        match client.connect().await {
            Ok(connection) => Ok(Ok(store.with(|mut access| access.get().keep_redis(connection))?)),
            Err(error) => Ok(Err(redis_error(error))),
        }
    }

    async fn publish(
        store: &Accessor<T, Self>,
        connection: Resource<MultiplexedConnection>,
        channel: String,
        payload: Vec<u8>,
    ) -> Result<Result<(), bus::Error>> {
        let mut connection = store.with(|mut access| access.get().redis(&connection))?;
        let published = connection.publish(channel, payload).await;
        Ok(published.map_err(|error: redis::RedisError| bus::Error::Other(error.to_string())))
    }
}

fn redis_error(error: RedisError) -> bus::Error {
    match error {
        RedisError::InvalidAddress => bus::Error::InvalidAddress,
        RedisError::TooManyConnections => bus::Error::TooManyConnections,
        RedisError::TypeError => bus::Error::TypeError,
        RedisError::Other(message) => bus::Error::Other(message),
    }
}
