//! Lists of products that have certain words.
//!
//! The parameters are those of [`super::list`], and ?9 what FTS5 is to find.

use super::columns;
use super::list::{by_name, cheapest, dearest, filtered, page_of, values};
use crate::listing::{Filters, Key, Listed, Listing, Position, Sort};
use crate::search::Query;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, Value};

/// How many hits are read and sorted where another order than FTS5's own is asked for: some 2 ms. Beyond that many, it pays to walk that
/// order until enough are met that are among the hits. Tests have a shop of a few products that take both ways.
const SORTED_AT_MOST: i64 = if cfg!(test) { 5 } else { 2_500 };

/// FTS5 hands out row ids in order as it finds them, so that a page is read without the rest. CROSS JOIN fixes that it comes first.
macro_rules! matches {
    () => {
        "products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid"
    };
}

/// The plus keeps SQLite from looking up the hits one by one: it is the order that is walked, and the hits are a set to look into.
macro_rules! among_matches {
    () => {
        " AND +p.number IN (SELECT rowid FROM products_fts WHERE products_fts MATCH ?9)"
    };
}

const BY_SKU: &str = concat!(
    "SELECT ",
    columns!(),
    ", p.number FROM products AS p WHERE p.sku_key = ?9 AND p.number < ?8 AND ",
    filtered!(),
    " LIMIT ?1"
);

/// In the order of FTS5 itself, without the product that has the SKU in ?10, which is in a tier of its own.
const TIER: &str = concat!(
    "SELECT ",
    columns!(),
    ", p.number FROM ",
    matches!(),
    " WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND p.sku_key <> ?10 AND ",
    filtered!(),
    " ORDER BY f.rowid DESC LIMIT ?1"
);

const NEWEST: &str = concat!(
    "SELECT ",
    columns!(),
    ", p.number FROM ",
    matches!(),
    " WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND ",
    filtered!(),
    " ORDER BY f.rowid DESC LIMIT ?1"
);

const CHEAPEST: &str = cheapest!(matches!(), " AND products_fts MATCH ?9");
const DEAREST: &str = dearest!(matches!(), " AND products_fts MATCH ?9");
const BY_NAME: &str = by_name!(matches!(), " AND products_fts MATCH ?9");

const CHEAPEST_AMONG: &str = cheapest!("products AS p INDEXED BY products_by_price", among_matches!());
const DEAREST_AMONG: &str = dearest!("products AS p INDEXED BY products_by_price", among_matches!());
const BY_NAME_AMONG: &str = by_name!("products AS p INDEXED BY products_by_name", among_matches!());

const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT ?2)";

/// Up to `limit` products of `listing` that `query` finds, after `position`.
pub(crate) async fn page(
    db: &Connection,
    listing: &Listing,
    query: &Query,
    position: &Position,
    limit: i64,
) -> Result<Vec<Listed>, sql::Error> {
    let category = listing.filters.category.as_deref();
    match (listing.sort, query.anything(category)) {
        (Sort::Relevance, _) => tiers(db, &listing.filters, query, position, limit).await,
        (_, None) => Ok(Vec::new()),
        (sort, Some(anything)) => sorted(db, sort, &listing.filters, &anything, position, limit).await,
    }
}

/// One tier after the other, as far as it takes to fill the page.
async fn tiers(
    db: &Connection,
    filters: &Filters,
    query: &Query,
    Position(tier, number): &Position,
    limit: i64,
) -> Result<Vec<Listed>, sql::Error> {
    let mut found = Vec::new();
    let expressions = query.tiers(filters.category.as_deref()).into_iter().map(Some);
    for (tier_number, expression) in (0_u8..).zip(std::iter::once(None).chain(expressions)) {
        let from = match tier {
            Key::Number(tier) if i64::from(tier_number) < *tier => continue,
            Key::Number(tier) if i64::from(tier_number) == *tier => *number,
            _ => i64::MAX,
        };
        let rest = limit - i64::try_from(found.len()).expect("a page is small");
        let mut values = values(filters, &Position(Key::Number(0), from), rest);
        let mut rows: Vec<Listed> = match expression {
            None => {
                values.push(query.sku_key.as_str().into());
                db.query_all(BY_SKU, &values).await?
            }
            Some(expression) => {
                values.extend([Value::from(expression), Value::from(query.sku_key.as_str())]);
                db.query_all(TIER, &values).await?
            }
        };
        rows.iter_mut().for_each(|listed| listed.tier = tier_number);
        found.append(&mut rows);
        if found.len() as i64 == limit {
            break;
        }
    }
    Ok(found)
}

/// All that fits in an order that is not FTS5's own.
async fn sorted(
    db: &Connection,
    sort: Sort,
    filters: &Filters,
    anything: &str,
    position: &Position,
    limit: i64,
) -> Result<Vec<Listed>, sql::Error> {
    let mut values = values(filters, position, limit);
    values.push(anything.into());
    let (few, many) = match sort {
        Sort::Relevance | Sort::Newest => return db.query_all(NEWEST, &values).await,
        Sort::Cheapest => (CHEAPEST, CHEAPEST_AMONG),
        Sort::Dearest => (DEAREST, DEAREST_AMONG),
        Sort::Name => (BY_NAME, BY_NAME_AMONG),
    };
    let (count,): (i64,) = db.query_one(COUNT, params![anything, SORTED_AT_MOST + 1]).await?;
    db.query_all(if count <= SORTED_AT_MOST { few } else { many }, &values).await
}
