//! Lists of the products that match a text.
//!
//! The parameters are those of [`super::list`], and ?9 the expression for FTS5.

use super::COLUMNS;
use super::list::{BY_NAME, BY_PRICE, BY_PRICE_DESC, FILTERS, page_statement, values};
use crate::product_query::{Filters, ListItem, Position, ProductQuery, Sort, SortKey};
use crate::search::TextQuery;
use const_format::formatcp;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, Value};

/// The largest number of matches that are read and sorted where another order than that of FTS5 is requested: some 2 ms. With more matches, it is
/// cheaper to walk the requested order until it has met enough of them. Tests cover both paths with a few products.
const SORTED_AT_MOST: i64 = if cfg!(test) { 5 } else { 2_500 };

/// FTS5 returns row ids in order as it finds them, so that a page is read without the other matches. CROSS JOIN makes it the outer loop.
const MATCHES: &str = "products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid";

const MATCHING: &str = " AND products_fts MATCH ?9";

/// The plus prevents SQLite from looking up the matches one by one: it walks the order and checks for each product whether it is in the set of
/// matches.
const AMONG_MATCHES: &str = " AND +p.number IN (SELECT rowid FROM products_fts WHERE products_fts MATCH ?9)";

const BY_SKU: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM products AS p WHERE p.sku_key = ?9 AND p.number < ?8 AND {FILTERS} LIMIT ?1"
);

/// In the order of FTS5 itself, without the product that has the SKU in ?10, which is in a tier of its own.
const TIER: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM {MATCHES} WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND p.sku_key <> ?10 AND {FILTERS} \
     ORDER BY f.rowid DESC LIMIT ?1"
);

const MATCHES_NEWEST: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM {MATCHES} WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND {FILTERS} \
     ORDER BY f.rowid DESC LIMIT ?1"
);

const MATCHES_BY_PRICE: &str = page_statement!(MATCHES, BY_PRICE, MATCHING);
const MATCHES_BY_PRICE_DESC: &str = page_statement!(MATCHES, BY_PRICE_DESC, MATCHING);
const MATCHES_BY_NAME: &str = page_statement!(MATCHES, BY_NAME, MATCHING);

const AMONG_BY_PRICE: &str = page_statement!("products AS p INDEXED BY products_by_price", BY_PRICE, AMONG_MATCHES);
const AMONG_BY_PRICE_DESC: &str =
    page_statement!("products AS p INDEXED BY products_by_price", BY_PRICE_DESC, AMONG_MATCHES);
const AMONG_BY_NAME: &str = page_statement!("products AS p INDEXED BY products_by_name", BY_NAME, AMONG_MATCHES);

const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT ?2)";

/// Returns up to `limit` products of `query` that match `text`, after `position`.
pub(crate) async fn page(
    db: &Connection,
    query: &ProductQuery,
    text: &TextQuery,
    position: &Position,
    limit: i64,
) -> Result<Vec<ListItem>, sql::Error> {
    let category = query.filters.category.as_deref();
    match (query.sort, text.anything(category)) {
        (Sort::Relevance, _) => ranked(db, &query.filters, text, position, limit).await,
        (_, None) => Ok(Vec::new()),
        (sort, Some(anything)) => sorted(db, sort, &query.filters, &anything, position, limit).await,
    }
}

/// Reads tier after tier until the page is full.
async fn ranked(
    db: &Connection,
    filters: &Filters,
    text: &TextQuery,
    Position(tier, number): &Position,
    limit: i64,
) -> Result<Vec<ListItem>, sql::Error> {
    let mut found = Vec::new();
    let expressions = text.tiers(filters.category.as_deref()).into_iter().map(Some);
    for (tier_number, expression) in (0_u8..).zip(std::iter::once(None).chain(expressions)) {
        let from = match tier {
            SortKey::Number(tier) if i64::from(tier_number) < *tier => continue,
            SortKey::Number(tier) if i64::from(tier_number) == *tier => *number,
            _ => i64::MAX,
        };
        let rest = limit - i64::try_from(found.len()).expect("a page is small");
        let mut values = values(filters, &Position(SortKey::Number(0), from), rest);
        let mut rows: Vec<ListItem> = match expression {
            None => {
                values.push(text.sku_key.as_str().into());
                db.query_all(BY_SKU, &values).await?
            }
            Some(expression) => {
                values.extend([Value::from(expression), Value::from(text.sku_key.as_str())]);
                db.query_all(TIER, &values).await?
            }
        };
        rows.iter_mut().for_each(|item| item.tier = tier_number);
        found.append(&mut rows);
        if found.len() as i64 == limit {
            break;
        }
    }
    Ok(found)
}

/// Returns the matches in an order other than that of the tiers.
async fn sorted(
    db: &Connection,
    sort: Sort,
    filters: &Filters,
    anything: &str,
    position: &Position,
    limit: i64,
) -> Result<Vec<ListItem>, sql::Error> {
    let mut values = values(filters, position, limit);
    values.push(anything.into());
    let (few, many) = match sort {
        Sort::Relevance | Sort::Newest => return db.query_all(MATCHES_NEWEST, &values).await,
        Sort::PriceAscending => (MATCHES_BY_PRICE, AMONG_BY_PRICE),
        Sort::PriceDescending => (MATCHES_BY_PRICE_DESC, AMONG_BY_PRICE_DESC),
        Sort::Name => (MATCHES_BY_NAME, AMONG_BY_NAME),
    };
    let (count,): (i64,) = db.query_one(COUNT, params![anything, SORTED_AT_MOST + 1]).await?;
    db.query_all(if count <= SORTED_AT_MOST { few } else { many }, &values).await
}
