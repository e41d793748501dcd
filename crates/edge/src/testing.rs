//! For the tests of services on the native platform: tokens that the edge takes, and the list of
//! operations.

use crate::route::{Access, Callers, Route, Service};
use crate::serve_adapter;
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures::executor::block_on;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_contracts::{Role, SessionId, UserId};
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, json};
use spindle_platform::platform::Builder;
use spindle_platform::token::access::{self, AccessClaims, ISSUER_VARIABLE};
use spindle_platform::token::jwks::{Jwk, JwkSet};
use spindle_platform::token::service::{self, Caller, Operation, SECRET_VARIABLE};
use uuid::Uuid;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const ISSUER: &str = "https://spindle.example";

/// The variables that the edge reads, with limits that no test reaches.
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
}

/// A stand-in for auth: its keys, and tokens that they sign.
#[derive(Debug)]
pub struct Issuer {
    platform: Platform,
    key: SigningKey,
}

impl Issuer {
    /// An issuer whose key `platform` serves in the place of auth.
    pub fn new(platform: &Platform) -> Self {
        let issuer = Self::with_key(platform, 7);
        issuer.publish(&[issuer.jwk(None)]);
        issuer
    }

    /// An issuer with a key made of `seed` that nobody knows yet.
    pub fn with_key(platform: &Platform, seed: u8) -> Self {
        Self { platform: platform.clone(), key: SigningKey::from_bytes(&[seed; 32]) }
    }

    /// Its public key, good until `end` if it is given, in seconds since the Unix epoch.
    pub fn jwk(&self, end: Option<i64>) -> Jwk {
        Jwk::new(&self.key.verifying_key(), end)
    }

    /// Lets auth answer with `keys`.
    pub fn publish(&self, keys: &[Jwk]) {
        let set = JwkSet { keys: keys.to_vec() };
        self.platform.serve("auth.spin.internal", move |_| {
            let response = json(StatusCode::OK, &set);
            Box::pin(async { response })
        });
    }

    /// A token of `user` with `role`, good for ten minutes from now.
    pub fn token(&self, user: UserId, role: Role) -> String {
        let now = self.platform.now();
        let session = SessionId(Uuid::from_u128(7));
        let grant = AccessClaims { user, role, session, expires_at: now.as_secs() + 600 };
        access::mint(&self.key, ISSUER, &grant, Uuid::from_u128(8), now)
    }
}

/// A token with which `caller` may ask for `operation` from now on.
pub fn service_token(platform: &Platform, caller: &str, operation: &Operation<'_>) -> String {
    let caller = Caller { service: caller.to_owned(), subject: None };
    service::mint(SECRET, &caller, operation, platform.now()).expect("the secret is long enough")
}

/// What the adapter of a provider answers to `caller`'s `question` at `path`: the status, and the body if there is one. It has nothing but
/// the secret of its tokens.
///
/// # Panics
/// If it answers with a body that is no JSON.
pub fn call_adapter(service: &'static Service, caller: &str, path: &str, question: &Value) -> (StatusCode, Value) {
    let platform = Platform::native().with_variable(SECRET_VARIABLE, SECRET).build();
    let operation = Operation { service: service.scope.service, method: &Method::POST, path };
    let token = service_token(&platform, caller, &operation);
    let request = http::Request::post(path).header(CONTENT_TYPE, "application/json");
    let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::from(Bytes::from(question.to_string()))).expect("the path is a URI");
    let response = block_on(serve_adapter(service, platform, Request::new(request)));
    (response.status(), serde_json::from_slice(response.body()).expect("an answer is JSON"))
}

/// Every operation of every service, as docs/operations.md has it.
const OPERATIONS: &str = include_str!("../../../docs/operations.md");

/// Checks that docs/operations.md lists exactly the operations of `service`, with who may use them.
///
/// # Panics
/// If it does not.
pub fn assert_documented(service: &Service) {
    let heading = format!("## {}\n", service.scope.service);
    let rest = OPERATIONS.split_once(&heading).map_or("", |(_, rest)| rest);
    let section = rest.split_once("\n## ").map_or(rest, |(section, _)| section);
    let listed: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let own = service.routes.iter().map(|route| row(route, route.path));
    let shared =
        service.shared_routes().map(|route| row(route, &format!("/internal/{}{}", service.scope.service, route.path)));
    let expected: Vec<String> = own.chain(shared).collect();
    assert_eq!(listed, expected, "docs/operations.md should have:\n{heading}\n{}", expected.join("\n"));
}

fn row(route: &Route, path: &str) -> String {
    let caller = match route.access {
        Access::Public(_) => "anyone".to_owned(),
        Access::User(role, _) => role.name().to_owned(),
        Access::Service(Callers::Any, _) => "service".to_owned(),
        Access::Service(Callers::Only(names), _) => format!("service {}", names.join(", ")),
    };
    let rate = route.rate.name().unwrap_or("-");
    format!("| `{} {path}` | {caller} | {rate} | {} |", route.method, route.body_limit / 1024)
}
