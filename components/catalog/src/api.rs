//! The HTTP handlers of the catalog, by noun. Anyone may read; operators write.

pub(crate) mod categories;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod products;
pub(crate) mod reservations;
