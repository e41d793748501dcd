//! The values that can be bound to a statement: SQLite's five storage classes, and the Rust types that convert to one of them.

use spindle_contracts::{Currency, NotificationId, OrderId, PaymentId, ProductId, Role, SessionId, Timestamp, UserId};
use std::time::Duration;
use uuid::Uuid;

/// A value as SQLite stores it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// NULL.
    #[default]
    Null,
    /// A signed integer of up to 8 bytes. `bool` is 0 or 1.
    Integer(i64),
    /// An IEEE 754 double. SQLite stores NaN as NULL.
    Real(f64),
    /// UTF-8 text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Returns the name of the storage class, as SQLite's `typeof` does.
    pub(crate) fn storage_class(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }
}

/// Implements `From` for types that convert to one storage class without loss.
macro_rules! from {
    ($($type:ty => |$value:ident| $into:expr),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $into
            }
        }
    )+};
}

from! {
    bool => |value| Self::Integer(i64::from(value)),
    u8 => |value| Self::Integer(i64::from(value)),
    u16 => |value| Self::Integer(i64::from(value)),
    u32 => |value| Self::Integer(i64::from(value)),
    i8 => |value| Self::Integer(i64::from(value)),
    i16 => |value| Self::Integer(i64::from(value)),
    i32 => |value| Self::Integer(i64::from(value)),
    i64 => |value| Self::Integer(value),
    f64 => |value| Self::Real(value),
    &str => |value| Self::Text(value.to_owned()),
    &String => |value| Self::Text(value.clone()),
    String => |value| Self::Text(value),
    &[u8] => |value| Self::Blob(value.to_vec()),
    &Vec<u8> => |value| Self::Blob(value.clone()),
    Vec<u8> => |value| Self::Blob(value),
    Uuid => |value| Self::Text(value.to_string()),
    &Uuid => |value| Self::Text(value.to_string()),
    UserId => |value| Self::from(Uuid::from(value)),
    SessionId => |value| Self::from(Uuid::from(value)),
    ProductId => |value| Self::from(Uuid::from(value)),
    OrderId => |value| Self::from(Uuid::from(value)),
    PaymentId => |value| Self::from(Uuid::from(value)),
    NotificationId => |value| Self::from(Uuid::from(value)),
    Currency => |value| Self::from(value.code()),
    Role => |value| Self::from(value.name()),
    Timestamp => |value| Self::Integer(value.as_millis()),
    // In milliseconds, as times are.
    Duration => |value| Self::Integer(i64::try_from(value.as_millis()).unwrap_or(i64::MAX)),
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
