//! Keys in the database: claimed, answered, given up.

use crate::asked::IdempotentRequest;
use crate::error::Error;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::http::Response;
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, Row};
use std::time::Duration;
use uuid::Uuid;

/// A new key is claimed, and one whose holder's lease is over as well.
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

const RELEASE: &str = "
    UPDATE idempotency_keys SET lease_until = ?5
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const FORGET: &str = "
    DELETE FROM idempotency_keys
    WHERE user_id = ?1 AND operation = ?2 AND key = ?3 AND attempt = ?4 AND status IS NULL RETURNING attempt";

const TAKE_ABANDONED: &str = "
    UPDATE idempotency_keys SET attempt = attempt + 1, lease_until = ?3
    WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NULL AND operation = ?1 AND lease_until <= ?2 ORDER BY lease_until LIMIT ?4)
    RETURNING user_id, operation, key, resource_id, attempt";

/// What nobody has answered is [`abandoned`]'s.
const PRUNE: &str = "
    DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
        SELECT user_id, operation, key FROM idempotency_keys
        WHERE status IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)
    RETURNING attempt";

/// The header of an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What came of a request with a key.
#[derive(Clone, Debug)]
pub enum BeginOutcome {
    /// It is to be carried out, by whoever has this.
    Claimed(Claim),
    /// It was carried out before, and this is the answer once more.
    Answered(Response),
}

/// The right to carry out what a key was sent for, until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The id of what is made: the same for whoever takes over.
    pub resource_id: Uuid,
    user: UserId,
    operation: String,
    key: String,
    attempt: u32,
}

impl Claim {
    /// Whether somebody has begun before, and may have left something behind.
    pub fn is_taken_over(&self) -> bool {
        self.attempt > 1
    }
}

/// Claims the key of `asked` for `lease`, with `new_id` for what is to be made if the key is new.
///
/// # Errors
///
/// [`Error::InFlight`] while somebody else has it; [`Error::OtherRequest`] if it was sent with something else.
pub async fn begin(
    db: &Connection,
    asked: &IdempotentRequest,
    new_id: Uuid,
    now: Timestamp,
    lease: Duration,
) -> Result<BeginOutcome, Error> {
    let IdempotentRequest { user, operation, key, hash } = asked;
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
            let response = answer(status, &row.get::<String>("headers")?, row.get("body")?)?;
            Ok(BeginOutcome::Answered(response))
        }
        None => Err(Error::InFlight(seconds_until(lease_until, now))),
    }
}

/// Stores `response` as the answer to what was claimed. Its headers are stored as they are here, before the edge adds its own.
///
/// # Errors
///
/// [`Error::Superseded`] if the claim is somebody else's by now: then nothing of this must be committed.
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

/// Lets go of the claim, so that whoever sends the key next takes over at once: what came of the request so far has to be found again.
///
/// # Errors
///
/// [`Error::Superseded`] if the claim is somebody else's by now.
pub async fn end_lease(db: &Connection, claim: &Claim, now: Timestamp) -> Result<(), Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let released: Option<(u32,)> = db.query_optional(RELEASE, params![*user, operation, key, *attempt, now]).await?;
    released.map(|_| ()).ok_or(Error::Superseded)
}

/// Gives the key back as if it had never been sent: nothing came of the request, and sending it again may help.
///
/// # Errors
///
/// [`Error::Superseded`] if the claim is somebody else's by now.
pub async fn delete_claim(db: &Connection, claim: &Claim) -> Result<(), Error> {
    let Claim { user, operation, key, attempt, .. } = claim;
    let forgotten: Option<(u32,)> = db.query_optional(FORGET, params![*user, operation, key, *attempt]).await?;
    forgotten.map(|_| ()).ok_or(Error::Superseded)
}

/// Takes over up to `limit` claims on `operation` whose leases ended before `before`, until `lease_until`: nobody came back for them.
///
/// # Errors
///
/// What the database says.
pub async fn take_over_abandoned(
    db: &Connection,
    operation: &str,
    before: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claim>, sql::Error> {
    db.query_all(TAKE_ABANDONED, params![operation, before, lease_until, limit]).await
}

/// Removes up to `limit` answered keys that are older than [`RETENTION`](crate::RETENTION), and says how many.
///
/// # Errors
///
/// What the database says.
pub async fn prune(db: &Connection, now: Timestamp, limit: i64) -> Result<usize, sql::Error> {
    Ok(db.execute(PRUNE, params![now.minus(crate::RETENTION), limit]).await?.len())
}

/// Whole seconds, at least one.
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

fn answer(status: u16, headers: &str, body: Vec<u8>) -> Result<Response, sql::Error> {
    let corrupt = || sql::Error::Other("idempotency_keys holds what is no answer".to_owned());
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
