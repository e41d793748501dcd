//! Payments and the calls of the provider in the database.

pub(crate) mod calls;
pub(crate) mod payments;
