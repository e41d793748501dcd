//! The databases and key-value stores of an application, shared by all its requests.

pub(crate) mod blocking;
pub(crate) mod key_value;
pub(crate) mod sqlite;
