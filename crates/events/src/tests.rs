//! The crate as a whole, natively: orders publishes, payments consumes.

mod asyncapi;
mod dead_letters;
pub(crate) mod fixture;
mod leases;
mod metrics;
mod pull;
mod push;
mod pushed;
mod retention;
mod retries;
mod schemas;
