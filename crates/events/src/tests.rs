//! The crate as a whole, natively: orders tells, payments listens.

mod dead_letters;
mod delivery;
mod leases;
mod pruning;
mod pulling;
mod retries;
mod schemas;
mod shop;
