//! Categories. Triggers on the products create and count them.

use crate::category::Category;
use spindle_platform::sql::{self, Connection, FromRow, Row};

/// All categories with active products. Operators create them, so that there are dozens; the limit only bounds the response after a mistake.
/// Scans: all of them are returned.
const SELECT_ALL: &str = "SELECT slug, name, products FROM categories WHERE products > 0 ORDER BY slug LIMIT 1000";

/// Returns the categories that have active products.
pub(crate) async fn all(db: &Connection) -> Result<Vec<Category>, sql::Error> {
    db.query_all(SELECT_ALL, &[]).await
}

impl FromRow for Category {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { slug: row.get("slug")?, name: row.get("name")?, products: row.get("products")? })
    }
}
