//! The one statement that a log-in executes before it verifies the password.

use crate::lockout::Failures;
use crate::signing_key::EncryptedSigningKey;
use crate::store::failures::read_failures;
use spindle_contracts::UserId;
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

/// One row, with an account and without. Scans: an index of the one key that signs.
const SELECT: &str = "
    SELECT (SELECT failed_at FROM login_failures WHERE account = ?1) AS failed_at, c.password_hash, c.rights_changes,
        k.kid, k.public_key, k.sealed_private
    FROM (SELECT 1) LEFT JOIN credentials AS c ON c.user_id = ?2 LEFT JOIN signing_keys AS k ON k.retired_at IS NULL";

/// The state of an account before its password is verified.
pub(crate) struct LoginState {
    /// The latest failures of the account.
    pub(crate) failures: Failures,
    /// The password hash of the user; `None` without credentials.
    pub(crate) password_hash: Option<String>,
    /// The number of times that the rights of the user have changed; 0 without credentials.
    pub(crate) rights_changes: i64,
    /// The key that signs; `None` before the first one.
    pub(crate) signing_key: Option<EncryptedSigningKey>,
}

/// Returns the state of `account`, whose user is `user`: an id without credentials where there is no account.
pub(crate) async fn get(db: &Connection, account: &[u8; 32], user: UserId) -> Result<LoginState, Error> {
    db.query_one(SELECT, params![account, user]).await
}

impl FromRow for LoginState {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            failures: read_failures(row.get("failed_at")?)?,
            password_hash: row.get("password_hash")?,
            rights_changes: row.get::<Option<i64>>("rights_changes")?.unwrap_or_default(),
            signing_key: match row.get::<Option<&str>>("kid")? {
                Some(_) => Some(EncryptedSigningKey::from_row(row)?),
                None => None,
            },
        })
    }
}
