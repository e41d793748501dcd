//! The cost of each operation: requests between components, SQL statements, durable commits and host calls. They are counted in the trace of the
//! embedded host, so that they are the same on every machine, host calls within a few; `budgets.toml` has them. An operation that costs more, or less, than its budget fails
//! here, with the list of its work.
//!
//! Each test has its own instance, without ticks, and counts the second run of an operation: the first fills the caches.

mod accounts;
mod catalog;
mod fixture;
mod libsql;
mod notifications;
mod orders;
mod table;
mod work;
