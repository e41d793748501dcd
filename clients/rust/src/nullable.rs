//! Members of a merge patch (RFC 7396) that may be cleared.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The new value of a member, or none. An absent member, which is an `Option` around this, stays as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Nullable<T> {
    /// Clears the member: `null`.
    Null,
    /// Sets the member.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
