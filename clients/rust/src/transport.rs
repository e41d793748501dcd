//! The sending of requests: access token, idempotency key, retries, and one refresh for all who need it.

use std::sync::Arc;

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use reqwest::{Request, Response, StatusCode};
use uuid::Uuid;

use crate::Secret;
use crate::facts::{AUTHENTICATED, WITH_IDEMPOTENCY_KEY};
use crate::generated::Client;
use crate::retries::{Retries, is_idempotent};
use crate::session::{CurrentSession, Session};
use crate::types::{RefreshTokenRequest, TokenResponse};

/// The header with the key of a request that may be sent twice.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The operation whose body is a list of JSON objects, a line each.
const IMPORT: &str = "import_products";

/// What all clones of a client share.
#[derive(Clone, Debug)]
pub struct Transport(pub(crate) Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) retries: Retries,
    pub(crate) session: CurrentSession,
}

impl ClientHooks<Transport> for Client {
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        self.inner.send(request, info.operation_id).await
    }
}

impl Transport {
    /// Sends a request: with an access token if the operation needs one, and again with a new one if it has expired.
    async fn send(&self, mut request: Request, operation: &str) -> reqwest::Result<Response> {
        if WITH_IDEMPOTENCY_KEY.contains(&operation) && !request.headers().contains_key(IDEMPOTENCY_KEY) {
            let key = Uuid::new_v4().to_string();
            request.headers_mut().insert(IDEMPOTENCY_KEY, HeaderValue::try_from(key).expect("a UUID is ASCII"));
        }
        if operation == IMPORT {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        }
        let token = if AUTHENTICATED.contains(&operation) { self.access_token().await } else { None };
        authorize(&mut request, token.as_ref());
        let again = token.and_then(|token| Some((request.try_clone()?, token)));
        let response = self.0.with_retries(request).await?;
        let Some((mut request, token)) = again.filter(|_| has_expired(&response)) else { return Ok(response) };
        let Some(token) = self.refreshed(token).await else { return Ok(response) };
        authorize(&mut request, Some(&token));
        self.0.with_retries(request).await
    }

    /// Returns a valid access token; `None` if the user is not logged in.
    async fn access_token(&self) -> Option<Secret> {
        let session = self.0.session.get()?;
        if !session.is_about_to_expire() {
            return Some(session.access_token);
        }
        // If the platform cannot be reached, the old token may still do.
        let old = session.access_token;
        self.refreshed(old.clone()).await.or_else(|| self.0.session.get().map(|_| old))
    }

    /// Returns the access token that comes after `old`; `None` if there is none.
    async fn refreshed(&self, old: Secret) -> Option<Secret> {
        let shared = Arc::clone(&self.0);
        // A task of its own, because the tokens would be lost if the caller gave up meanwhile.
        tokio::spawn(async move { shared.refresh(&old).await }).await.ok().flatten()
    }
}

impl Shared {
    async fn with_retries(&self, mut request: Request) -> reqwest::Result<Response> {
        let is_idempotent = is_idempotent(&request);
        let mut attempt = 0;
        loop {
            let again = if is_idempotent && attempt < self.retries.attempts { request.try_clone() } else { None };
            let result = self.http.execute(request).await;
            let Some((next, pause)) = again.and_then(|next| Some((next, self.retries.pause(attempt, &result)?))) else {
                return result;
            };
            tokio::time::sleep(pause).await;
            request = next;
            attempt += 1;
        }
    }

    /// Exchanges the refresh token, unless another caller has done it meanwhile.
    async fn refresh(&self, old: &Secret) -> Option<Secret> {
        let _guard = self.session.refreshing.lock().await;
        let session = self.session.get()?;
        if session.access_token != *old {
            return Some(session.access_token);
        }
        let body = RefreshTokenRequest { refresh_token: session.refresh_token.clone() };
        let request = self.http.post(format!("{}/v1/auth/refresh", self.base_url)).json(&body);
        let mut attempt = 0;
        // For a few seconds a refresh token returns the same tokens again, so that a lost response can be repeated.
        let response = loop {
            let result = request.try_clone()?.send().await;
            match self.retries.pause(attempt, &result) {
                Some(pause) if attempt < self.retries.attempts => tokio::time::sleep(pause).await,
                _ => break result.ok()?,
            }
            attempt += 1;
        };
        if response.status() == StatusCode::UNAUTHORIZED {
            self.session.replace(&session, None);
            return None;
        }
        let tokens: TokenResponse = response.error_for_status().ok()?.json().await.ok()?;
        self.session.replace(&session, Some(Session::from(tokens)));
        self.session.get().map(|session| session.access_token)
    }
}

fn authorize(request: &mut Request, token: Option<&Secret>) {
    if let Some(Ok(mut value)) = token.map(|token| HeaderValue::try_from(format!("Bearer {}", token.expose()))) {
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
}

/// Returns whether the access token of the request is no longer valid (RFC 6750, section 3.1).
fn has_expired(response: &Response) -> bool {
    let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::UNAUTHORIZED
        && challenge.is_some_and(|challenge| challenge.contains("invalid_token"))
}
