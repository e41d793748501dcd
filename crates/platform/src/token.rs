//! Tokens: they authenticate a user to a service ([`access`], [`jwks`]) and one service to another ([`service`]).
//!
//! All are JWTs (RFC 7519). Each kind fixes its algorithm, its `typ`, its issuer and its audience (RFC 8725), so that no token is
//! valid as one of another kind. The functions are pure: keys and the time are parameters.

pub mod access;
pub mod jwks;
pub mod service;
mod time;
