//! Where something is kept: a fixed number of places, found without asking.

use spindle_contracts::ProductId;

/// How many products and how many lists are kept. A product takes two keys, one of them for its generation, so that all of it fits into
/// half of what Fermyon Cloud gives an application.
const PRODUCTS: u128 = 192;
const LISTS: u32 = 64;

/// What is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Product(ProductId),
    /// The first page of a list, by its query.
    List(&'a str),
    Categories,
}

impl Subject<'_> {
    /// Its name, which no other subject has.
    pub(super) fn name(self) -> String {
        match self {
            Self::Product(id) => format!("product {id}"),
            Self::List(query) => format!("list {query}"),
            Self::Categories => "categories".to_owned(),
        }
    }

    /// The key under which it is kept, it or another in the same place.
    pub(super) fn key(self) -> String {
        match self {
            Self::Product(id) => format!("product:{}", product_place(id)),
            Self::List(query) => {
                let place =
                    query.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % LISTS;
                format!("list:{place}")
            }
            Self::Categories => "categories".to_owned(),
        }
    }

    /// The key of the generation that it belongs to.
    pub(super) fn generation_key(self) -> String {
        match self {
            Self::Product(id) => format!("product-generation:{}", product_place(id)),
            Self::List(_) | Self::Categories => "lists-generation".to_owned(),
        }
    }
}

/// The last digits of an id are random.
fn product_place(id: ProductId) -> u128 {
    id.0.as_u128() % PRODUCTS
}

#[cfg(test)]
mod tests {
    use super::Subject;
    use spindle_contracts::ProductId;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    #[test]
    fn whatever_is_read_takes_no_more_than_512_keys() {
        let queries: Vec<String> = (0..10_000).map(|number| format!("category=c-{number}")).collect();
        let products = (0..10_000).map(|number| Subject::Product(ProductId(Uuid::from_u128(number))));
        let subjects = products.chain(queries.iter().map(|query| Subject::List(query))).chain([Subject::Categories]);
        let keys: BTreeSet<String> = subjects.flat_map(|subject| [subject.key(), subject.generation_key()]).collect();
        assert!(keys.len() <= 512, "{}", keys.len());
    }
}
