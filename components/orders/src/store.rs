//! Every statement on the orders' database, by noun.

pub(crate) mod orders;
pub(crate) mod timeline;
