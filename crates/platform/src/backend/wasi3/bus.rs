//! The message bus, through `spin-sdk`.

use crate::bus::Error;
use spin_sdk_wasi_0_3::redis::{self, Connection};

pub(crate) async fn publish(address: &str, channel: &str, message: &[u8]) -> Result<(), Error> {
    let connection = Connection::open(address).await.map_err(error)?;
    connection.publish(channel, message).await.map_err(error)
}

fn error(error: redis::Error) -> Error {
    match error {
        redis::Error::InvalidAddress => Error::Address,
        redis::Error::TooManyConnections => Error::Server("too many connections".to_owned()),
        redis::Error::TypeError => Error::Server("a response of an unexpected type".to_owned()),
        redis::Error::Other(cause) => Error::Server(cause),
    }
}
