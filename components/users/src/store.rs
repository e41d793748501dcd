//! Every statement on the users' database.

pub(crate) mod email_keys;

use crate::error::Error;
use crate::rights::PendingChange;
use crate::user::{Address, NotificationPreferences, Status, User};
use const_format::formatcp;
use spindle_contracts::{Role, Timestamp, UserId, email};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row, Value};
use uuid::Uuid;

/// The columns of a [`User`].
const COLUMNS: &str = "id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, \
         created_at, updated_at, version, status";

const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM users WHERE id = ?1 AND erased_at IS NULL");

/// Where addresses collide, and where keys are still to be computed, the user who has the address as it is spelt comes first.
///
/// Sorts: the one user with the address, or the users of a collision.
const SELECT_BY_EMAIL: &str = formatcp!(
    "SELECT {COLUMNS} FROM users WHERE coalesce(canonical_key, email_key) IN (?1, ?2) ORDER BY email_key = ?2 DESC LIMIT 1"
);

/// Sorts: the one user with the address, or the users of a collision.
const SELECT_ALL_BY_EMAIL: &str = formatcp!(
    "SELECT {COLUMNS} FROM users WHERE id > ?3 AND (coalesce(canonical_key, email_key) IN (?1, ?2)
        OR id IN (SELECT user_id FROM email_collisions WHERE canonical_key = ?1)) ORDER BY id LIMIT ?4"
);

/// Without the `+`, the index of the users' keys, which is on an expression, would not be used.
///
/// Scans: the collisions, which are few, since accounts that collide can no longer be made. Sorts: their users.
const SELECT_COLLIDING: &str = formatcp!(
    "SELECT {COLUMNS} FROM users WHERE id > ?1 AND id IN (
        SELECT user_id FROM email_collisions UNION
        SELECT holder.id FROM email_collisions AS c
            CROSS JOIN users AS holder ON coalesce(holder.canonical_key, holder.email_key) = +c.canonical_key
    ) ORDER BY id LIMIT ?2"
);

const SELECT_LIST: &str =
    formatcp!("SELECT {COLUMNS} FROM users WHERE id > ?1 AND erased_at IS NULL ORDER BY id LIMIT ?2");

const INSERT: &str = "
    INSERT INTO users (id, email, email_key, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push,
        updated_at, version, status, canonical_key, keyed_version, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?13, ?16)";

/// A change of the rights marks itself as pending, until auth has ended the former ones. A user keeps the own address also where it collides.
const UPDATE: &str = "
    UPDATE users SET email = ?2, email_key = ?3, display_name = ?4, role = ?5, locale = ?6, phone = ?7, addresses = ?8,
        notify_email = ?9, notify_sms = ?10, notify_push = ?11, updated_at = ?12, version = ?13, status = ?14,
        rights_changed_at = CASE WHEN role <> ?5 OR status <> ?14 THEN ?12 ELSE rights_changed_at END,
        canonical_key = CASE WHEN email = ?2 THEN canonical_key ELSE ?15 END, keyed_version = ?13
    WHERE id = ?1 AND version = ?13 - 1 AND erased_at IS NULL
    RETURNING id";

const ERASE: &str = "
    UPDATE users SET email = NULL, email_key = NULL, canonical_key = NULL, keyed_version = version + 1, display_name = NULL,
        role = 'customer', locale = '', phone = NULL, addresses = '[]', notify_email = 0, notify_sms = 0, notify_push = 0, updated_at = ?3,
        erased_at = ?3, erasure_due_at = ?4, status = 'active', rights_changed_at = NULL, version = version + 1
    WHERE id = ?1 AND version = ?2 AND erased_at IS NULL
    RETURNING id";

const SELECT_PENDING_CREDENTIAL_ERASURES: &str = "
    SELECT id FROM users WHERE erased_at IS NOT NULL AND credentials_erased_at IS NULL ORDER BY erased_at DESC LIMIT ?1";

const MARK_CREDENTIALS_ERASED: &str = "UPDATE users SET credentials_erased_at = ?2 WHERE id = ?1";

const SELECT_ERASED_AT: &str = "SELECT erased_at FROM users WHERE id = ?1 AND erased_at IS NOT NULL";

const SELECT_DUE_ERASURES: &str = "
    SELECT id, erasure_checks FROM users WHERE erasure_due_at <= ?1 ORDER BY erasure_due_at LIMIT ?2";

