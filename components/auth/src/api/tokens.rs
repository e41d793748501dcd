//! Handlers for tokens: log-in, refresh and log-out.

use crate::secret::Secret;
use crate::session::Device;
use crate::signer::IssuedTokens;
use crate::users_client::Identity;
use crate::{account, bootstrap, housekeeping, login, refresh};
use http::header::{CACHE_CONTROL, USER_AGENT};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use spindle_edge::{Anonymous, HandlerResult};
use spindle_platform::Context;
use spindle_platform::http::{Request, Response, empty, json};

/// The most bytes of a `User-Agent` that are stored.
const MAX_USER_AGENT: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    email: String,
    password: Secret,
}

/// The body of a refresh and of a log-out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefreshTokenRequest {
    refresh_token: Secret,
}

/// A token response (RFC 6749, section 5.1), and the user whom the tokens belong to.
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: String,
    user: &'a Identity,
}

/// Handles `POST /v1/auth/login`: 200 with the tokens of a new session.
pub(crate) async fn login(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let LoginRequest { email, password } = request.json().await?;
    let db = context.sql().await?;
    bootstrap::ensure(context, &db).await;
    let tokens = login::log_in(context, &db, &email, &password, device(context, &request)).await?;
    housekeeping::after_response(context);
    Ok(token_response(&tokens))
}

/// Handles `POST /v1/auth/refresh`: 200 with new tokens of the same session.
pub(crate) async fn refresh(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let RefreshTokenRequest { refresh_token } = request.json().await?;
    let tokens = refresh::refresh(context, &context.sql().await?, &refresh_token).await?;
    Ok(token_response(&tokens))
}

/// Handles `POST /v1/auth/logout`: 204, with a session to end or without (RFC 7009, section 2.2).
pub(crate) async fn logout(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let RefreshTokenRequest { refresh_token } = request.json().await?;
    account::log_out(context, &context.sql().await?, &refresh_token).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn token_response(tokens: &IssuedTokens) -> Response {
    let body = TokenResponse {
        access_token: &tokens.access,
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        refresh_token: tokens.refresh.text(),
        user: &tokens.identity,
    };
    let mut response = json(StatusCode::OK, &body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Returns the device that the request comes from. A header is visible ASCII here, so it can be cut at any byte.
fn device(context: &Context, request: &Request) -> Device {
    let user_agent = request.header(USER_AGENT).map(|name| name[..name.len().min(MAX_USER_AGENT)].to_owned());
    Device { user_agent, address: context.source().map(|address| address.to_string()) }
}
