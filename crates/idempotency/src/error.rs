//! Why a request with a key is not carried out.

use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::sql;

/// Why a request with a key is not carried out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// An earlier request with the key is being carried out, for so many seconds at most.
    #[error("an earlier request with the key is under way")]
    InFlight(u32),
    /// The key belongs to a request that asked for something else.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// The claim's lease was over, and somebody else has it now.
    #[error("somebody else has taken over")]
    Superseded,
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let in_flight = |seconds| {
            let detail = "An earlier request with this key is still being carried out. Send it again a little later.";
            Problem { retry_after: Some(seconds), ..Problem::new(ProblemKind::IdempotencyKeyInFlight, detail) }
        };
        match error {
            Error::InFlight(seconds) => in_flight(seconds),
            Error::Superseded => in_flight(1),
            Error::OtherRequest => Problem::new(
                ProblemKind::IdempotencyKeyReused,
                "This key belongs to an earlier request that asked for something else. Use a new key for a new request.",
            ),
            Error::Sql(error) => error.into(),
        }
    }
}
