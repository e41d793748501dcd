//! The fault suite: the guarantees when processes are killed, when two instances share their state, and when a component exceeds its
//! rights. It always starts its own instances.

mod canaries;
mod catalog_cache;
mod crash;
mod erasure;
mod erasure_crashes;
mod expiry;
mod hanging_store;
mod hrana;
mod internal_calls;
mod isolation;
mod limits;
mod locked;
mod logs;
mod metrics;
mod money;
mod notifications;
mod one_part_away;
mod partial_lists;
mod pricing;
mod redis;
mod rights;
mod shared_instances;
mod sharing;
mod smoke;
mod stock;
mod store_copy;
mod traces;
