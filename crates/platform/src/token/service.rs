//! Service tokens: they authenticate one service to another.
//!
//! A token is signed with HS256 under a secret that only the services share, and is valid for one minute, for one callee and for one operation.
//! The token of a call that serves a user's request names that user.

use super::time;
use chrono::Duration;
use http::Method;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header, UntrustedToken};
use serde::{Deserialize, Serialize};
use spindle_contracts::{Role, Timestamp, UserId};

/// The validity of a token, in seconds.
pub const LIFETIME_SECONDS: i64 = 60;

/// The name of the secret variable with the key.
pub const SECRET_VARIABLE: &str = "service_token_secret";

/// The minimum length of the secret, in bytes.
const MIN_SECRET_BYTES: usize = 32;

/// The longest token that is parsed, in bytes.
const MAX_LENGTH: usize = 2048;

/// The media type in the header: no other token under the same key is valid as a service token (RFC 8725, section 3.11).
const TOKEN_TYPE: &str = "spindle-service+jwt";

/// The user whose request a service serves when it calls another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The user's id.
    pub user: UserId,
    /// The user's role.
    pub role: Role,
}

/// One operation of one service, for which a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The service that is called.
    pub service: &'a str,
    /// The method.
    pub method: &'a Method,
    /// The path, without a query.
    pub path: &'a str,
}

/// The caller that a verified token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The calling service.
    pub service: String,
    /// The user whose request it serves, if it serves one.
    pub subject: Option<Subject>,
}

/// The reason why a token cannot be made or is refused. Does not reveal the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The secret is shorter than 32 bytes.
    #[error("a secret for service tokens must have at least 32 bytes")]
    WeakSecret,
    /// The text is not a service token, or the signature is not valid.
    #[error("the service token is not valid")]
    Invalid,
    /// The token is outside its validity.
    #[error("the service token has expired")]
    Expired,
    /// The token is for another service.
    #[error("the service token is for another service")]
    WrongAudience,
    /// The token is for another operation.
    #[error("the service token is for another operation")]
    WrongScope,
}

#[derive(Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roles: Option<(Role,)>,
}

/// Returns a token with which `caller` may call `operation` within a minute from `now`.
pub fn mint(secret: &str, caller: &Caller, operation: &Operation<'_>, now: Timestamp) -> Result<String, Error> {
    let header = Header::empty().with_token_type(TOKEN_TYPE);
    let claims = Claims::new(Body {
        iss: caller.service.clone(),
        aud: operation.service.to_owned(),
        scope: scope(operation),
        sub: caller.subject.map(|subject| subject.user),
        roles: caller.subject.map(|subject| (subject.role,)),
    });
    let claims = claims.set_duration_and_issuance(&time::options(now), Duration::seconds(LIFETIME_SECONDS));
    Hs256.token(&header, &claims, &key(secret)?).map_err(|_| Error::Invalid)
}

/// Verifies `token` for `operation` at `now`, and returns the caller.
pub fn verify(secret: &str, token: &str, operation: &Operation<'_>, now: Timestamp) -> Result<Caller, Error> {
    if token.len() > MAX_LENGTH {
        return Err(Error::Invalid);
    }
    let untrusted = UntrustedToken::new(token).map_err(|_| Error::Invalid)?;
    if untrusted.header().token_type.as_deref() != Some(TOKEN_TYPE) {
        return Err(Error::Invalid);
    }
    let token = Hs256.validator::<Body>(&key(secret)?).validate(&untrusted).map_err(|_| Error::Invalid)?;
    let issued = token.claims().issued_at.ok_or(Error::Invalid)?;
    if issued > time::date(now) + Duration::seconds(time::LEEWAY_SECONDS) {
        return Err(Error::Expired);
    }
    token.claims().validate_expiration(&time::options(now)).map_err(|_| Error::Expired)?;
    let body = &token.claims().custom;
    if body.aud != operation.service {
        return Err(Error::WrongAudience);
    }
    if body.scope != scope(operation) {
        return Err(Error::WrongScope);
    }
    let subject = body.sub.zip(body.roles).map(|(user, (role,))| Subject { user, role });
    Ok(Caller { service: body.iss.clone(), subject })
}

/// Formats an operation as a scope (RFC 6749, section 3.3, which allows no spaces in one).
fn scope(operation: &Operation<'_>) -> String {
    format!("{}:{}", operation.method, operation.path)
}

/// Refuses a secret that is too short to be safe.
pub fn check_secret(secret: &str) -> Result<(), Error> {
    if secret.len() < MIN_SECRET_BYTES { Err(Error::WeakSecret) } else { Ok(()) }
}

fn key(secret: &str) -> Result<Hs256Key, Error> {
    check_secret(secret).map(|()| Hs256Key::new(secret))
}

#[cfg(test)]
mod tests {
    use super::{Caller, Error, Operation, Subject, mint, verify};
    use http::Method;
    use spindle_contracts::{Role, Timestamp, UserId};

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const READY: Operation<'_> = Operation { service: "users", method: &Method::GET, path: "/internal/users/ready" };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
    }

    fn gateway() -> Caller {
        Caller { service: "gateway".to_owned(), subject: None }
    }

    #[test]
    fn a_token_is_valid_for_a_minute_and_names_its_caller() {
        let token = mint(SECRET, &gateway(), &READY, at(0)).unwrap();
        assert_eq!(verify(SECRET, &token, &READY, at(60)), Ok(gateway()));
        assert_eq!(verify(SECRET, &token, &READY, at(66)), Err(Error::Expired));
        assert_eq!(verify(SECRET, &token, &READY, at(-10)), Err(Error::Expired));
    }

    #[test]
    fn a_token_is_valid_for_one_operation_of_one_service() {
        let token = mint(SECRET, &gateway(), &READY, at(0)).unwrap();
        let check = |operation: Operation<'_>| verify(SECRET, &token, &operation, at(0));
        assert_eq!(check(Operation { service: "orders", ..READY }), Err(Error::WrongAudience));
        assert_eq!(check(Operation { method: &Method::DELETE, ..READY }), Err(Error::WrongScope));
        assert_eq!(check(Operation { path: "/internal/users/audit", ..READY }), Err(Error::WrongScope));
    }

    #[test]
    fn a_token_names_the_user_whose_request_is_served() {
        let subject = Some(Subject { user: UserId(uuid::Uuid::from_u128(7)), role: Role::Operator });
        let caller = Caller { subject, ..gateway() };
        let token = mint(SECRET, &caller, &READY, at(0)).unwrap();
        assert_eq!(verify(SECRET, &token, &READY, at(0)), Ok(caller));
    }

    #[test]
    fn a_token_under_another_key_or_with_any_change_is_refused() {
        let token = mint(SECRET, &gateway(), &READY, at(0)).unwrap();
        assert_eq!(verify(&SECRET.replace('0', "x"), &token, &READY, at(0)), Err(Error::Invalid));
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(verify(SECRET, &changed, &READY, at(0)), Err(Error::Invalid), "{changed}");
        }
        for forged in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &token[..token.len() - 2], &"x".repeat(3000)] {
            assert_eq!(verify(SECRET, forged, &READY, at(0)), Err(Error::Invalid), "{forged}");
        }
    }

    #[test]
    fn a_short_secret_is_refused_on_both_sides() {
        assert_eq!(mint("short", &gateway(), &READY, at(0)), Err(Error::WeakSecret));
        let token = mint(SECRET, &gateway(), &READY, at(0)).unwrap();
        assert_eq!(verify("short", &token, &READY, at(0)), Err(Error::WeakSecret));
    }
}
