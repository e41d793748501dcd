//! Merge patches (RFC 7396): an absent member stays, and `null` clears.

use serde::{Deserialize, Deserializer};

/// Deserialises a field that is present, for `#[serde(default, deserialize_with = "spindle_contracts::present")]`: absent is `None`. In an
/// `Option<Option<T>>` a `null` is `Some(None)`, which clears; in an `Option<T>`, which cannot be cleared, it is an error.
///
/// # Errors
/// A value that is not a `T`.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Change {
        #[serde(default, deserialize_with = "super::present")]
        clearable: Option<Option<u8>>,
        #[serde(default, deserialize_with = "super::present")]
        fixed: Option<u8>,
    }

    #[test]
    fn null_clears_a_field_that_can_be_cleared() {
        let read = |text| serde_json::from_str::<Change>(text).ok();
        assert_eq!(read("{}"), Some(Change { clearable: None, fixed: None }));
        assert_eq!(read(r#"{"clearable":null,"fixed":1}"#), Some(Change { clearable: Some(None), fixed: Some(1) }));
        assert_eq!(read(r#"{"clearable":2}"#), Some(Change { clearable: Some(Some(2)), fixed: None }));
        assert_eq!(read(r#"{"fixed":null}"#), None);
    }
}
