//! The message bus, through `spin-sdk`.

use crate::bus::Error;
use spin_sdk::redis::{self, Connection};

pub(crate) fn publish(address: &str, channel: &str, message: &[u8]) -> Result<(), Error> {
    let connection = Connection::open(address).map_err(error)?;
    connection.publish(channel, message).map_err(error)
}

fn error(error: redis::Error) -> Error {
    match error {
        redis::Error::InvalidAddress => Error::Address,
        redis::Error::TooManyConnections => Error::Server("too many connections".to_owned()),
        redis::Error::TypeError => Error::Server("a response of an unexpected type".to_owned()),
        redis::Error::Other(cause) => Error::Server(cause),
    }
}
