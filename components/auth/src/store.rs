//! Every statement on auth's database, one module per table.

pub(crate) mod bootstrap;
pub(crate) mod credentials;
pub(crate) mod failures;
pub(crate) mod housekeeping;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod refresh_tokens;
pub(crate) mod sessions;

#[cfg(test)]
mod tests;
