//! Lists of products without a text to search for: each order walks an index, and the products that pass the filters are the page.
//!
//! All statements have the same parameters: ?1 the number of rows, ?2 category, ?3 currency, ?4 and ?5 the lowest and the highest price, ?6
//! whether in stock, ?7 and ?8 the position after which to start. The look-up of a SKU has its key in ?9 and the status in ?10.

use super::COLUMNS;
use crate::product_query::{Filters, ListItem, Position, ProductQuery, Sort, SortKey};
use const_format::formatcp;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Value};

/// The largest number of products in a price range that are read whole and sorted. In a larger range, walking the requested order finds a
/// page soon enough.
const SORTED_AT_MOST: i64 = if cfg!(test) { 5 } else { 5_000 };

/// The conditions of every list but for the status. The plus prevents SQLite from walking the index by price for a price filter where another
/// order is requested.
const CONDITIONS: &str = "(?2 IS NULL OR p.category = ?2) AND (?3 IS NULL OR p.currency = ?3) \
     AND +p.price_amount BETWEEN ?4 AND ?5 AND (?6 IS NULL OR (p.on_hand > p.reserved + p.allocated) = ?6)";

/// The conditions of every list of products for sale.
pub(super) const FILTERS: &str = formatcp!("p.status = 'active' AND {CONDITIONS}");

/// An order of a list. The number is part of every index.
pub(super) struct Order {
    /// The condition for the products after the position.
    pub(super) after: &'static str,
    /// The expressions of ORDER BY.
    pub(super) by: &'static str,
}

pub(super) const NEWEST: Order = Order { after: "p.number < ?8", by: "p.number DESC" };
pub(super) const BY_PRICE: Order =
    Order { after: "(p.price_amount, p.number) > (?7, ?8) AND p.price_amount <= ?5", by: "p.price_amount, p.number" };
pub(super) const BY_PRICE_DESC: Order = Order {
    after: "(p.price_amount, p.number) < (?7, ?8) AND p.price_amount >= ?4",
    by: "p.price_amount DESC, p.number DESC",
};
pub(super) const BY_NAME: Order = Order { after: "(p.name_key, p.number) > (?7, ?8)", by: "p.name_key, p.number" };

/// Builds the statement for a page of the products in `$from`, in `$order`, with another condition `$and`.
macro_rules! page_statement {
    ($from:expr, $order:ident, $and:expr) => {
        formatcp!(
            "SELECT {COLUMNS}, p.number, p.name_key FROM {} WHERE {FILTERS} AND {}{} ORDER BY {} LIMIT ?1",
            $from,
            $order.after,
            $and,
            $order.by
        )
    };
}
pub(super) use page_statement;

const PRODUCTS: &str = "products AS p";
const IN_CATEGORY: &str = " AND p.category = ?2";
const PRODUCTS_BY_PRICE: &str = "products AS p INDEXED BY products_by_price";
const IN_PRICE_RANGE: &str = " AND p.price_amount BETWEEN ?4 AND ?5";

const PAGE_NEWEST: &str = page_statement!(PRODUCTS, NEWEST, "");
const PAGE_BY_PRICE: &str = page_statement!(PRODUCTS, BY_PRICE, "");
const PAGE_BY_PRICE_DESC: &str = page_statement!(PRODUCTS, BY_PRICE_DESC, "");
const PAGE_BY_NAME: &str = page_statement!(PRODUCTS, BY_NAME, "");

const CATEGORY_NEWEST: &str = page_statement!(PRODUCTS, NEWEST, IN_CATEGORY);
const CATEGORY_BY_PRICE: &str = page_statement!(PRODUCTS, BY_PRICE, IN_CATEGORY);
const CATEGORY_BY_PRICE_DESC: &str = page_statement!(PRODUCTS, BY_PRICE_DESC, IN_CATEGORY);
const CATEGORY_BY_NAME: &str = page_statement!(PRODUCTS, BY_NAME, IN_CATEGORY);

