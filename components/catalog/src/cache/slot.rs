//! The slots of the cache: a fixed number of keys, computed from the resource.

use spindle_contracts::ProductId;

/// The numbers of slots for products and for lists. A product's slot has two keys, one of them for its generation: all keys together are at
/// most 512.
const PRODUCTS: u128 = 192;
const LISTS: u32 = 64;

/// A resource with a representation that can be cached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resource<'a> {
    Product(ProductId),
    /// The first page of a list, by its query.
    List(&'a str),
    Categories,
}

impl Resource<'_> {
    /// Returns the name of the resource, which is unique.
    pub(super) fn name(self) -> String {
        match self {
            Self::Product(id) => format!("product {id}"),
            Self::List(query) => format!("list {query}"),
            Self::Categories => "categories".to_owned(),
        }
    }

    /// Returns the key of the slot, which resources share.
    pub(super) fn slot_key(self) -> String {
        match self {
            Self::Product(id) => format!("product:{}", product_slot(id)),
            Self::List(query) => {
                let slot =
                    query.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % LISTS;
                format!("list:{slot}")
            }
            Self::Categories => "categories".to_owned(),
        }
    }

    /// Returns the key of the generation of the resource.
    pub(super) fn generation_key(self) -> String {
        match self {
            Self::Product(id) => format!("product-generation:{}", product_slot(id)),
            Self::List(_) | Self::Categories => "lists-generation".to_owned(),
        }
    }
}

/// Returns the number of a product's slot: the last digits of an id are random.
fn product_slot(id: ProductId) -> u128 {
    id.0.as_u128() % PRODUCTS
}

#[cfg(test)]
mod tests {
    use super::Resource;
    use spindle_contracts::ProductId;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    #[test]
    fn all_resources_together_have_at_most_512_keys() {
        let queries: Vec<String> = (0..10_000).map(|number| format!("category=c-{number}")).collect();
        let products = (0..10_000).map(|number| Resource::Product(ProductId(Uuid::from_u128(number))));
        let resources = products.chain(queries.iter().map(|query| Resource::List(query))).chain([Resource::Categories]);
        let keys: BTreeSet<String> =
            resources.flat_map(|resource| [resource.slot_key(), resource.generation_key()]).collect();
        assert!(keys.len() <= 512, "{}", keys.len());
    }
}
