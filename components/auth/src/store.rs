//! Every statement on auth's database, by noun.

pub(crate) mod bootstrap;
pub(crate) mod credentials;
pub(crate) mod failures;
pub(crate) mod keys;
pub(crate) mod sessions;
pub(crate) mod tokens;

#[cfg(test)]
mod tests;
