//! What a client asks of the list of products: which of them, in which order, and from where on.

use crate::product::{Product, name_key};
use crate::search::Query;
use serde::{Deserialize, Serialize};
use spindle_contracts::{Currency, Problem};
use spindle_platform::http::Request;
use std::fmt::Write as _;
use std::str::FromStr;

/// The parameters of the list beside those of the page.
const PARAMETERS: [&str; 9] =
    ["q", "category", "min_price", "max_price", "currency", "in_stock", "sort", "limit", "cursor"];

/// What is asked of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listing {
    pub(crate) query: Option<Query>,
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
}

/// Which products are wanted; what is not given does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Filters {
    pub(crate) category: Option<String>,
    /// In minor units of whatever currency the product has: who sells in several asks for one with `currency`.
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) currency: Option<Currency>,
    /// Whether some can be sold, or none.
    pub(crate) in_stock: Option<bool>,
}

/// The order of a list. Products that are equal in it follow each other as they were created, so that every order is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Sort {
    /// By tier (see [`crate::search`]), newest first within each.
    Relevance,
    Newest,
    Cheapest,
    Dearest,
    Name,
}

/// Where a page ended: the sort key of its last product and its number. Neither changes when other products come and go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position(pub(crate) Key, pub(crate) i64);

/// What a list is sorted by before the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Key {
    /// A price, a tier, or 0 where the number is all.
    Number(i64),
    Name(String),
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Listed {
    pub(crate) product: Product,
    /// The order of creation.
    #[serde(skip)]
    pub(crate) number: i64,
    /// Where a search found it; 0 in a list that is not sorted by relevance.
    #[serde(skip)]
    pub(crate) tier: u8,
}

impl Listing {
    /// Reads the query of `request`: 400 for what makes no sense.
    pub(crate) fn from_query(request: &Request) -> Result<Self, Problem> {
        request.only_query(&PARAMETERS)?;
        let query = request.query("q")?.and_then(|text| Query::parse(&text));
        let filters = Filters {
            category: request.query("category")?.map(|slug| slug.into_owned()),
            min_price: parse(request, "min_price", AMOUNT)?,
            max_price: parse(request, "max_price", AMOUNT)?,
            currency: parse(request, "currency", "a currency such as EUR (ISO 4217)")?,
            in_stock: parse(request, "in_stock", "true or false")?,
        };
        let sort = match request.query("sort")?.as_deref() {
            Some("relevance") | None if query.is_some() => Sort::Relevance,
            // Without words, nothing is more relevant than anything else.
            Some("relevance" | "newest") | None => Sort::Newest,
            Some("price") => Sort::Cheapest,
            Some("-price") => Sort::Dearest,
            Some("name") => Sort::Name,
            Some(_) => return Err(Problem::malformed("sort is relevance, price, -price, name or newest.")),
        };
        Ok(Self { query, filters, sort })
    }

    /// The name under which cursors are made: one of a list with other filters or in another order is no cursor of this one.
    pub(crate) fn name(&self) -> String {
        let mut name = String::from("products ");
        let asked = (&self.query, &self.filters, self.sort);
        write!(name, "{}", serde_json::json!(asked)).expect("a string takes what is written to it");
        name
    }

    /// Where the list begins.
    pub(crate) fn start(&self) -> Position {
        match self.sort {
            Sort::Relevance | Sort::Newest => Position(Key::Number(0), i64::MAX),
            Sort::Cheapest => Position(Key::Number(self.filters.lowest()), 0),
            Sort::Dearest => Position(Key::Number(self.filters.highest()), i64::MAX),
            Sort::Name => Position(Key::Name(String::new()), 0),
        }
    }

    /// The position of `listed` in this list.
    pub(crate) fn position(&self, listed: &Listed) -> Position {
        let key = match self.sort {
            Sort::Relevance => Key::Number(listed.tier.into()),
            Sort::Newest => Key::Number(0),
            Sort::Cheapest | Sort::Dearest => Key::Number(listed.product.price.amount),
            Sort::Name => Key::Name(name_key(&listed.product.name)),
        };
        Position(key, listed.number)
    }
}

impl Filters {
    /// The lowest price that passes.
    pub(crate) fn lowest(&self) -> i64 {
        self.min_price.unwrap_or(0)
    }

    /// The highest price that passes.
    pub(crate) fn highest(&self) -> i64 {
        self.max_price.unwrap_or(i64::MAX)
    }

    /// Whether the price decides who passes.
    pub(crate) fn has_price(&self) -> bool {
        self.min_price.is_some() || self.max_price.is_some()
    }
}

const AMOUNT: &str = "a whole number of minor units";

fn parse<T: FromStr>(request: &Request, name: &str, expected: &str) -> Result<Option<T>, Problem> {
    let value = request.query(name)?;
    let parsed = value.map(|text| text.parse().map_err(|_| Problem::malformed(format!("{name} is {expected}."))));
    parsed.transpose()
}
