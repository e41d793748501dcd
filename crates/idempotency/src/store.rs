//! Keys in the database: they are claimed, completed with a response, and removed.

use crate::error::Error;
use crate::request::IdempotentRequest;
use bytes::Bytes;
use const_format::formatcp;
use http::{HeaderName, HeaderValue, StatusCode};
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::http::Response;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row};
use std::time::Duration;
use uuid::Uuid;

/// Claims a new key, or one whose lease has expired, for ?6. ?1 is the user, ?2 the operation, ?3 the key. [`begin_reading`] takes a statement that
/// begins with this one and returns further columns.
pub const CLAIM: &str = formatcp!(
    "INSERT INTO idempotency_keys (user_id, operation, key, request_hash, resource_id, created_at, attempt, lease_until)
    VALUES (?1, ?2, ?3, ?4, ?5, {NOW}, 1, {NOW} + ?6)
    ON CONFLICT (user_id, operation, key) DO UPDATE SET attempt = attempt + 1, lease_until = excluded.lease_until
    WHERE status IS NULL AND lease_until <= {NOW} AND request_hash = excluded.request_hash
    RETURNING user_id, operation, key, resource_id, attempt"
);

const SELECT: &str = formatcp!(
    "SELECT request_hash, lease_until - {NOW} AS remaining, status, headers, body FROM idempotency_keys
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3"
);

const FINISH: &str = "
    UPDATE idempotency_keys SET status = ?5, headers = ?6, body = ?7
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const RENEW: &str = "
    UPDATE idempotency_keys SET resource_id = ?5
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL
    RETURNING user_id, operation, key, resource_id, attempt";

const END_LEASE: &str = formatcp!(
    "UPDATE idempotency_keys SET lease_until = {NOW}
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt"
);

const DELETE: &str = "
    DELETE FROM idempotency_keys
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const TAKE_OVER_ABANDONED: &str = formatcp!(
    "UPDATE idempotency_keys SET attempt = attempt + 1, lease_until = {NOW} + ?3
    WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NULL AND operation = ?1 AND lease_until <= {NOW} - ?2 ORDER BY lease_until LIMIT ?4)
    RETURNING user_id, operation, key, resource_id, attempt"
);

/// Keys without a response stay for [`take_over_abandoned`].
const PRUNE: &str = "
    DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)
    RETURNING attempt";

const DELETE_ANSWERED: &str =
    "DELETE FROM idempotency_keys WHERE user_id = ?1 AND status IS NOT NULL RETURNING attempt";

const HAS_KEYS: &str = "SELECT EXISTS (SELECT 1 FROM idempotency_keys WHERE user_id = ?1)";

/// The header of a response that is repeated.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The outcome of beginning a request with a key.
#[derive(Clone, Debug)]
pub enum BeginOutcome<C = Claim> {
    /// The request is to be executed by the holder of this claim.
    Claimed(C),
    /// The request was executed before; this is its response.
    Answered(Response),
}

/// The right to execute the request with a key, until its lease expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The id of the resource to create, the same for every holder.
    pub resource_id: Uuid,
    user: UserId,
    operation: String,
    key: String,
    attempt: u32,
}

impl Claim {
    /// Returns whether an earlier holder has begun, and may have had effects.
    pub fn is_taken_over(&self) -> bool {
        self.attempt > 1
    }
}

/// Claims the key of `request` for `lease`, with `new_id` for the resource if the key is new.
///
/// # Errors
///
/// [`Error::InFlight`] while another request holds it; [`Error::OtherRequest`] if it belongs to a request with another payload.
pub async fn begin(
    db: &Connection,
    request: &IdempotentRequest,
    new_id: Uuid,
    lease: Duration,
) -> Result<BeginOutcome, Error> {
    begin_with(db, CLAIM, request, new_id, lease, Claim::from_row).await
}

/// Begins as [`begin`] does, and reads a `T` in the same statement: `claim` is [`CLAIM`] and further columns.
///
/// # Errors
///
/// The errors of [`begin`].
pub async fn begin_reading<T: FromRow>(
    db: &Connection,
    claim: &'static str,
    request: &IdempotentRequest,
    new_id: Uuid,
    lease: Duration,
) -> Result<BeginOutcome<(Claim, T)>, Error> {
    let read = |row: &Row<'_>| Ok((Claim::from_row(row)?, T::from_row(row)?));
    begin_with(db, claim, request, new_id, lease, read).await
}

