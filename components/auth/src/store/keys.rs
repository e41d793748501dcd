//! Statements on signing keys.

use crate::signing_key::EncryptedSigningKey;
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

/// A public key that verifies tokens, and the time until which it does if it is retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PublishedKey {
    pub(crate) key: VerifyingKey,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Returns the key that signs, or `None` before the first key.
pub(crate) async fn current(db: &Connection) -> Result<Option<EncryptedSigningKey>, Error> {
    db.query_optional(SELECT_CURRENT, &[]).await
}

/// Inserts `key` as the key that signs; there must be no other.
pub(crate) async fn insert(db: &Connection, key: &EncryptedSigningKey, now: Timestamp) -> Result<(), Error> {
    let values = params![key.kid.as_str(), key.public.as_bytes(), key.encrypted_private.as_slice(), now];
    db.execute(INSERT, values).await?;
    Ok(())
}

/// Retires the key that signs: deletes its private key, and lets it verify until `expires_at`. Returns its id.
pub(crate) async fn retire(db: &Connection, now: Timestamp, expires_at: Timestamp) -> Result<Option<String>, Error> {
    Ok(db.query_optional(RETIRE, params![now, expires_at]).await?.map(|(kid,)| kid))
}

/// Returns the keys that verify at `now`, oldest first.
pub(crate) async fn published(db: &Connection, now: Timestamp) -> Result<Vec<PublishedKey>, Error> {
    db.query_all(SELECT_PUBLISHED, params![now]).await
}

/// Deletes the keys that no longer verify at `now`.
pub(crate) async fn delete_expired(db: &Connection, now: Timestamp) -> Result<(), Error> {
    db.execute(DELETE_EXPIRED, params![now]).await?;
    Ok(())
}

impl FromRow for EncryptedSigningKey {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self { kid: row.get("kid")?, public: public_key(row)?, encrypted_private: row.get("sealed_private")? })
    }
}

impl FromRow for PublishedKey {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self { key: public_key(row)?, expires_at: row.get("expires_at")? })
    }
}

fn public_key(row: &Row<'_>) -> Result<VerifyingKey, Error> {
    let bytes: Vec<u8> = row.get("public_key")?;
    VerifyingKey::try_from(bytes.as_slice())
        .map_err(|_| Error::Other("signing_keys.public_key is not an Ed25519 public key".to_owned()))
}
