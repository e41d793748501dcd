//! The statements on the catalog's database, by noun.

pub(crate) mod categories;
pub(crate) mod list;
pub(crate) mod products;
pub(crate) mod reservations;
pub(crate) mod search;
pub(crate) mod text_index;

/// The columns of a product, in the order in which [`Product`](crate::product::Product) reads them.
const COLUMNS: &str = "p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes, p.on_hand, p.reserved, p.status, \
     p.created_at, p.updated_at, p.version, p.allocated";