const POSTPONE_ERASURE: &str = "
    UPDATE users SET erasure_due_at = ?3, erasure_checks = ?2 + 1, credentials_erased_at = NULL WHERE id = ?1 AND erasure_checks = ?2 RETURNING id";

const FINISH_ERASURE: &str = "UPDATE users SET erasure_due_at = NULL WHERE id = ?1";

const SELECT_PENDING_RIGHTS_CHANGES: &str = "
    SELECT id, status, version FROM users WHERE rights_changed_at IS NOT NULL ORDER BY rights_changed_at DESC LIMIT ?1";

const SELECT_PENDING_RIGHTS_CHANGE: &str = "SELECT id FROM users WHERE id = ?1 AND rights_changed_at IS NOT NULL";

/// A user who has changed again meanwhile stays pending.
const MARK_RIGHTS_ENDED: &str = "UPDATE users SET rights_changed_at = NULL WHERE id = ?1 AND version = ?2";

const SELECT_ROLE: &str = "SELECT role FROM users WHERE id = ?1 AND status = 'active' AND erased_at IS NULL";

/// Scans: an index of the active admins, who are few.
const SELECT_OTHER_ADMINS: &str = "
    SELECT id FROM users
    WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL AND id <> ?1 AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))
    ORDER BY id LIMIT 1000";

const INSERT_EMAIL_CHANGE: &str =
    "INSERT INTO email_changes (id, user_id, previous_email, changed_at) VALUES (?1, ?2, ?3, ?4)";

const SELECT_PREVIOUS_EMAIL: &str = "SELECT previous_email FROM email_changes WHERE id = ?1 AND user_id = ?2";

/// Sorts: the changes of one user within `event_retention_seconds`, which the rate class `auth` bounds.
const SELECT_EMAIL_CHANGES: &str =
    "SELECT previous_email, changed_at FROM email_changes WHERE user_id = ?1 ORDER BY changed_at LIMIT 1000";

const DELETE_EMAIL_CHANGES: &str = "DELETE FROM email_changes WHERE user_id = ?1";

const PRUNE_EMAIL_CHANGES: &str = "
    DELETE FROM email_changes
    WHERE id IN (SELECT id FROM email_changes WHERE changed_at < ?1 ORDER BY changed_at LIMIT ?2) RETURNING id";

/// Returns the user with `id`.
pub(crate) async fn get(db: &Connection, id: UserId) -> Result<User, Error> {
    db.query_optional(SELECT, params![id]).await?.ok_or(Error::NotFound)
}

/// Returns the user with the address `email`; of users whose addresses collide, the one who has it as it is spelt here, without case.
pub(crate) async fn find_by_email(db: &Connection, email: &str) -> Result<Option<User>, Error> {
    Ok(db.query_optional(SELECT_BY_EMAIL, params![email::key(email), email_key(email)]).await?)
}

/// Returns the user with the address `email`; where addresses collide, up to `limit` of its users after the user `after`.
pub(crate) async fn list_by_email(
    db: &Connection,
    email: &str,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<User>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    Ok(db.query_all(SELECT_ALL_BY_EMAIL, params![email::key(email), email_key(email), after, limit]).await?)
}

/// Returns up to `limit` users after the user `after` whose addresses collide, in the order of their creation.
pub(crate) async fn list_colliding(db: &Connection, after: Option<UserId>, limit: i64) -> Result<Vec<User>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    Ok(db.query_all(SELECT_COLLIDING, params![after, limit]).await?)
}

/// Returns up to `limit` users after the user `after`, in the order of their creation.
pub(crate) async fn list(db: &Connection, after: Option<UserId>, limit: i64) -> Result<Vec<User>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    Ok(db.query_all(SELECT_LIST, params![after, limit]).await?)
}

/// Inserts `user`.
pub(crate) async fn insert(db: &Connection, user: &User) -> Result<(), Error> {
    let mut values = values(user);
    values.push(user.created_at.into());
    db.execute(INSERT, &values).await.map_err(write_error)?;
    Ok(())
}

/// Replaces the previous version of `user` by `user`. If role or status differs, auth is to end the former rights.
pub(crate) async fn update(db: &Connection, user: &User) -> Result<(), Error> {
    let updated: Option<(String,)> = db.query_optional(UPDATE, &values(user)).await.map_err(write_error)?;
    updated.map(|_| ()).ok_or(Error::VersionMismatch)
}

