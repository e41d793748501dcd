//! Responses that are put together from parts of several services: they have the parts of those that respond, and name the others.

use crate::services::{self, ServiceError};
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::Problem;
use spindle_platform::Context;

/// A service whose part of the response is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct MissingPart {
    /// The service.
    pub(crate) service: &'static str,
    /// The reason, such as `connection refused`. The log has the address and the whole error under the id of the request.
    pub(crate) cause: String,
}

/// The members that a page has beside its items.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PageParts {
    /// The services whose items are missing from this page, and why; absent if none is. `next_cursor` continues with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) missing: Vec<MissingPart>,
}

/// The parts of the services that responded, and those that are missing.
#[derive(Debug)]
pub(crate) struct Gathered<T> {
    pub(crate) parts: Vec<T>,
    pub(crate) missing: Vec<MissingPart>,
}

/// Splits `results` into the parts that are there and those that are missing. Each missing one is a warning in the log, with the address of the
/// service.
///
/// # Errors
///
/// 503 with `consequence`, if every service has failed.
pub(crate) fn gather<T>(
    context: &Context,
    consequence: &str,
    results: Vec<Result<T, ServiceError>>,
) -> Result<Gathered<T>, Problem> {
    if !results.is_empty() && results.iter().all(Result::is_err) {
        let errors: Vec<ServiceError> = results.into_iter().filter_map(Result::err).collect();
        return Err(services::unavailable(consequence, &errors));
    }
    Ok(split(context, results))
}

/// Returns the same of a response that says something also if every service has failed.
pub(crate) fn split<T>(context: &Context, results: Vec<Result<T, ServiceError>>) -> Gathered<T> {
    let mut gathered = Gathered { parts: Vec::new(), missing: Vec::new() };
    for result in results {
        match result {
            Ok(part) => gathered.parts.push(part),
            Err(error) => {
                error.warn(context, "part of a response missing");
                gathered.missing.push(MissingPart { service: error.service, cause: error.detail });
            }
        }
    }
    gathered
}
