//! The keys that access tokens are signed and checked with.

use crate::account::require_live_session;
use crate::secrets::Secrets;
use crate::signing::{self, Rotation};
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use spindle_contracts::Timestamp;
use spindle_edge::{Anonymous, HandlerResult, Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{ETag, Request, json};

/// For how long others may use the set without asking. Whoever meets a key that is not in theirs asks again.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

#[derive(Serialize)]
struct Rotated<'a> {
    kid: &'a str,
    not_before: Timestamp,
    retired: Option<Retired<'a>>,
}

#[derive(Serialize)]
struct Retired<'a> {
    kid: &'a str,
    expires_at: Timestamp,
}

/// `GET /.well-known/jwks.json`: 200 with the keys that verify, or 304.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    published(context, &request).await
}

/// `GET /internal/auth/keys`: the same for services, who are not counted.
pub(crate) async fn list_for_services(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    published(context, &request).await
}

async fn published(context: &Context, request: &Request) -> HandlerResult {
    let secrets = Secrets::read(context)?;
    let set = signing::published(context, &context.sql().await?, &secrets).await?;
    let mut response = json(StatusCode::OK, &set);
    let etag = ETag::of_content(response.body());
    response.headers_mut().insert(ETAG, etag.header());
    response.headers_mut().insert(CACHE_CONTROL, CACHED);
    Ok(request.or_not_modified(response, &etag))
}

/// `POST /v1/admin/auth/keys/rotate`: 200 with the new key's name and until when the old one verifies.
pub(crate) async fn rotate(context: &Context, caller: Principal, _: Request) -> HandlerResult {
    let secrets = Secrets::read(context)?;
    let db = context.sql().await?;
    require_live_session(context, &db, caller).await?;
    let Rotation { kid, not_before, retired, expires_at } =
        signing::rotate(context, &db, &secrets, caller.user()).await?;
    let retired = retired.as_deref().map(|kid| Retired { kid, expires_at });
    Ok(json(StatusCode::OK, &Rotated { kid: &kid, not_before, retired }))
}
