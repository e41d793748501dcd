//! Helpers for the tests of services on the native platform: a client, valid tokens, and checks of the documents.

mod client;
pub mod contract;

pub use client::{TestClient, TestRequest, TestResponse};
pub use contract::assert_documented;

use crate::access::STORE;
use crate::route::Service;
use crate::serve_adapter;
use crate::session_rights::{self, SessionRights};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures::executor::block_on;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_contracts::{Role, SessionId, Timestamp, UserId};
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, json};
use spindle_platform::platform::Builder;
use spindle_platform::token::access::{self, AccessClaims, ISSUER_VARIABLE};
use spindle_platform::token::jwks::{Jwk, JwkSet};
use spindle_platform::token::service::{self, Caller, Operation, SECRET_VARIABLE};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const ISSUER: &str = "https://spindle.example";

/// Sets the variables that the edge reads, with limits that no test reaches.
#[must_use]
pub fn with_edge_variables(platform: Builder) -> Builder {
    platform
        .with_variable(SECRET_VARIABLE, SECRET)
        .with_variable(ISSUER_VARIABLE, ISSUER)
        .with_variable("audit_secret", SECRET)
        .with_variable("auth_url", "http://auth.spin.internal")
        .with_variable("rate_limit_auth", "1000000/60")
        .with_variable("rate_limit_read", "1000000/60")
        .with_variable("rate_limit_write", "1000000/60")
        .with_variable("rate_limit_export", "1000000/60")
}

/// A fake of auth: it publishes keys, signs access tokens, and knows the rights of their sessions.
#[derive(Debug)]
pub struct Issuer {
    platform: Platform,
    key: SigningKey,
    sessions: Rc<RefCell<BTreeMap<String, SessionRights>>>,
}

impl Issuer {
    /// Makes an issuer whose key is published in place of auth's on `platform`.
    pub fn new(platform: &Platform) -> Self {
        let issuer = Self::with_key(platform, 7);
        issuer.publish(&[issuer.jwk(None)]);
        issuer
    }

    /// Makes an issuer with a key derived from `seed`, which is not published.
    pub fn with_key(platform: &Platform, seed: u8) -> Self {
        Self { platform: platform.clone(), key: SigningKey::from_bytes(&[seed; 32]), sessions: Rc::default() }
    }

    /// Returns the issuer's public key, valid until `end` if it is given, in seconds since the Unix epoch.
    pub fn jwk(&self, end: Option<i64>) -> Jwk {
        Jwk::new(&self.key.verifying_key(), end)
    }

    /// Publishes `keys` in place of auth's, and the rights of the sessions of this issuer's tokens.
    pub fn publish(&self, keys: &[Jwk]) {
        let set = JwkSet { keys: keys.to_vec() };
        let sessions = Rc::clone(&self.sessions);
        self.platform.serve("auth.spin.internal", move |request| {
            let response = match request.path().strip_prefix("/internal/auth/sessions/") {
                Some(session) => {
                    let rights = sessions.borrow().get(session).copied();
                    json(StatusCode::OK, &rights.unwrap_or(SessionRights::Ended))
                }
                None => json(StatusCode::OK, &set),
            };
            Box::pin(async { response })
        });
    }

    /// Returns an access token of `user` with `role`, who has just logged in, valid for ten minutes from now, and writes the rights of its session, as
    /// auth does.
    pub fn token(&self, user: UserId, role: Role) -> String {
        self.token_of_login(user, role, Some(self.platform.now()))
    }

    /// Returns the same of a log-in at `logged_in_at`; `None` for a token that does not say so.
    pub fn token_of_login(&self, user: UserId, role: Role, logged_in_at: Option<Timestamp>) -> String {
        self.set_rights(user, SessionRights::Live { user, role });
        let now = self.platform.now();
        let logged_in_at = logged_in_at.map(Timestamp::as_secs);
        let claims =
            AccessClaims { user, role, session: session_of(user), logged_in_at, expires_at: now.as_secs() + 600 };
        access::mint(&self.key, ISSUER, &claims, Uuid::from_u128(8), now)
    }

    /// Gives the session of `user` these rights, at auth and in the store of the edge.
    pub fn set_rights(&self, user: UserId, rights: SessionRights) {
        let session = session_of(user);
        self.sessions.borrow_mut().insert(session.to_string(), rights);
        let expires_at = Timestamp::from_millis(self.platform.now().as_millis() + 600_000);
        let (key, value) = session_rights::entry(SECRET, session, rights, expires_at);
        self.platform.set_shared_value(STORE, &key, &value);
    }
}

/// Returns the session of the tokens of `user`: each user has one.
pub fn session_of(user: UserId) -> SessionId {
    SessionId(Uuid::from_u128(!user.0.as_u128()))
}

/// Returns the user id with this number.
pub fn user_id(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

/// Returns a service token with which `caller` may call `operation`, valid for a minute from now.
pub fn service_token(platform: &Platform, caller: &str, operation: &Operation<'_>) -> String {
    let caller = Caller { service: caller.to_owned(), subject: None };
    service::mint(SECRET, &caller, operation, platform.now()).expect("the secret is long enough")
}

/// Calls the adapter of a provider: posts `body` to `path` as `caller`, and returns the status and the body of the response. The adapter's
/// platform has the secret of its tokens and nothing else.
///
/// # Panics
/// If the response body is not JSON.
pub fn call_adapter(service: &'static Service, caller: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let platform = Platform::native().with_variable(SECRET_VARIABLE, SECRET).build();
    call_adapter_on(&platform, service, caller, path, body)
}

/// Returns the same of an adapter on `platform`, which has the variables of [`with_edge_variables`].
///
/// # Panics
/// If the response has a body that is not JSON.
pub fn call_adapter_on(
    platform: &Platform,
    service: &'static Service,
    caller: &str,
    path: &str,
    body: &Value,
) -> (StatusCode, Value) {
    let operation = Operation { service: service.scope.service, method: &Method::POST, path };
    let token = service_token(platform, caller, &operation);
    let request = http::Request::post(path).header(CONTENT_TYPE, "application/json");
    let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::from(Bytes::from(body.to_string()))).expect("the path is a URI");
    let response = block_on(serve_adapter(service, platform.clone(), Request::new(request)));
    (response.status(), serde_json::from_slice(response.body()).expect("the response body is JSON"))
}
