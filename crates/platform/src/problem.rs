//! What a client is told when the platform itself fails. The cause goes to the log.

use crate::{config, kv, sql};
use spindle_contracts::Problem;

/// Seconds after which a client may try again when a store was busy.
const RETRY_AFTER_SECONDS: u32 = 1;

/// A busy or full database is the server's state, and may pass. A constraint that a caller can break is mapped by the store that
/// knows its meaning; here it is a defect.
impl From<sql::Error> for Problem {
    fn from(error: sql::Error) -> Self {
        match error {
            sql::Error::Busy | sql::Error::Full => {
                Problem::unavailable("The service cannot store anything right now.", RETRY_AFTER_SECONDS, error)
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
