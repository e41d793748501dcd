//! Statements on signing keys.

use crate::keys::SealedKey;
use ed25519_dalek::VerifyingKey;
use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

/// Scans: an index of the one key that signs.
const SELECT_CURRENT: &str = "SELECT kid, public_key, sealed_private FROM signing_keys WHERE retired_at IS NULL";

const INSERT: &str = "
    INSERT INTO signing_keys (kid, public_key, sealed_private, created_at, not_before) VALUES (?1, ?2, ?3, ?4, ?4)";

/// Scans: an index of the one key that signs.
const RETIRE: &str = "
    UPDATE signing_keys SET retired_at = ?1, expires_at = ?2, sealed_private = NULL WHERE retired_at IS NULL
    RETURNING kid";

/// Scans: there are as many keys as rotations within the life of a token. Sorts: those few.
const SELECT_PUBLISHED: &str = "
    SELECT public_key, expires_at FROM signing_keys WHERE retired_at IS NULL OR expires_at > ?1 ORDER BY created_at, kid";

/// Scans: there are as many keys as rotations within the life of a token.
const DELETE_EXPIRED: &str = "DELETE FROM signing_keys WHERE expires_at <= ?1";

/// A key that tokens are checked with, and until when if it is retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PublishedKey {
    pub(crate) key: VerifyingKey,
    pub(crate) expires_at: Option<Timestamp>,
}

/// The key that signs, if there is one yet.
pub(crate) async fn current(db: &Connection) -> Result<Option<SealedKey>, Error> {
    db.query_optional(SELECT_CURRENT, &[]).await
}

/// Makes `key` the one that signs; there must be no other.
pub(crate) async fn insert(db: &Connection, key: &SealedKey, now: Timestamp) -> Result<(), Error> {
    let values = params![key.kid.as_str(), key.public.as_bytes(), key.private.as_slice(), now];
    db.execute(INSERT, values).await?;
    Ok(())
}

/// Takes the private half away from the key that signs, which verifies until `expires_at`, and names it.
pub(crate) async fn retire(db: &Connection, now: Timestamp, expires_at: Timestamp) -> Result<Option<String>, Error> {
    Ok(db.query_optional(RETIRE, params![now, expires_at]).await?.map(|(kid,)| kid))
}

/// The keys that verify at `now`, oldest first.
pub(crate) async fn published(db: &Connection, now: Timestamp) -> Result<Vec<PublishedKey>, Error> {
    db.query_all(SELECT_PUBLISHED, params![now]).await
}

/// Removes the keys that verify nothing any more at `now`.
pub(crate) async fn delete_expired(db: &Connection, now: Timestamp) -> Result<(), Error> {
    db.execute(DELETE_EXPIRED, params![now]).await?;
    Ok(())
}

impl FromRow for SealedKey {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self { kid: row.at(0)?, public: verifying_key(row, 1)?, private: row.at(2)? })
    }
}

impl FromRow for PublishedKey {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self { key: verifying_key(row, 0)?, expires_at: row.at(1)? })
    }
}

fn verifying_key(row: &Row<'_>, index: usize) -> Result<VerifyingKey, Error> {
    let bytes: Vec<u8> = row.at(index)?;
    VerifyingKey::try_from(bytes.as_slice())
        .map_err(|_| Error::Other("signing_keys.public_key holds no Ed25519 key".to_owned()))
}
