//! The products whose texts are still to be folded for the text index.

use crate::folding::stored_words;
use crate::product::name_key;
use serde_json::{Value as Json, json};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// Scans: stops at the first row.
const EXISTS: &str = "SELECT 1 FROM products_to_fold LIMIT 1";

/// Scans: stops at the limit.
const SELECT: &str = "
    SELECT p.number, p.name, p.description FROM products_to_fold AS q CROSS JOIN products AS p ON p.number = q.number
    ORDER BY q.number LIMIT ?1";

/// A trigger indexes the folded texts. Neither version nor time of the product changes, since its representation does not.
const FOLD: &str = "
    UPDATE products SET name_key = e.value ->> 'name_key', folded_name = e.value ->> 'folded_name',
        folded_description = e.value ->> 'folded_description', folded_version = version
    FROM json_each(?1) AS e WHERE products.number = e.value ->> 'number'";

const REMOVE: &str =
    "DELETE FROM products_to_fold WHERE number IN (SELECT e.value ->> 'number' FROM json_each(?1) AS e)";

/// A product whose texts are not folded.
pub(crate) struct Unfolded {
    number: i64,
    name: String,
    description: String,
}

/// Returns whether there is a product to fold.
pub(crate) async fn has_unfolded(db: &Connection) -> Result<bool, sql::Error> {
    let row: Option<(i64,)> = db.query_optional(EXISTS, &[]).await?;
    Ok(row.is_some())
}

/// Returns up to `limit` products to fold.
pub(crate) async fn unfolded(db: &Connection, limit: i64) -> Result<Vec<Unfolded>, sql::Error> {
    db.query_all(SELECT, params![limit]).await
}

/// Stores the folded texts of `products`, which were read in the same transaction.
pub(crate) async fn fold(transaction: &Transaction<'_>, products: &[Unfolded]) -> Result<(), sql::Error> {
    let row = |Unfolded { number, name, description }: &Unfolded| {
        json!({
            "number": number,
            "name_key": name_key(name),
            "folded_name": stored_words(name),
            "folded_description": stored_words(description),
        })
    };
    let rows = products.iter().map(row).collect::<Json>().to_string();
    transaction.execute(FOLD, params![rows.as_str()]).await?;
    transaction.execute(REMOVE, params![rows.as_str()]).await?;
    Ok(())
}

impl FromRow for Unfolded {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { number: row.get("number")?, name: row.get("name")?, description: row.get("description")? })
    }
}
