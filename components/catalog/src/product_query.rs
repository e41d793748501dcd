//! The query of the list of products: filters, order and position.

use crate::fields::{Sku, Slug};
use crate::product::{Product, Status, sku_key};
use crate::search::TextQuery;
use deserr::{Deserr, ValuePointerRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::input::{Integer, Parameter};
use spindle_contracts::{BrokenRule, Currency, InputErrors};
use std::fmt::Write as _;

/// A price limit, in minor units.
type Limit = Parameter<Integer<0, { i64::MAX }>>;

/// The parameters of the list, beside those of its pages.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = ListProductsQuery::validated -> BrokenRule)]
#[schemars(deny_unknown_fields)]
pub(crate) struct ListProductsQuery {
    /// Only products with these words in name, SKU, description or category. The last word may be the beginning of one; words in double quotes are a
    /// phrase.
    #[deserr(default)]
    q: Option<String>,
    /// Only the product with this SKU, without regard to case. Not together with `q`.
    #[deserr(default)]
    sku: Option<Sku>,
    /// Only products of the category with this slug. A slug that is no category is a 400.
    #[deserr(default)]
    category: Option<Slug>,
    /// Only products of this price or more, in minor units of `currency`, which is required with it.
    #[deserr(default)]
    min_price: Option<Limit>,
    /// Only products of this price or less, in minor units of `currency`, which is required with it.
    #[deserr(default)]
    max_price: Option<Limit>,
    /// Only products with prices in this currency. Required with `min_price`, `max_price` and a `sort` by price: the minor units of two currencies do
    /// not compare.
    #[deserr(default)]
    currency: Option<Currency>,
    /// `true`: only products with available units; `false`: only those without.
    #[deserr(default)]
    in_stock: Option<Parameter<bool>>,
    /// Only products with this status; `active` without it. `archived` is for operators, who send their access token, and lists the newest first:
    /// not together with `q` or another `sort`.
    #[deserr(default)]
    status: Option<Status>,
    /// The order; `relevance` without it if there is a `q`, else `newest`. Products that are equal in it are ordered by their creation.
    #[deserr(default)]
    sort: Option<Sort>,
}

/// A query of the list of products.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProductQuery {
    pub(crate) text: Option<TextQuery>,
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
}

/// The filters of a query; an absent one does not restrict.
///
/// They are part of the checksum of cursors, so that one that is absent from the cursors of earlier versions is left out unless it restricts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Filters {
    pub(crate) category: Option<String>,
    /// In minor units of `currency`, which is present if one of the limits is.
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) currency: Option<Currency>,
    /// `true` for products with available units, `false` for those without.
    pub(crate) in_stock: Option<bool>,
    /// The key of the SKU of the one product that is looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sku_key: Option<String>,
    #[serde(skip_serializing_if = "Status::is_active")]
    pub(crate) status: Status,
}

/// The order of a list. Products that are equal in it are ordered by their creation, so that every order is total.
///
/// The serialised names are part of the checksum of cursors: other names would invalidate the cursors of earlier versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors)]
#[schemars(inline)]
pub(crate) enum Sort {
    /// The best matches of `q` first, the newest of equal ones first. Without `q`, all products are equally relevant.
    #[deserr(rename = "relevance")]
    #[schemars(rename = "relevance")]
    Relevance,
    /// The newest first.
    #[deserr(rename = "newest")]
    #[schemars(rename = "newest")]
    Newest,
    /// The lowest price first.
    #[serde(rename = "Cheapest")]
    #[deserr(rename = "price")]
    #[schemars(rename = "price")]
    PriceAscending,
    /// The highest price first.
    #[serde(rename = "Dearest")]
    #[deserr(rename = "-price")]
    #[schemars(rename = "-price")]
    PriceDescending,
    /// By name, without regard to case and accents.
    #[deserr(rename = "name")]
    #[schemars(rename = "name")]
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

impl ListProductsQuery {
    /// Checks the rules across parameters.
    fn validated(self, _: ValuePointerRef<'_>) -> Result<Self, BrokenRule> {
        let has_text = self.q.as_ref().is_some_and(|q| !q.trim().is_empty());
        let is_by_price = self.min_price.is_some()
            || self.max_price.is_some()
            || matches!(self.sort, Some(Sort::PriceAscending | Sort::PriceDescending));
        if is_by_price && self.currency.is_none() {
            let detail = "is required with min_price, max_price, sort=price and sort=-price, since the minor units of two currencies do not \
                          compare: add for example currency=EUR";
            Err(BrokenRule::at("/currency", detail))
        } else if has_text && self.sku.is_some() {
            Err(BrokenRule::at("/sku", "must be absent if there is a q"))
        } else if self.status == Some(Status::Archived) && has_text {
            Err(BrokenRule::at("/q", "must be absent with status=archived: no search finds archived products"))
        } else if self.status == Some(Status::Archived) && self.sort.is_some_and(|sort| sort != Sort::Newest) {
            Err(BrokenRule::at("/sort", "must be newest or absent with status=archived"))
        } else {
            Ok(self)
        }
    }
}

impl From<ListProductsQuery> for ProductQuery {
    fn from(parameters: ListProductsQuery) -> Self {
        let ListProductsQuery { q, sku, category, min_price, max_price, currency, in_stock, status, sort } = parameters;
        let text = q.and_then(|q| TextQuery::parse(&q));
        let limit = |limit: Limit| limit.0.get();
        let filters = Filters {
            category: category.map(Slug::into_string),
            min_price: min_price.map(limit),
            max_price: max_price.map(limit),
            currency,
            in_stock: in_stock.map(|in_stock| in_stock.0),
            sku_key: sku.map(|sku| sku_key(sku.as_str())),
            status: status.unwrap_or(Status::Active),
        };
        let sort = match sort {
            Some(Sort::Relevance) | None if text.is_some() => Sort::Relevance,
            // Without a text, all products are equally relevant.
            Some(Sort::Relevance) | None => Sort::Newest,
            Some(sort) => sort,
        };
        Self { text, filters, sort }
    }
}

impl ProductQuery {
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
