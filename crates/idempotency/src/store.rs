//! Keys in the database: they are claimed, completed with a response, and removed.

use crate::error::Error;
use crate::request::IdempotentRequest;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::http::Response;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};
use std::time::Duration;
use uuid::Uuid;

/// Claims a new key, or one whose lease has expired.
const CLAIM: &str = "
    INSERT INTO idempotency_keys (user_id, operation, key, request_hash, resource_id, created_at, attempt, lease_until)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)
    ON CONFLICT (user_id, operation, key) DO UPDATE SET attempt = attempt + 1, lease_until = excluded.lease_until
    WHERE status IS NULL AND lease_until <= ?6 AND request_hash = excluded.request_hash
    RETURNING user_id, operation, key, resource_id, attempt";

const SELECT: &str = "
    SELECT request_hash, lease_until, status, headers, body FROM idempotency_keys
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3";

const FINISH: &str = "
    UPDATE idempotency_keys SET status = ?5, headers = ?6, body = ?7
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const END_LEASE: &str = "
    UPDATE idempotency_keys SET lease_until = ?5
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const DELETE: &str = "
    DELETE FROM idempotency_keys
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const TAKE_OVER_ABANDONED: &str = "
    UPDATE idempotency_keys SET attempt = attempt + 1, lease_until = ?3
    WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NULL AND operation = ?1 AND lease_until <= ?2 ORDER BY lease_until LIMIT ?4)
    RETURNING user_id, operation, key, resource_id, attempt";

/// Keys without a response stay for [`take_over_abandoned`].
const PRUNE: &str = "
    DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)
    RETURNING attempt";

/// The header of a response that is repeated.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The outcome of beginning a request with a key.
#[derive(Clone, Debug)]
pub enum BeginOutcome {
    /// The request is to be executed by the holder of this claim.
    Claimed(Claim),
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
    now: Timestamp,
    lease: Duration,
) -> Result<BeginOutcome, Error> {
    let IdempotentRequest { user, operation, key, hash } = request;
    let values = params![*user, *operation, key, hash, new_id, now, now.plus(lease)];
    if let Some(claim) = db.query_optional(CLAIM, values).await? {
        return Ok(BeginOutcome::Claimed(claim));
    }
    let rows = db.execute(SELECT, params![*user, *operation, key]).await?;
    // Deleted between the two statements.
    let Some(row) = rows.iter().next() else { return Err(Error::InFlight(1)) };
    if row.get::<Vec<u8>>("request_hash")? != hash {
        return Err(Error::OtherRequest);
    }
    let lease_until = row.get("lease_until")?;
    match row.get("status")? {
        Some(status) => {
            let response = response(status, row.get("headers")?, row.get("body")?)?;
            Ok(BeginOutcome::Answered(response))
        }
        None => Err(Error::InFlight(seconds_until(lease_until, now))),
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
pub async fn end_lease(db: &Connection, claim: &Claim, now: Timestamp) -> Result<(), Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let ended: Option<(u32,)> = db.query_optional(END_LEASE, params![*user, operation, key, *attempt, now]).await?;
    ended.map(|_| ()).ok_or(Error::Superseded)
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

/// Takes over up to `limit` claims on `operation` whose leases ended before `before`, until `lease_until`: their clients never retried.
///
/// # Errors
///
/// The errors of the database.
pub async fn take_over_abandoned(
    db: &Connection,
    operation: &str,
    before: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claim>, sql::Error> {
    db.query_all(TAKE_OVER_ABANDONED, params![operation, before, lease_until, limit]).await
}

/// Removes up to `limit` keys with a response that are older than [`RETENTION`](crate::RETENTION), and returns their number.
///
/// # Errors
///
/// The errors of the database.
pub async fn prune(db: &Connection, now: Timestamp, limit: i64) -> Result<usize, sql::Error> {
    Ok(db.execute(PRUNE, params![now.minus(crate::RETENTION), limit]).await?.len())
}

/// Returns the whole seconds until `time`, at least one.
fn seconds_until(time: Timestamp, now: Timestamp) -> u32 {
    let millis = time.as_millis().saturating_sub(now.as_millis());
    u32::try_from(millis.saturating_add(999) / 1_000).unwrap_or(1).max(1)
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
