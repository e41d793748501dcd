//! The reads of products, as in the catalog (components/catalog/src/store).

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};
use uuid::Uuid;

use super::super::format_millis;
use super::product_query::{Filters, Position, ProductQuery, Sort, SortKey};
use super::search::TextQuery;
use super::sql;
use super::{Money, Product, Stock};

/// A product in a list.
pub(super) struct ListItem {
    pub(super) product: Product,
    pub(super) number: i64,
    pub(super) tier: u8,
}

/// Returns the product with `id`.
pub(super) fn get(connection: &Connection, id: Uuid) -> rusqlite::Result<Option<Product>> {
    connection.prepare_cached(sql::SELECT)?.query_row([id.to_string()], product).optional()
}

/// Returns up to `limit` products of `query` after `position`.
pub(super) fn page(
    connection: &Connection,
    query: &ProductQuery,
    position: &Position,
    limit: i64,
) -> rusqlite::Result<Vec<ListItem>> {
    let ProductQuery { text, filters, sort } = query;
    let category = filters.category.as_deref();
    match (text, sort) {
        (None, sort) => list(connection, *sort, filters, position, limit),
        (Some(text), Sort::Relevance) => tiers(connection, filters, text, position, limit),
        (Some(text), sort) => match text.anything(category) {
            None => Ok(Vec::new()),
            Some(anything) => sorted(connection, *sort, filters, anything, position, limit),
        },
    }
}

fn list(
    connection: &Connection,
    sort: Sort,
    filters: &Filters,
    position: &Position,
    limit: i64,
) -> rusqlite::Result<Vec<ListItem>> {
    let statement = match (sort, &filters.category) {
        (Sort::PriceAscending, None) => sql::PAGE_BY_PRICE,
        (Sort::PriceAscending, Some(_)) => sql::CATEGORY_BY_PRICE,
        (Sort::PriceDescending, None) => sql::PAGE_BY_PRICE_DESC,
        (Sort::PriceDescending, Some(_)) => sql::CATEGORY_BY_PRICE_DESC,
        (Sort::Name, _) if is_narrow(connection, filters)? => sql::PRICE_RANGE_BY_NAME,
        (Sort::Name, None) => sql::PAGE_BY_NAME,
        (Sort::Name, Some(_)) => sql::CATEGORY_BY_NAME,
        (Sort::Newest | Sort::Relevance, _) if is_narrow(connection, filters)? => sql::PRICE_RANGE_NEWEST,
        (Sort::Newest | Sort::Relevance, None) => sql::PAGE_NEWEST,
        (Sort::Newest | Sort::Relevance, Some(_)) => sql::CATEGORY_NEWEST,
    };
    rows(connection, statement, values(filters, position, limit), 0)
}

fn is_narrow(connection: &Connection, filters: &Filters) -> rusqlite::Result<bool> {
    if !filters.has_price() {
        return Ok(false);
    }
    let values = params![filters.lowest(), filters.highest(), sql::SORTED_AT_MOST + 1];
    let count: i64 = connection.prepare_cached(sql::COUNT_IN_PRICE_RANGE)?.query_row(values, |row| row.get(0))?;
    Ok(count <= sql::SORTED_AT_MOST)
}

fn tiers(
    connection: &Connection,
    filters: &Filters,
    text: &TextQuery,
    Position(tier, number): &Position,
    limit: i64,
) -> rusqlite::Result<Vec<ListItem>> {
    let mut items = Vec::new();
    let expressions = text.tiers(filters.category.as_deref()).into_iter().map(Some);
    for (tier_number, expression) in (0_u8..).zip(std::iter::once(None).chain(expressions)) {
        let from = match tier {
            SortKey::Number(tier) if i64::from(tier_number) < *tier => continue,
            SortKey::Number(tier) if i64::from(tier_number) == *tier => *number,
            _ => i64::MAX,
        };
        let rest = limit - i64::try_from(items.len()).expect("a page is small");
        let mut values = values(filters, &Position(SortKey::Number(0), from), rest);
        let statement = match expression {
            None => {
                values.push(text.sku_key.clone().into());
                sql::BY_SKU
            }
            Some(expression) => {
                values.extend([expression.into(), text.sku_key.clone().into()]);
                sql::TIER
            }
        };
        items.append(&mut rows(connection, statement, values, tier_number)?);
        if i64::try_from(items.len()) == Ok(limit) {
            break;
        }
    }
    Ok(items)
}

fn sorted(
    connection: &Connection,
    sort: Sort,
    filters: &Filters,
    anything: String,
    position: &Position,
    limit: i64,
) -> rusqlite::Result<Vec<ListItem>> {
    let mut values = values(filters, position, limit);
    values.push(anything.clone().into());
    let (all, among) = match sort {
        Sort::Relevance | Sort::Newest => return rows(connection, sql::MATCHES_NEWEST, values, 0),
        Sort::PriceAscending => (sql::MATCHES_BY_PRICE, sql::AMONG_BY_PRICE),
        Sort::PriceDescending => (sql::MATCHES_BY_PRICE_DESC, sql::AMONG_BY_PRICE_DESC),
        Sort::Name => (sql::MATCHES_BY_NAME, sql::AMONG_BY_NAME),
    };
    let mut count = connection.prepare_cached(sql::COUNT)?;
    let count: i64 = count.query_row(params![anything, sql::SORTED_MATCHES_AT_MOST + 1], |row| row.get(0))?;
    rows(connection, if count > sql::SORTED_MATCHES_AT_MOST { among } else { all }, values, 0)
}

/// Returns the parameters 1 to 8.
fn values(filters: &Filters, Position(key, number): &Position, limit: i64) -> Vec<Value> {
    let key = match key {
        SortKey::Number(number) => (*number).into(),
        SortKey::Name(name) => name.clone().into(),
    };
    vec![
        limit.into(),
        filters.category.clone().into(),
        filters.currency.clone().into(),
        filters.lowest().into(),
        filters.highest().into(),
        filters.in_stock.map(i64::from).into(),
        key,
        (*number).into(),
    ]
}

fn rows(connection: &Connection, statement: &str, values: Vec<Value>, tier: u8) -> rusqlite::Result<Vec<ListItem>> {
    let mut statement = connection.prepare_cached(statement)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(ListItem { product: product(row)?, number: row.get(15)?, tier })
    })?;
    rows.collect()
}

fn product(row: &Row<'_>) -> rusqlite::Result<Product> {
    let attributes: String = row.get(7)?;
    let (on_hand, reserved, allocated): (i64, i64, i64) = (row.get(8)?, row.get(9)?, row.get(14)?);
    Ok(Product {
        id: row.get(0)?,
        sku: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        price: Money { amount: row.get(4)?, currency: row.get(5)? },
        category: row.get(6)?,
        attributes: serde_json::from_str(&attributes).unwrap_or_default(),
        stock: Stock { available: on_hand - reserved - allocated },
        status: row.get(10)?,
        created_at: format_millis(row.get(11)?),
        updated_at: format_millis(row.get(12)?),
        version: row.get(13)?,
    })
}