/// Deletes the personal data of `user` if it is still at this version, and leaves a tombstone. Whether the other services have done so as well is
/// checked from `check_at` on.
pub(crate) async fn erase(db: &Connection, user: &User, now: Timestamp, check_at: Timestamp) -> Result<(), Error> {
    let values = params![user.id, version(user.version), now, check_at];
    let erased: Option<(String,)> = db.query_optional(ERASE, values).await?;
    erased.ok_or(Error::VersionMismatch)?;
    db.execute(DELETE_EMAIL_CHANGES, params![user.id]).await?;
    Ok(())
}

/// Returns the role of the user with `id`, or `None` if there is no such user, or it is deactivated.
pub(crate) async fn role(db: &Connection, id: UserId) -> Result<Option<Role>, Error> {
    Ok(db.query_optional(SELECT_ROLE, params![id]).await?.map(|(role,)| role))
}

/// Returns the users other than `id` who are active admins, and are `among` these if any are given; the oldest, if there are more than a thousand.
pub(crate) async fn other_admins(db: &Connection, id: UserId, among: Option<&[UserId]>) -> Result<Vec<UserId>, Error> {
    let among = among.map(|users| serde_json::json!(users).to_string());
    let rows: Vec<(UserId,)> = db.query_all(SELECT_OTHER_ADMINS, params![id, among]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Inserts the change `change` of the address of the user `id`, which was `previous`.
pub(crate) async fn insert_email_change(
    db: &Connection,
    change: Uuid,
    id: UserId,
    previous: &str,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(INSERT_EMAIL_CHANGE, params![change.to_string(), id, previous, now]).await?;
    Ok(())
}

/// Returns the address that the user `id` had before the change `change`, or `None` if it is no longer kept.
pub(crate) async fn previous_email(db: &Connection, change: Uuid, id: UserId) -> Result<Option<String>, Error> {
    Ok(db.query_optional(SELECT_PREVIOUS_EMAIL, params![change.to_string(), id]).await?.map(|(email,)| email))
}

/// Returns the addresses that the user `id` had before, as far as they are kept, each with the time of its change.
pub(crate) async fn previous_emails(db: &Connection, id: UserId) -> Result<Vec<(String, Timestamp)>, Error> {
    Ok(db.query_all(SELECT_EMAIL_CHANGES, params![id]).await?)
}

/// Deletes up to `limit` changes of addresses before `time`, and returns their number.
pub(crate) async fn prune_email_changes(db: &Connection, time: Timestamp, limit: i64) -> Result<usize, Error> {
    Ok(db.execute(PRUNE_EMAIL_CHANGES, params![time, limit]).await?.len())
}

/// Returns up to `limit` erased users whose credentials auth may still have, the latest erasure first.
pub(crate) async fn pending_credential_erasures(db: &Connection, limit: i64) -> Result<Vec<UserId>, Error> {
    let rows: Vec<(UserId,)> = db.query_all(SELECT_PENDING_CREDENTIAL_ERASURES, params![limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Marks the credentials of the erased user `id` as erased.
pub(crate) async fn mark_credentials_erased(db: &Connection, id: UserId, now: Timestamp) -> Result<(), Error> {
    db.execute(MARK_CREDENTIALS_ERASED, params![id, now]).await?;
    Ok(())
}

/// Returns up to `limit` users whose former rights auth may not have ended yet, the latest change first.
pub(crate) async fn pending_rights_changes(db: &Connection, limit: i64) -> Result<Vec<PendingChange>, Error> {
    Ok(db.query_all(SELECT_PENDING_RIGHTS_CHANGES, params![limit]).await?)
}

/// Returns true if auth may not have ended the former rights of the user `id` yet.
pub(crate) async fn has_pending_rights_change(db: &Connection, id: UserId) -> Result<bool, Error> {
    Ok(!db.execute(SELECT_PENDING_RIGHTS_CHANGE, params![id]).await?.is_empty())
}

/// Marks the former rights of a user as ended, unless the user has changed again since.
pub(crate) async fn mark_rights_ended(db: &Connection, change: &PendingChange) -> Result<(), Error> {
    db.execute(MARK_RIGHTS_ENDED, params![change.user, version(change.version)]).await?;
    Ok(())
}

/// Returns the time at which the user `id` was erased; `None` if there is no such user, or the user is not erased.
pub(crate) async fn erased_at(db: &Connection, id: UserId) -> Result<Option<Timestamp>, Error> {
    Ok(db.query_optional(SELECT_ERASED_AT, params![id]).await?.map(|(time,)| time))
}

/// Returns up to `limit` erased users who are due to be checked at `now`, each with the number of checks so far.
pub(crate) async fn due_erasures(db: &Connection, now: Timestamp, limit: i64) -> Result<Vec<(UserId, u32)>, Error> {
    Ok(db.query_all(SELECT_DUE_ERASURES, params![now, limit]).await?)
}

/// Counts a check of the erasure of `id`, after `checks` others, sets the time of the next one, and has auth erase again. Returns false if it was
/// counted already.
pub(crate) async fn postpone_erasure(db: &Connection, id: UserId, checks: u32, due: Timestamp) -> Result<bool, Error> {
    Ok(!db.execute(POSTPONE_ERASURE, params![id, checks, due]).await?.is_empty())
}

/// Marks the erasure of `id` as done in all services.
pub(crate) async fn finish_erasure(db: &Connection, id: UserId) -> Result<(), Error> {
    db.execute(FINISH_ERASURE, params![id]).await?;
    Ok(())
}

/// Returns the key of an address in releases that compared without case only. They find users by it, as this one does where a canonical key is still to
/// be computed, or collides.
fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// Returns the canonical key of an address if it differs from its [`email_key`].
fn canonical_key(email: &str) -> Option<String> {
    Some(email::key(email)).filter(|key| *key != email_key(email))
}

/// Returns the parameters 1 to 15 of [`INSERT`] and [`UPDATE`].
fn values(user: &User) -> Vec<Value> {
    let preferences = user.notification_preferences;
    let addresses = serde_json::to_string(&user.addresses).expect("addresses are plain data");
    params![
        user.id,
        user.email.as_str(),
        email_key(&user.email),
        user.display_name.as_deref(),
        user.role,
        user.locale.as_str(),
        user.phone.as_deref(),
        addresses,
        preferences.email,
        preferences.sms,
        preferences.push,
        user.updated_at,
        version(user.version),
        user.status.name(),
        canonical_key(&user.email),
    ]
    .to_vec()
}

fn version(version: u64) -> i64 {
    i64::try_from(version).expect("a user has fewer than 2^63 versions")
}

/// Maps the constraints that a request can violate to their errors.
fn write_error(error: sql::Error) -> Error {
    match error {
        sql::Error::UniqueViolation { columns }
            if ["users.email_key", "index 'users_canonical_key'"].contains(&columns.as_str()) =>
        {
            Error::EmailTaken
        }
        // The tombstone of an erased user keeps the id taken.
        sql::Error::UniqueViolation { columns } if columns == "users.id" => Error::IdTaken,
        error => Error::Sql(error),
    }
}

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let display_name: Option<String> = row.get("display_name")?;
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            addresses: addresses(row, display_name.as_deref())?,
            display_name,
            role: row.get("role")?,
            locale: row.get("locale")?,
            phone: row.get("phone")?,
            notification_preferences: NotificationPreferences {
                email: row.get("notify_email")?,
                sms: row.get("notify_sms")?,
                push: row.get("notify_push")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
            status: status(row)?,
        })
    }
}

impl FromRow for PendingChange {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { user: row.get("id")?, status: status(row)?, version: row.get("version")? })
    }
}

/// Reads the addresses of a user with this display name, which is the recipient at an address that was stored without one.
fn addresses(row: &Row<'_>, display_name: Option<&str>) -> Result<Vec<Address>, sql::Error> {
    let mut addresses: Vec<Address> = serde_json::from_str(row.get("addresses")?)
        .map_err(|_| sql::Error::Other("users.addresses is not a list of addresses".to_owned()))?;
    for address in addresses.iter_mut().filter(|address| address.name.is_empty()) {
        display_name.unwrap_or_default().clone_into(&mut address.name);
    }
    Ok(addresses)
}

fn status(row: &Row<'_>) -> Result<Status, sql::Error> {
    Status::from_name(row.get("status")?).ok_or_else(|| sql::Error::Other("users.status is not a status".to_owned()))
}
