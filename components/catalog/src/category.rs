//! A category, which products refer to by its slug.

use schemars::JsonSchema;
use serde::Serialize;

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Category {
    /// The slug, by which products refer to the category.
    pub(crate) slug: String,
    /// The name, which is made of the slug.
    pub(crate) name: String,
    /// The number of its active products.
    pub(crate) products: u64,
}

/// All categories with active products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Categories {
    /// The categories, by their slugs.
    pub(crate) items: Vec<Category>,
}
