//! The operations of the catalog over HTTP, by noun. Everybody may read; operators write.

pub(crate) mod categories;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod products;
pub(crate) mod reservations;