const PRICE_RANGE_NEWEST: &str = page_statement!(PRODUCTS_BY_PRICE, NEWEST, IN_PRICE_RANGE);
const PRICE_RANGE_BY_NAME: &str = page_statement!(PRODUCTS_BY_PRICE, BY_NAME, IN_PRICE_RANGE);

const ARCHIVED: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM products AS p INDEXED BY products_archived \
     WHERE p.status = 'archived' AND {CONDITIONS} AND p.number < ?8 ORDER BY p.number DESC LIMIT ?1"
);
const ARCHIVED_IN_CATEGORY: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM products AS p INDEXED BY products_archived_by_category \
     WHERE p.status = 'archived' AND p.category = ?2 AND {CONDITIONS} AND p.number < ?8 ORDER BY p.number DESC LIMIT ?1"
);

const BY_SKU: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM products AS p WHERE p.sku_key = ?9 AND p.status = ?10 AND {CONDITIONS} LIMIT ?1"
);

const COUNT_IN_PRICE_RANGE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM products AS p WHERE p.status = 'active' AND p.price_amount BETWEEN ?1 AND ?2 LIMIT ?3)";

/// Returns up to `limit` products of `query`, which has no text, after `position`.
pub(crate) async fn page(
    db: &Connection,
    query: &ProductQuery,
    position: &Position,
    limit: i64,
) -> Result<Vec<ListItem>, sql::Error> {
    let filters = &query.filters;
    let mut values = values(filters, position, limit);
    if let Some(sku_key) = &filters.sku_key {
        values.extend(params![sku_key.as_str(), filters.status.name()].to_vec());
        return db.query_all(BY_SKU, &values).await;
    }
    if !filters.status.is_active() {
        let statement = if filters.category.is_some() { ARCHIVED_IN_CATEGORY } else { ARCHIVED };
        return db.query_all(statement, &values).await;
    }
    let statement = match (query.sort, &filters.category) {
        (Sort::PriceAscending, None) => PAGE_BY_PRICE,
        (Sort::PriceAscending, Some(_)) => CATEGORY_BY_PRICE,
        (Sort::PriceDescending, None) => PAGE_BY_PRICE_DESC,
        (Sort::PriceDescending, Some(_)) => CATEGORY_BY_PRICE_DESC,
        (Sort::Name, _) if is_narrow(db, filters).await? => PRICE_RANGE_BY_NAME,
        (Sort::Name, None) => PAGE_BY_NAME,
        (Sort::Name, Some(_)) => CATEGORY_BY_NAME,
        (Sort::Newest | Sort::Relevance, _) if is_narrow(db, filters).await? => PRICE_RANGE_NEWEST,
        (Sort::Newest | Sort::Relevance, None) => PAGE_NEWEST,
        (Sort::Newest | Sort::Relevance, Some(_)) => CATEGORY_NEWEST,
    };
    db.query_all(statement, &values).await
}

/// Returns whether so few products are in the price range that sorting them is cheaper than finding them in another order.
async fn is_narrow(db: &Connection, filters: &Filters) -> Result<bool, sql::Error> {
    if !filters.has_price() {
        return Ok(false);
    }
    let values = params![filters.lowest(), filters.highest(), SORTED_AT_MOST + 1];
    let (count,): (i64,) = db.query_one(COUNT_IN_PRICE_RANGE, values).await?;
    Ok(count <= SORTED_AT_MOST)
}

/// Returns the parameters 1 to 8.
pub(super) fn values(filters: &Filters, Position(key, number): &Position, limit: i64) -> Vec<Value> {
    let key = match key {
        SortKey::Number(number) => Value::from(*number),
        SortKey::Name(name) => Value::from(name),
    };
    let (category, currency) = (filters.category.as_deref(), filters.currency);
    params![limit, category, currency, filters.lowest(), filters.highest(), filters.in_stock, key, *number].to_vec()
}

impl FromRow for ListItem {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            product: FromRow::from_row(row)?,
            number: row.get("number")?,
            name_key: row.get("name_key")?,
            tier: 0,
        })
    }
}
