//! The errors of moving an event between services, and of handling it.

use spindle_contracts::{Problem, Timestamp};
use spindle_platform::error::{Retryable, describe};
use spindle_platform::{bus, client, config, sql};

/// An error on the way of events between services and into their handlers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A variable is missing or invalid.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The variable `event_transport` has another value than `http` and `redis`.
    #[error("event_transport is neither http nor redis")]
    UnknownTransport,
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
    /// The other service gave no response.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// The other service responded with an unexpected status.
    #[error("{service} answered {status}")]
    Status {
        /// The other service.
        service: String,
        /// The status of its response.
        status: u16,
    },
    /// Redis did not accept the events.
    #[error(transparent)]
    Redis(#[from] bus::Error),
    /// The request could not be built.
    #[error("the request is invalid")]
    Request(#[from] http::Error),
    /// The events could not be written or read as JSON.
    #[error("the events are not valid JSON")]
    Json(#[from] serde_json::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Config(error) => error.into(),
            Error::Sql(error) => error.into(),
            error => Self::internal(describe(&error)),
        }
    }
}

/// The reason why a handler could not handle an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandlerError {
    /// Another attempt may succeed.
    Retry(String),
    /// No attempt will succeed: the event becomes a dead letter.
    Permanent(String),
    /// Another instance works on the same thing, and ends or dies within a lease. This does not count as an attempt; the next one follows soon.
    Busy(String),
    /// No attempt can succeed before `time`, as while a provider must not be called. This does not count as an attempt; the next one follows
    /// after `time`, each event after a delay of its own, so that they do not all come at once.
    NotBefore {
        /// The time from which on an attempt may succeed.
        time: Timestamp,
        /// The obstacle.
        why: String,
    },
    /// The event belongs to another attempt: this one took longer than its lease, or another one was the first to store the event. Nothing that it
    /// did since its last commit is committed.
    Superseded,
}

/// Errors say themselves whether they are retryable; every consumer goes by that.
impl<E: Retryable> From<E> for HandlerError {
    fn from(error: E) -> Self {
        if error.is_retryable() { Self::Retry(describe(&error)) } else { Self::Permanent(describe(&error)) }
    }
}
