//! The operations of auth over HTTP.

pub(crate) mod accounts;
pub(crate) mod keys;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod tokens;