async fn begin_with<C>(
    db: &Connection,
    claim: &'static str,
    request: &IdempotentRequest,
    new_id: Uuid,
    lease: Duration,
    read: impl FnOnce(&Row<'_>) -> Result<C, sql::Error>,
) -> Result<BeginOutcome<C>, Error> {
    let IdempotentRequest { user, operation, key, hash } = request;
    let values = params![*user, *operation, key, hash, new_id, lease];
    if let Some(row) = db.execute(claim, values).await?.iter().next() {
        return Ok(BeginOutcome::Claimed(read(&row)?));
    }
    // Without a row the key was deleted, or its lease ended, between the two statements.
    find(db, request, lease).await?.map(BeginOutcome::Answered).ok_or(Error::InFlight(1))
}

/// Returns the stored response to `request`, if it has one, and claims nothing. `lease` is that of the claims on it.
///
/// # Errors
///
/// The errors of [`begin`].
pub async fn find(db: &Connection, request: &IdempotentRequest, lease: Duration) -> Result<Option<Response>, Error> {
    let IdempotentRequest { user, operation, key, hash } = request;
    let rows = db.execute(SELECT, params![*user, *operation, key]).await?;
    let Some(row) = rows.iter().next() else { return Ok(None) };
    if row.get::<Vec<u8>>("request_hash")? != hash {
        return Err(Error::OtherRequest);
    }
    let remaining = u64::try_from(row.get::<i64>("remaining")?).map_or(Duration::ZERO, Duration::from_millis);
    match row.get("status")? {
        Some(status) => Ok(Some(response(status, row.get("headers")?, row.get("body")?)?)),
        None if remaining.is_zero() => Ok(None),
        None => Err(Error::InFlight(retry_after(remaining, lease))),
    }
}

/// Stores `response` as the one to the claimed request. Its headers are stored as they are here, before the edge adds its own.
///
/// # Errors
///
/// [`Error::Superseded`] if another request holds the claim by now: then the transaction must not be committed.
pub async fn finish(db: &Connection, claim: &Claim, response: &Response) -> Result<(), Error> {
    let headers: Vec<(&str, &str)> =
        response.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    let headers = serde_json::to_string(&headers).expect("pairs of text are plain data");
    let Claim { user, operation, key, attempt, .. } = claim;
    let body = response.body().as_ref();
    let values = params![*user, operation, key, *attempt, response.status().as_u16(), headers, body];
    let finished: Option<(u32,)> = db.query_optional(FINISH, values).await?;
    finished.map(|_| ()).ok_or(Error::Superseded)
}

/// Ends the lease, so that the next request with the key takes over at once, and finds the effects so far again.
///
/// # Errors
///
/// [`Error::Superseded`] if another request holds the claim by now.
pub async fn end_lease(db: &Connection, claim: &Claim) -> Result<(), Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let ended: Option<(u32,)> = db.query_optional(END_LEASE, params![*user, operation, key, *attempt]).await?;
    ended.map(|_| ()).ok_or(Error::Superseded)
}

/// Gives the claim another `new_id` for the resource, for a holder that leaves the effects under the old one behind.
///
/// # Errors
///
/// [`Error::Superseded`] if another request holds the claim by now.
pub async fn renew(db: &Connection, claim: &Claim, new_id: Uuid) -> Result<Claim, Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let renewed = db.query_optional(RENEW, params![*user, operation, key, *attempt, new_id]).await?;
    renewed.ok_or(Error::Superseded)
}

/// Deletes the claim as if the key had never been sent: the request had no effect, and a retry may succeed.
///
/// # Errors
///
/// [`Error::Superseded`] if another request holds the claim by now.
pub async fn delete_claim(db: &Connection, claim: &Claim) -> Result<(), Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let deleted: Option<(u32,)> = db.query_optional(DELETE, params![*user, operation, key, *attempt]).await?;
    deleted.map(|_| ()).ok_or(Error::Superseded)
}

/// Takes over up to `limit` claims on `operation` whose leases ended at least `abandoned_for` ago, for `lease`: their clients never retried.
///
/// # Errors
///
/// The errors of the database.
pub async fn take_over_abandoned(
    db: &Connection,
    operation: &str,
    abandoned_for: Duration,
    lease: Duration,
    limit: i64,
) -> Result<Vec<Claim>, sql::Error> {
    db.query_all(TAKE_OVER_ABANDONED, params![operation, abandoned_for, lease, limit]).await
}

/// Removes up to `limit` keys with a response that are older than [`RETENTION`](crate::RETENTION), and returns their number.
///
/// # Errors
///
/// The errors of the database.
pub async fn prune(db: &Connection, now: Timestamp, limit: i64) -> Result<usize, sql::Error> {
    Ok(db.execute(PRUNE, params![now.minus(crate::RETENTION), limit]).await?.len())
}

/// Deletes the keys of the erased `user` that have a response, and returns whether others are left: their requests are in progress, or abandoned, and
/// what they reserved is released under their claims.
///
/// # Errors
///
/// The errors of the database.
pub async fn erase(db: &Connection, user: UserId) -> Result<bool, sql::Error> {
    db.execute(DELETE_ANSWERED, params![user]).await?;
    let (has_keys,): (bool,) = db.query_one(HAS_KEYS, params![user]).await?;
    Ok(has_keys)
}

/// Returns the seconds after which a client should send its request again while a claim is held for the `remaining` time of its `lease`: as many as
/// the claim is old, because most requests are done within a second, and one that takes long takes longer; and at most until the end of the lease.
fn retry_after(remaining: Duration, lease: Duration) -> u32 {
    let age = lease.saturating_sub(remaining);
    u32::try_from(age.as_secs().min(remaining.as_secs())).unwrap_or(1).max(1)
}

impl FromRow for Claim {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            user: row.get("user_id")?,
            operation: row.get("operation")?,
            key: row.get("key")?,
            resource_id: row.get("resource_id")?,
            attempt: row.get("attempt")?,
        })
    }
}

/// Rebuilds a response from its columns.
fn response(status: u16, headers: &str, body: Vec<u8>) -> Result<Response, sql::Error> {
    let corrupt = || sql::Error::Other("idempotency_keys holds an invalid response".to_owned());
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| corrupt())?;
    let headers: Vec<(String, String)> = serde_json::from_str(headers).map_err(|_| corrupt())?;
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| corrupt())?;
        response.headers_mut().append(name, HeaderValue::try_from(value).map_err(|_| corrupt())?);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
