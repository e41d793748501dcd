//! The HTTP handlers of auth.

pub(crate) mod accounts;
pub(crate) mod export;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod tokens;
