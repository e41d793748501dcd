//! A category, which products refer to by its slug.

use serde::Serialize;

/// A category as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Category {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// The number of its active products.
    pub(crate) products: u64,
}

/// The body of `GET /v1/categories`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Categories {
    pub(crate) items: Vec<Category>,
}
