//! How far the erasure of a user is: the response of `GET /internal/<service>/erasures/{id}`, and the part of a service in
//! `GET /v1/users/{id}/erasure`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The state of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureState {
    /// Something of the user is still stored.
    Pending,
    /// Nothing of the user is stored any more.
    Done,
    /// The service does not respond.
    Unknown,
}

/// How far one service is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureProgress {
    /// The state.
    pub state: ErasureState,
    /// The number of things that are still to be erased, by their kind.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub remaining: Map<String, Value>,
}

impl ErasureProgress {
    /// Returns the progress of a service that has nothing left to erase, or of one that does not respond.
    pub fn without_remainder(state: ErasureState) -> Self {
        Self { state, remaining: Map::new() }
    }

    /// Returns the progress of a service that still has these numbers of things of the user: it is done if all are zero.
    pub fn of_counts<'n>(counts: impl IntoIterator<Item = (&'n str, i64)>) -> Self {
        let remaining: Map<String, Value> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| (kind.to_owned(), count.into()))
            .collect();
        let state = if remaining.is_empty() { ErasureState::Done } else { ErasureState::Pending };
        Self { state, remaining }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErasureProgress, ErasureState};
    use serde_json::json;

    #[test]
    fn a_service_is_done_when_nothing_remains() {
        let progress = |counts: [(&str, i64); 2]| serde_json::to_value(ErasureProgress::of_counts(counts)).unwrap();
        assert_eq!(progress([("sessions", 0), ("credentials", 0)]), json!({ "state": "done" }));
        let pending = json!({ "state": "pending", "remaining": { "sessions": 2 } });
        assert_eq!(progress([("sessions", 2), ("credentials", 0)]), pending);
        let done: ErasureProgress = serde_json::from_value(json!({ "state": "done", "remaining": {} })).unwrap();
        assert_eq!(done, ErasureProgress::without_remainder(ErasureState::Done));
    }
}
