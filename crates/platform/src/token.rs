//! Tokens: how a user proves to a service who they are ([`access`], [`jwks`]), and one service to another ([`service`]).
//!
//! All are JWTs (RFC 7519). Each kind fixes its algorithm, its `typ`, its issuer and its audience (RFC 8725), so that no token is
//! ever taken for one of another kind. Pure: keys and the time come from the caller.

pub mod access;
pub mod jwks;
pub mod service;
mod time;
