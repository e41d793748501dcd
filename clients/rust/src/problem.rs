//! Problems: the errors of the API (RFC 9457).

use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::types::FieldError;

/// The address below which the types of problems are.
const TYPES: &str = "https://spindle.dev/problems/";

/// A refusal or a failure, as the API describes it. docs/problems.md lists the types; there may be new ones: treat an unknown one by its status.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Problem {
    /// The type of the problem, which never changes its meaning.
    #[serde(rename = "type")]
    pub type_: String,
    /// The name of the type, the same in every occurrence.
    pub title: String,
    /// The status of the response.
    pub status: u16,
    /// What happened this time, for a developer.
    #[serde(default)]
    pub detail: String,
    /// The path of the request.
    #[serde(default)]
    pub instance: String,
    /// The id of the request, which the log of the platform has.
    #[serde(default)]
    pub request_id: String,
    /// Every rule that the request breaks, with the place of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The further members of this type of problem: see [`Problem::members`].
    #[serde(flatten)]
    pub further: Map<String, Value>,
    /// The time after which the request may be repeated: `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl Problem {
    /// Returns the last part of the type: `price-changed`.
    pub fn name(&self) -> &str {
        self.type_.strip_prefix(TYPES).unwrap_or(&self.type_)
    }

    /// Returns the further members as a type of this crate, such as [`PriceChangedProblem`](crate::types::PriceChangedProblem); `None` if they are
    /// of another type of problem.
    pub fn members<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(Value::Object(self.further.clone())).ok()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}", self.title, self.status)?;
        if !self.request_id.is_empty() {
            write!(formatter, ", request {}", self.request_id)?;
        }
        write!(formatter, "): {}", self.detail)?;
        for error in &self.errors {
            let place = error.pointer.as_ref().or(error.parameter.as_ref()).or(error.header.as_ref());
            write!(formatter, "; {} {}", place.map_or("", String::as_str), error.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
