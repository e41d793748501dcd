//! Products: read by id or SKU, and written.

use super::COLUMNS;
use crate::error::Error;
use crate::folding::stored_words;
use crate::product::{Product, Status, Stock, name_key, sku_key};
use const_format::formatcp;
use serde_json::{Map, Value as Json, json};
use spindle_contracts::{Money, ProductId};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.id = ?1");

const SELECT_BY_IDS: &str =
    formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.id IN (SELECT value FROM json_each(?1))");

const SELECT_BY_SKU_KEYS: &str =
    formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.sku_key IN (SELECT value FROM json_each(?1))");

/// Inserts or updates products, all in one statement. An update needs the version before, and leaves the stock; triggers update text index and
/// counts. The folded texts are those of this version: a trigger has the texts of an earlier release, which writes none, folded on the tick.
/// Sorts: the products of one call.
const SAVE: &str = "
    INSERT INTO products (id, sku, sku_key, name, name_key, description, price_amount, currency, category, attributes, on_hand, reserved,
        status, version, created_at, updated_at, folded_name, folded_description, folded_version)
    SELECT e.value ->> 'id', e.value ->> 'sku', e.value ->> 'sku_key', e.value ->> 'name', e.value ->> 'name_key',
        e.value ->> 'description', e.value ->> 'price_amount', e.value ->> 'currency', e.value ->> 'category', e.value ->> 'attributes',
        e.value ->> 'on_hand', 0, e.value ->> 'status', e.value ->> 'version', e.value ->> 'created_at',
        e.value ->> 'updated_at', e.value ->> 'folded_name', e.value ->> 'folded_description', e.value ->> 'version'
    FROM json_each(?1) AS e WHERE true ORDER BY e.key
    ON CONFLICT (id) DO UPDATE SET sku = excluded.sku, sku_key = excluded.sku_key, name = excluded.name, name_key = excluded.name_key,
        description = excluded.description, price_amount = excluded.price_amount, currency = excluded.currency,
        category = excluded.category, attributes = excluded.attributes, status = excluded.status, version = excluded.version,
        updated_at = excluded.updated_at,
        folded_name = excluded.folded_name, folded_description = excluded.folded_description, folded_version = excluded.folded_version
    WHERE version = excluded.version - 1
    RETURNING id";

/// Sets the units on hand of products, if their stock is still as it was read.
const SET_STOCK: &str = "
    UPDATE products SET on_hand = l.on_hand
    FROM (SELECT e.value ->> 'id' AS id, e.value ->> 'on_hand' AS on_hand, e.value ->> 'before' AS before, e.value ->> 'reserved' AS reserved,
        e.value ->> 'allocated' AS allocated FROM json_each(?1) AS e) AS l
    WHERE products.id = l.id AND products.on_hand = l.before AND products.reserved = l.reserved AND products.allocated = l.allocated
    RETURNING id";

/// The stock of a product before and after a count, which changes only the units on hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StockCount {
    pub(crate) id: ProductId,
    pub(crate) before: Stock,
    pub(crate) after: Stock,
}

/// Returns the product with `id`, archived or not.
pub(crate) async fn get(db: &Connection, id: ProductId) -> Result<Product, Error> {
    db.query_optional(SELECT, params![id]).await?.ok_or(Error::ProductNotFound)
}

/// Returns the existing products among `ids`, in no order.
pub(crate) async fn get_all(db: &Connection, ids: impl Iterator<Item = ProductId>) -> Result<Vec<Product>, sql::Error> {
    db.query_all(SELECT_BY_IDS, params![json_list(ids)]).await
}

/// Returns the products whose SKU has one of these keys, in no order.
pub(crate) async fn with_sku_keys(
    db: &Connection,
    keys: impl Iterator<Item = String>,
) -> Result<Vec<Product>, sql::Error> {
    db.query_all(SELECT_BY_SKU_KEYS, params![json_list(keys)]).await
}

/// Writes `products`, each of which is new or the next version of the stored one.
pub(crate) async fn save(transaction: &Transaction<'_>, products: &[&Product]) -> Result<(), Error> {
    if products.is_empty() {
        return Ok(());
    }
    let rows: Json = products.iter().map(|product| row(product)).collect();
    match transaction.execute(SAVE, params![rows.to_string()]).await {
        Ok(saved) if saved.len() == products.len() => Ok(()),
        Ok(_) => Err(Error::VersionConflict),
        // The one constraint that a client can violate.
        Err(error @ sql::Error::UniqueViolation { .. }) => Err(sku_taken(transaction, products, error).await?),
        Err(error) => Err(error.into()),
    }
}

/// Returns the error for `violation`: the product that has the SKU of one of `products`.
async fn sku_taken(
    transaction: &Transaction<'_>,
    products: &[&Product],
    violation: sql::Error,
) -> Result<Error, sql::Error> {
    let owners = with_sku_keys(transaction, products.iter().map(|product| sku_key(&product.sku))).await?;
    let other = owners.into_iter().find(|owner| products.iter().all(|product| product.id != owner.id));
    Ok(other.map_or(Error::Sql(violation), |owner| Error::SkuTaken(owner.id, owner.status)))
}

/// Sets the stock of existing products.
pub(crate) async fn set_stock(transaction: &Transaction<'_>, counts: &[StockCount]) -> Result<(), Error> {
    if counts.is_empty() {
        return Ok(());
    }
    let row = |StockCount { id, before, after }: &StockCount| {
        json!({
            "id": id, "on_hand": after.on_hand, "before": before.on_hand, "reserved": before.reserved, "allocated": before.allocated,
        })
    };
    let rows: Json = counts.iter().map(row).collect();
    let set = transaction.execute(SET_STOCK, params![rows.to_string()]).await?;
    if set.len() == counts.len() { Ok(()) } else { Err(Error::VersionConflict) }
}

fn json_list<T: serde::Serialize>(items: impl Iterator<Item = T>) -> String {
    serde_json::to_string(&items.collect::<Vec<T>>()).expect("ids and keys are plain text")
}

/// Returns a product as the JSON that [`SAVE`] reads.
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
        "status": product.status.name(),
        "version": product.version,
        "created_at": product.created_at.as_millis(),
        "updated_at": product.updated_at.as_millis(),
        "folded_name": stored_words(&product.name),
        "folded_description": stored_words(&product.description),
    })
}

impl FromRow for Product {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            id: row.get("id")?,
            sku: row.get("sku")?,
            name: row.get("name")?,
            description: row.get("description")?,
            price: Money::new(row.get("price_amount")?, row.get("currency")?),
            category: row.get("category")?,
            attributes: read_attributes(row.get("attributes")?)?,
            stock: read_stock(row)?,
            status: read_status(row.get("status")?)?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
        })
    }
}

/// Reads the stock in a row of `products`.
fn read_stock(row: &Row<'_>) -> Result<Stock, sql::Error> {
    Ok(Stock { on_hand: row.get("on_hand")?, reserved: row.get("reserved")?, allocated: row.get("allocated")? })
}

fn read_attributes(text: &str) -> Result<Map<String, Json>, sql::Error> {
    serde_json::from_str(text).map_err(|_| corrupt("attributes", text))
}

fn read_status(name: &str) -> Result<Status, sql::Error> {
    Status::from_name(name).ok_or_else(|| corrupt("status", name))
}

fn corrupt(column: &str, value: &str) -> sql::Error {
    sql::Error::Other(format!("products.{column} has the value {value:?}"))
}
