//! The keys of one user, for the export of their data. The stored responses are no part of it: they are copies of what was made.

use serde::Serialize;
use spindle_contracts::{Problem, Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::http::{Page, PageRequest};
use spindle_platform::params;
use spindle_platform::sql::{self, FromRow, Row};

/// The name of the list in its cursors.
const LIST: &str = "idempotency_keys";

const SELECT_OF_USER: &str = "
    SELECT operation, key, resource_id, created_at, status FROM idempotency_keys
    WHERE user_id = ?1 AND (operation, key) > (?2, ?3) ORDER BY operation, key LIMIT ?4";

/// A key as its user sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredKey {
    service: &'static str,
    operation: String,
    key: String,
    resource_id: String,
    created_at: Timestamp,
    /// The status of the stored response; `None` while the request is in progress.
    status: Option<u16>,
}

/// Returns the page of the keys of `user` that the service of `context` keeps.
///
/// # Errors
///
/// 400 for a cursor of another list, and the errors of the database.
pub async fn page_of_user(context: &Context, user: UserId, page: &PageRequest) -> Result<Page<StoredKey>, Problem> {
    let (operation, key): (String, String) = page.after(LIST)?.unwrap_or_default();
    let values = params![user, operation, key, page.rows_to_fetch()];
    let mut keys: Vec<StoredKey> = context.sql().await?.query_all(SELECT_OF_USER, values).await?;
    for key in &mut keys {
        key.service = context.service();
    }
    Ok(Page::new(page, LIST, keys, |key: &StoredKey| (key.operation.clone(), key.key.clone())))
}

impl FromRow for StoredKey {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            service: "",
            operation: row.get("operation")?,
            key: row.get("key")?,
            resource_id: row.get("resource_id")?,
            created_at: row.get("created_at")?,
            status: row.get("status")?,
        })
    }
}
