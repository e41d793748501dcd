//! The reasons for which a request with a key is not executed.

use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::sql;

/// The reason for which a request with a key is not executed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// An earlier request with the key is in progress: send this one again after this number of seconds.
    #[error("an earlier request with the key is in progress")]
    InFlight(u32),
    /// The key belongs to a request with another payload.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// The lease of the claim has expired, and another request holds it now.
    #[error("another request has taken over the key")]
    Superseded,
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let in_flight = |seconds| {
            let detail = "An earlier request with this key is still in progress. Send it again a little later.";
            Problem { retry_after: Some(seconds), ..Problem::new(ProblemKind::IdempotencyKeyInFlight, detail) }
        };
        match error {
            Error::InFlight(seconds) => in_flight(seconds),
            Error::Superseded => in_flight(1),
            Error::OtherRequest => Problem::new(
                ProblemKind::IdempotencyKeyReused,
                "This Idempotency-Key belongs to an earlier request with another body. Use a new key for a new request.",
            ),
            Error::Sql(error) => error.into(),
        }
    }
}
