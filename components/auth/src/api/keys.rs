//! Handlers for the keys that sign and verify access tokens.

use crate::account::require_live_session;
use crate::key_set::{self, KeyRotation};
use crate::service_keys::ServiceKeys;
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::Timestamp;
use spindle_edge::{Anonymous, HandlerResult, Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{ETag, Request, json};

/// The time for which others may cache the key set. A verifier that meets an unknown `kid` fetches the set again.
const CACHE_POLICY: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// A rotation of the signing key.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KeyRotation")]
pub(crate) struct RotationResponse<'a> {
    /// The id of the new key.
    kid: &'a str,
    /// The time from which on it signs.
    not_before: Timestamp,
    /// The key that signed until then.
    retired: Option<RetiredKey<'a>>,
}

/// A retired key.
#[derive(Serialize, JsonSchema)]
struct RetiredKey<'a> {
    /// The id of the key.
    kid: &'a str,
    /// The time until which its signatures are valid.
    expires_at: Timestamp,
}

/// Handles `GET /.well-known/jwks.json` (RFC 7517, section 5): 200 with the public keys, or 304.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    key_set_response(context, &request).await
}

/// Handles `GET /internal/auth/keys`: the same for services, which no rate limit applies to.
pub(crate) async fn list_for_services(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    key_set_response(context, &request).await
}

async fn key_set_response(context: &Context, request: &Request) -> HandlerResult {
    let keys = ServiceKeys::load(context)?;
    let set = key_set::published(context, &context.sql().await?, &keys).await?;
    let mut response = json(StatusCode::OK, &set);
    let etag = ETag::of_content(response.body());
    response.headers_mut().insert(ETAG, etag.header());
    response.headers_mut().insert(CACHE_CONTROL, CACHE_POLICY);
    request.or_not_modified(response, &etag)
}

/// Handles `POST /v1/admin/auth/keys/rotate`: 200 with the new key's `kid` and the time until which the retired key verifies.
pub(crate) async fn rotate(context: &Context, caller: Principal, _: Request) -> HandlerResult {
    let keys = ServiceKeys::load(context)?;
    let db = context.sql().await?;
    require_live_session(context, &db, caller).await?;
    let KeyRotation { kid, not_before, retired, expires_at } =
        key_set::rotate(context, &db, &keys, caller.user()).await?;
    let retired = retired.as_deref().map(|kid| RetiredKey { kid, expires_at });
    Ok(json(StatusCode::OK, &RotationResponse { kid: &kid, not_before, retired }))
}
