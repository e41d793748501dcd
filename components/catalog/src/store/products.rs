//! Products one by one and several at once: by what names them, and how they are written.

use super::columns;
use crate::error::Error;
use crate::product::{Product, Status, Stock, name_key, sku_key};
use serde_json::{Value as Json, json};
use spindle_contracts::{Money, ProductId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

const SELECT: &str = concat!("SELECT ", columns!(), " FROM products AS p WHERE p.id = ?1");

const SELECT_BY_IDS: &str =
    concat!("SELECT ", columns!(), " FROM products AS p WHERE p.id IN (SELECT value FROM json_each(?1))");

const SELECT_BY_SKU_KEYS: &str =
    concat!("SELECT ", columns!(), " FROM products AS p WHERE p.sku_key IN (SELECT value FROM json_each(?1))");

/// Writes products whether or not they are there, all in one statement. An update hits only the version before; text index and counts
/// follow by triggers. Sorts: the products of one call.
const SAVE: &str = "
    INSERT INTO products (id, sku, sku_key, name, name_key, description, price_amount, currency, category, attributes, on_hand, reserved,
        status, version, created_at, updated_at)
    SELECT e.value ->> 'id', e.value ->> 'sku', e.value ->> 'sku_key', e.value ->> 'name', e.value ->> 'name_key',
        e.value ->> 'description', e.value ->> 'price_amount', e.value ->> 'currency', e.value ->> 'category', e.value ->> 'attributes',
        e.value ->> 'on_hand', e.value ->> 'reserved', e.value ->> 'status', e.value ->> 'version', e.value ->> 'created_at',
        e.value ->> 'updated_at'
    FROM json_each(?1) AS e WHERE true ORDER BY e.key
    ON CONFLICT (id) DO UPDATE SET sku = excluded.sku, sku_key = excluded.sku_key, name = excluded.name, name_key = excluded.name_key,
        description = excluded.description, price_amount = excluded.price_amount, currency = excluded.currency,
        category = excluded.category, attributes = excluded.attributes, on_hand = excluded.on_hand, reserved = excluded.reserved,
        status = excluded.status, version = excluded.version, updated_at = excluded.updated_at
    WHERE version = excluded.version - 1
    RETURNING id";

/// The product with `id`, archived or not.
pub(crate) async fn get(db: &Connection, id: ProductId) -> Result<Product, Error> {
    db.query_optional(SELECT, params![id]).await?.ok_or(Error::NotFound)
}

/// Those of the products `ids` that there are, in no order.
pub(crate) async fn get_all(db: &Connection, ids: impl Iterator<Item = ProductId>) -> Result<Vec<Product>, sql::Error> {
    db.query_all(SELECT_BY_IDS, params![json_list(ids)]).await
}

/// The products that have one of these keys of SKUs, in no order.
pub(crate) async fn with_sku_keys(
    db: &Connection,
    keys: impl Iterator<Item = String>,
) -> Result<Vec<Product>, sql::Error> {
    db.query_all(SELECT_BY_SKU_KEYS, params![json_list(keys)]).await
}

/// Writes `products`, each of which is new or one version on from what is stored.
pub(crate) async fn save(transaction: &Transaction<'_>, products: &[&Product]) -> Result<(), Error> {
    if products.is_empty() {
        return Ok(());
    }
    let rows: Json = products.iter().map(|product| row(product)).collect();
    let saved = transaction.execute(SAVE, params![rows.to_string()]).await.map_err(write_error)?;
    if saved.len() == products.len() { Ok(()) } else { Err(Error::Changed) }
}

fn json_list<T: serde::Serialize>(items: impl Iterator<Item = T>) -> String {
    serde_json::to_string(&items.collect::<Vec<T>>()).expect("ids and keys are plain text")
}

/// A product as [`SAVE`] takes it.
fn row(product: &Product) -> Json {
    json!({
        "id": product.id,
        "sku": product.sku,
        "sku_key": sku_key(&product.sku),
        "name": product.name,
        "name_key": name_key(&product.name),
        "description": product.description,
        "price_amount": product.price.amount,
        "currency": product.price.currency,
        "category": product.category,
        "attributes": serde_json::to_string(&product.attributes).expect("attributes are plain data"),
        "on_hand": product.stock.on_hand,
        "reserved": product.stock.reserved,
        "status": product.status.name(),
        "version": product.version,
        "created_at": product.created_at.as_millis(),
        "updated_at": product.updated_at.as_millis(),
    })
}

/// The one constraint that a caller can break.
fn write_error(error: sql::Error) -> Error {
    match error {
        sql::Error::UniqueViolation { columns } if columns == "products.sku_key" => Error::SkuTaken,
        error => Error::Sql(error),
    }
}

impl FromRow for Product {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let corrupt = |column: &str, found: &str| sql::Error::Other(format!("products.{column} holds {found:?}"));
        let (attributes, status): (String, String) = (row.at(7)?, row.at(10)?);
        Ok(Self {
            id: row.at(0)?,
            sku: row.at(1)?,
            name: row.at(2)?,
            description: row.at(3)?,
            price: Money::new(row.at(4)?, row.at(5)?),
            category: row.at(6)?,
            attributes: serde_json::from_str(&attributes).map_err(|_| corrupt("attributes", &attributes))?,
            stock: Stock { on_hand: row.at(8)?, reserved: row.at(9)? },
            status: Status::from_name(&status).ok_or_else(|| corrupt("status", &status))?,
            created_at: row.at(11)?,
            updated_at: row.at(12)?,
            version: row.at(13)?,
        })
    }
}
