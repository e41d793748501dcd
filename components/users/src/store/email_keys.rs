//! The users whose canonical key is still to be computed, and those whose addresses collide.

use serde_json::{Value as Json, json};
use spindle_contracts::{Timestamp, UserId, email};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Transaction};

/// Scans: stops at the first row.
const EXISTS: &str = "SELECT 1 FROM users_to_key LIMIT 1";

/// Scans: stops at the limit.
const SELECT: &str = "
    SELECT u.id, u.email, u.email_key FROM users_to_key AS q CROSS JOIN users AS u ON u.id = q.user_id
    ORDER BY q.user_id LIMIT ?1";

/// Skips a user whose key another user has. Neither version nor time of the user changes, since the representation does not.
const SET_KEY: &str = "
    UPDATE OR IGNORE users SET canonical_key = e.value ->> 'canonical_key'
    FROM json_each(?1) AS e WHERE users.id = e.value ->> 'id'";

/// Inserts the users whom [`SET_KEY`] skipped.
const INSERT_COLLISIONS: &str = "
    INSERT OR REPLACE INTO email_collisions (user_id, canonical_key, found_at)
    SELECT u.id, e.value ->> 'canonical_key', ?2 FROM json_each(?1) AS e CROSS JOIN users AS u ON u.id = e.value ->> 'id'
    WHERE u.canonical_key IS DISTINCT FROM (e.value ->> 'canonical_key')
    RETURNING user_id, canonical_key";

const SELECT_HOLDER: &str = "SELECT id FROM users WHERE coalesce(canonical_key, email_key) = ?1";

const REMOVE: &str = "DELETE FROM users_to_key WHERE user_id IN (SELECT e.value ->> 'id' FROM json_each(?1) AS e)";

/// A user whose canonical key is to be computed. An erased one has no address.
pub(crate) struct Pending {
    id: UserId,
    email: Option<String>,
    email_key: Option<String>,
}

/// A user whose address is another user's by its canonical key.
pub(crate) struct Collision {
    pub(crate) user: UserId,
    /// The user who has the key.
    pub(crate) holder: UserId,
}

/// Returns whether there is a user whose key is to be computed.
pub(crate) async fn has_pending(db: &Connection) -> Result<bool, sql::Error> {
    let row: Option<(i64,)> = db.query_optional(EXISTS, &[]).await?;
    Ok(row.is_some())
}

/// Returns up to `limit` users whose key is to be computed.
pub(crate) async fn pending(db: &Connection, limit: i64) -> Result<Vec<Pending>, sql::Error> {
    db.query_all(SELECT, params![limit]).await
}

/// Stores the keys of `users`, who were read in the same transaction. Returns the collisions that this finds.
pub(crate) async fn compute(
    transaction: &Transaction<'_>,
    users: &[Pending],
    now: Timestamp,
) -> Result<Vec<Collision>, sql::Error> {
    let row = |Pending { id, email, email_key }: &Pending| {
        let canonical_key = email::key(email.as_ref()?);
        (Some(&canonical_key) != email_key.as_ref()).then(|| json!({ "id": id, "canonical_key": canonical_key }))
    };
    let keys = users.iter().filter_map(row).collect::<Json>().to_string();
    transaction.execute(SET_KEY, params![keys.as_str()]).await?;
    let found: Vec<(UserId, String)> = transaction.query_all(INSERT_COLLISIONS, params![keys.as_str(), now]).await?;
    let mut collisions = Vec::with_capacity(found.len());
    for (user, canonical_key) in found {
        let holder: Option<(UserId,)> = transaction.query_optional(SELECT_HOLDER, params![canonical_key]).await?;
        collisions.extend(holder.map(|(holder,)| Collision { user, holder }));
    }
    let ids = users.iter().map(|user| json!({ "id": user.id })).collect::<Json>().to_string();
    transaction.execute(REMOVE, params![ids]).await?;
    Ok(collisions)
}

impl FromRow for Pending {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { id: row.get("id")?, email: row.get("email")?, email_key: row.get("email_key")? })
    }
}
