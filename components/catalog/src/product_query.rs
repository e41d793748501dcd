//! The query of the list of products: filters, order and position.

use crate::product::Product;
use crate::search::TextQuery;
use serde::{Deserialize, Serialize};
use spindle_contracts::{Currency, Problem};
use spindle_platform::http::Request;
use std::fmt::Write as _;

/// The parameters of the list, with those of its pages.
const PARAMETERS: [&str; 9] =
    ["q", "category", "min_price", "max_price", "currency", "in_stock", "sort", "limit", "cursor"];

/// A query of the list of products.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProductQuery {
    pub(crate) text: Option<TextQuery>,
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
}

/// The filters of a query; an absent one does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Filters {
    pub(crate) category: Option<String>,
    /// In minor units of the currency of each product: where products have several currencies, a client adds `currency`.
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) currency: Option<Currency>,
    /// `true` for products with available units, `false` for those without.
    pub(crate) in_stock: Option<bool>,
}

/// The order of a list. Products that are equal in it are ordered by their creation, so that every order is total.
///
/// The serialised names are part of the checksum of cursors: other names would invalidate the cursors of earlier versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Sort {
    /// By tier (see [`crate::search`]), and newest first within a tier.
    Relevance,
    Newest,
    #[serde(rename = "Cheapest")]
    PriceAscending,
    #[serde(rename = "Dearest")]
    PriceDescending,
    Name,
}

/// The end of a page: the sort key and the number of its last product. Neither changes when other products are created or archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position(pub(crate) SortKey, pub(crate) i64);

/// The key by which a list is sorted before the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum SortKey {
    /// A price or a tier; 0 in a list that is sorted by the number alone.
    Number(i64),
    Name(String),
}

/// A product of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct ListItem {
    pub(crate) product: Product,
    /// The number of the product, in the order of creation.
    #[serde(skip)]
    pub(crate) number: i64,
    /// The sort key of its name, as stored: the key of an earlier folding until the name is folded again.
    #[serde(skip)]
    pub(crate) name_key: String,
    /// The tier of the match; 0 in a list that is not sorted by relevance.
    #[serde(skip)]
    pub(crate) tier: u8,
}

impl ProductQuery {
    /// Parses the query of `request`.
    ///
    /// # Errors
    ///
    /// 400 that names the parameter and the allowed values.
    pub(crate) fn from_query(request: &Request) -> Result<Self, Problem> {
        request.only_query(&PARAMETERS)?;
        let text = request.query("q")?.and_then(|text| TextQuery::parse(&text));
        let filters = Filters {
            category: request.query("category")?.map(|slug| slug.into_owned()),
            min_price: request.parse_query("min_price", AMOUNT)?,
            max_price: request.parse_query("max_price", AMOUNT)?,
            currency: request.parse_query("currency", "a currency code of ISO 4217 such as EUR")?,
            in_stock: request.parse_query("in_stock", "true or false")?,
        };
        let sort = match request.query("sort")?.as_deref() {
            Some("relevance") | None if text.is_some() => Sort::Relevance,
            // Without a text, all products are equally relevant.
            Some("relevance" | "newest") | None => Sort::Newest,
            Some("price") => Sort::PriceAscending,
            Some("-price") => Sort::PriceDescending,
            Some("name") => Sort::Name,
            Some(_) => return Err(invalid("sort", "relevance, newest, price, -price or name")),
        };
        Ok(Self { text, filters, sort })
    }

    /// Returns the name of the list in cursors: a cursor of a list with other filters or in another order is refused.
    pub(crate) fn list_name(&self) -> String {
        let mut name = String::from("products ");
        let parts = (&self.text, &self.filters, self.sort);
        write!(name, "{}", serde_json::json!(parts)).expect("writing to a string does not fail");
        name
    }

    /// Returns the position before the first product.
    pub(crate) fn start(&self) -> Position {
        match self.sort {
            Sort::Relevance | Sort::Newest => Position(SortKey::Number(0), i64::MAX),
            Sort::PriceAscending => Position(SortKey::Number(self.filters.lowest()), 0),
            Sort::PriceDescending => Position(SortKey::Number(self.filters.highest()), i64::MAX),
            Sort::Name => Position(SortKey::Name(String::new()), 0),
        }
    }

    /// Returns the position of `item` in this list.
    pub(crate) fn position(&self, item: &ListItem) -> Position {
        let key = match self.sort {
            Sort::Relevance => SortKey::Number(item.tier.into()),
            Sort::Newest => SortKey::Number(0),
            Sort::PriceAscending | Sort::PriceDescending => SortKey::Number(item.product.price.amount),
            Sort::Name => SortKey::Name(item.name_key.clone()),
        };
        Position(key, item.number)
    }
}

impl Filters {
    /// Returns the lowest price that passes the filters.
    pub(crate) fn lowest(&self) -> i64 {
        self.min_price.unwrap_or(0)
    }

    /// Returns the highest price that passes the filters.
    pub(crate) fn highest(&self) -> i64 {
        self.max_price.unwrap_or(i64::MAX)
    }

    /// Returns whether there is a filter by price.
    pub(crate) fn has_price(&self) -> bool {
        self.min_price.is_some() || self.max_price.is_some()
    }
}

const AMOUNT: &str = "a whole number of minor units, such as 1299 for 12.99";

fn invalid(name: &str, allowed: &str) -> Problem {
    Problem::malformed(format!("The query parameter {name} must be {allowed}."))
}
