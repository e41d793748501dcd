//! Lists of products without words to search for: each sort order walks an index, and what filters leave of it is the page.
//!
//! All statements take the same parameters: ?1 how many rows, ?2 category, ?3 currency, ?4 and ?5 the lowest and the highest price, ?6
//! whether in stock, ?7 and ?8 the position after which to start.

use super::columns;
use crate::listing::{Filters, Key, Listed, Listing, Position, Sort};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Value};

/// In how many products the price filter may leave a choice for all of them to be sorted. Beyond that many, walking the order that is
/// asked for finds a page soon enough.
const SORTED_AT_MOST: i64 = if cfg!(test) { 5 } else { 5_000 };

/// What every list shows. The plus keeps a price filter from being taken for the index to walk where another order is asked for.
macro_rules! filtered {
    () => {
        "p.status = 'active' AND (?2 IS NULL OR p.category = ?2) AND (?3 IS NULL OR p.currency = ?3) \
         AND +p.price_amount BETWEEN ?4 AND ?5 AND (?6 IS NULL OR (p.on_hand > p.reserved) = ?6)"
    };
}
pub(super) use filtered;

/// A page of the products in `$from`, in an order and after a position.
macro_rules! page_of {
    ($from:expr, $after:expr, $order:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            ", p.number FROM ",
            $from,
            " WHERE ",
            filtered!(),
            " AND ",
            $after,
            " ORDER BY ",
            $order,
            " LIMIT ?1"
        )
    };
}
pub(super) use page_of;

/// Where each order goes on, and what it is. The number is part of every index.
macro_rules! newest {
    ($from:expr, $and:expr) => {
        page_of!($from, concat!("p.number < ?8", $and), "p.number DESC")
    };
}
macro_rules! cheapest {
    ($from:expr, $and:expr) => {
        page_of!(
            $from,
            concat!("(p.price_amount, p.number) > (?7, ?8) AND p.price_amount <= ?5", $and),
            "p.price_amount, p.number"
        )
    };
}
macro_rules! dearest {
    ($from:expr, $and:expr) => {
        page_of!(
            $from,
            concat!("(p.price_amount, p.number) < (?7, ?8) AND p.price_amount >= ?4", $and),
            "p.price_amount DESC, p.number DESC"
        )
    };
}
macro_rules! by_name {
    ($from:expr, $and:expr) => {
        page_of!($from, concat!("(p.name_key, p.number) > (?7, ?8)", $and), "p.name_key, p.number")
    };
}
pub(super) use {by_name, cheapest, dearest};

const NEWEST: &str = newest!("products AS p", "");
const CHEAPEST: &str = cheapest!("products AS p", "");
const DEAREST: &str = dearest!("products AS p", "");
const BY_NAME: &str = by_name!("products AS p", "");

const NEWEST_IN_CATEGORY: &str = newest!("products AS p", " AND p.category = ?2");
const CHEAPEST_IN_CATEGORY: &str = cheapest!("products AS p", " AND p.category = ?2");
const DEAREST_IN_CATEGORY: &str = dearest!("products AS p", " AND p.category = ?2");
const BY_NAME_IN_CATEGORY: &str = by_name!("products AS p", " AND p.category = ?2");

const NEWEST_IN_PRICE_RANGE: &str =
    newest!("products AS p INDEXED BY products_by_price", " AND p.price_amount BETWEEN ?4 AND ?5");
const BY_NAME_IN_PRICE_RANGE: &str =
    by_name!("products AS p INDEXED BY products_by_price", " AND p.price_amount BETWEEN ?4 AND ?5");

const COUNT_IN_PRICE_RANGE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM products AS p WHERE p.status = 'active' AND p.price_amount BETWEEN ?1 AND ?2 LIMIT ?3)";

/// Up to `limit` products of `listing`, which has no query, after `position`.
pub(crate) async fn page(
    db: &Connection,
    listing: &Listing,
    position: &Position,
    limit: i64,
) -> Result<Vec<Listed>, sql::Error> {
    let filters = &listing.filters;
    let statement = match (listing.sort, &filters.category) {
        (Sort::Cheapest, None) => CHEAPEST,
        (Sort::Cheapest, Some(_)) => CHEAPEST_IN_CATEGORY,
        (Sort::Dearest, None) => DEAREST,
        (Sort::Dearest, Some(_)) => DEAREST_IN_CATEGORY,
        (Sort::Name, _) if is_narrow(db, filters).await? => BY_NAME_IN_PRICE_RANGE,
        (Sort::Name, None) => BY_NAME,
        (Sort::Name, Some(_)) => BY_NAME_IN_CATEGORY,
        (Sort::Newest | Sort::Relevance, _) if is_narrow(db, filters).await? => NEWEST_IN_PRICE_RANGE,
        (Sort::Newest | Sort::Relevance, None) => NEWEST,
        (Sort::Newest | Sort::Relevance, Some(_)) => NEWEST_IN_CATEGORY,
    };
    db.query_all(statement, &values(filters, position, limit)).await
}

/// Whether the price filter leaves so few products that it is cheaper to sort them than to look for them in another order.
async fn is_narrow(db: &Connection, filters: &Filters) -> Result<bool, sql::Error> {
    if !filters.has_price() {
        return Ok(false);
    }
    let values = params![filters.lowest(), filters.highest(), SORTED_AT_MOST + 1];
    let (count,): (i64,) = db.query_one(COUNT_IN_PRICE_RANGE, values).await?;
    Ok(count <= SORTED_AT_MOST)
}

/// The parameters 1 to 8.
pub(super) fn values(filters: &Filters, Position(key, number): &Position, limit: i64) -> Vec<Value> {
    let key = match key {
        Key::Number(number) => Value::from(*number),
        Key::Name(name) => Value::from(name),
    };
    let (category, currency) = (filters.category.as_deref(), filters.currency);
    params![limit, category, currency, filters.lowest(), filters.highest(), filters.in_stock, key, *number].to_vec()
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { product: FromRow::from_row(row)?, number: row.at(14)?, tier: 0 })
    }
}
