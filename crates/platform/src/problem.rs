//! The problems of failures of the platform itself. The cause is logged and not sent.

use crate::{config, kv, sql};
use spindle_contracts::Problem;

/// The `Retry-After` of a client when a store is busy, in seconds.
const RETRY_AFTER_SECONDS: u32 = 1;

/// A database that is busy, full or away is a temporary state: 503. A constraint that a client can break is mapped by the store that knows its meaning; an
/// unmapped one is a defect: 500.
impl From<sql::Error> for Problem {
    fn from(error: sql::Error) -> Self {
        match error {
            sql::Error::Busy | sql::Error::Full => {
                Problem::unavailable("The service cannot store data at the moment.", RETRY_AFTER_SECONDS, error)
            }
            sql::Error::NotRun(_) | sql::Error::Unavailable(_) | sql::Error::OutcomeUnknown(_) => {
                Problem::unavailable("The service cannot reach its data at the moment.", RETRY_AFTER_SECONDS, error)
            }
            error => Problem::internal(error),
        }
    }
}

impl From<kv::Error> for Problem {
    fn from(error: kv::Error) -> Self {
        Problem::internal(error)
    }
}

impl From<config::Error> for Problem {
    fn from(error: config::Error) -> Self {
        Problem::internal(error)
    }
}
