//! Categories. Triggers on the products create and count them.

use crate::category::Category;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};

/// All categories with active products. Operators create them, so that there are dozens; the limit only bounds the response after a mistake.
/// Scans: all of them are returned.
const SELECT_ALL: &str = "SELECT slug, name, products FROM categories WHERE products > 0 ORDER BY slug LIMIT 1000";

/// A category also without active products.
const EXISTS: &str = "SELECT 1 FROM categories WHERE slug = ?1";

/// Returns the categories that have active products.
pub(crate) async fn all(db: &Connection) -> Result<Vec<Category>, sql::Error> {
    db.query_all(SELECT_ALL, &[]).await
}

/// Returns whether there is or was a product in the category `slug`.
pub(crate) async fn exists(db: &Connection, slug: &str) -> Result<bool, sql::Error> {
    let row: Option<(i64,)> = db.query_optional(EXISTS, params![slug]).await?;
    Ok(row.is_some())
}

impl FromRow for Category {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { slug: row.get("slug")?, name: row.get("name")?, products: row.get("products")? })
    }
}
