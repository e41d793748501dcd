//! The statements on the orders' database, one file for each table.

pub(crate) mod adjuster;
pub(crate) mod erasures;
pub(crate) mod metrics;
pub(crate) mod orders;
pub(crate) mod stock_calls;
pub(crate) mod timeline;
