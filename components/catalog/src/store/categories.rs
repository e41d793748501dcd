//! Categories, which come to be with their products.

use crate::category::Category;
use spindle_platform::sql::{self, Connection, FromRow, Row};

/// All of them. Operators make them, so that they are dozens; the limit only keeps a mistake from making a huge answer.
/// Scans: all of them are shown.
const SELECT_ALL: &str = "SELECT slug, name, products FROM categories WHERE products > 0 ORDER BY slug LIMIT 1000";

/// The categories that have something for sale.
pub(crate) async fn all(db: &Connection) -> Result<Vec<Category>, sql::Error> {
    db.query_all(SELECT_ALL, &[]).await
}

impl FromRow for Category {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { slug: row.at(0)?, name: row.at(1)?, products: row.at(2)? })
    }
}
