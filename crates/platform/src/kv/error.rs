//! The errors of a key-value store.

use super::{MAX_KEY_BYTES, MAX_VALUE_BYTES};

/// The reason why an operation on a key-value store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The key is empty or, with the service's prefix, too long.
    #[error("a key must have 1 to {MAX_KEY_BYTES} bytes; with the service's prefix this one has {length}")]
    Key {
        /// The key's length in bytes, with the prefix.
        length: usize,
    },
    /// The value is too large for a store.
    #[error("a value may have at most {MAX_VALUE_BYTES} bytes; this one has {length}")]
    ValueTooLarge {
        /// The value's length in bytes.
        length: usize,
    },
    /// The value at a key is not the JSON that the code expects, or a value cannot be written as JSON.
    #[error("the value of {key} is not the expected JSON: {detail}")]
    Json {
        /// The key without the prefix.
        key: String,
        /// The parser's message, with the position.
        detail: String,
    },
    /// The manifest does not grant this component the store.
    #[error("the component has no access to the key-value store")]
    AccessDenied,
    /// The runtime configuration does not define a store with this label.
    #[error("there is no such key-value store")]
    NoSuchStore,
    /// Another error, as the store reports it. Never sent to a client.
    #[error("{0}")]
    Other(String),
}

impl Error {
    pub(super) fn json(key: &str, error: &serde_json::Error) -> Self {
        Self::Json { key: key.to_owned(), detail: error.to_string() }
    }
}
