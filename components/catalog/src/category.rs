//! A category: what products name by its slug.

use serde::Serialize;

/// A category as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Category {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// How many active products it has.
    pub(crate) products: u64,
}

/// All of them as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Categories {
    pub(crate) items: Vec<Category>,
}
