//! Service tokens: how one service proves to another who it is.
//!
//! A JWT (RFC 7519) signed with HS256 under a secret that only the services share, good for one minute and for one callee.

use chrono::{DateTime, Duration, Utc};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header, TimeOptions, UntrustedToken};
use serde::{Deserialize, Serialize};
use spindle_contracts::Timestamp;

/// How long a token is good for, in seconds.
pub const LIFETIME_SECONDS: i64 = 60;

/// How far the clocks of two machines may be apart, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// The shortest secret that is taken, in bytes.
const MIN_SECRET_BYTES: usize = 32;

/// The name of the secret variable that holds the key.
pub const SECRET_VARIABLE: &str = "service_token_secret";

/// The media type in the header: no other token under the same key is taken for a service token (RFC 8725, section 3.11).
const TOKEN_TYPE: &str = "spindle-service+jwt";

/// Who calls, as a checked token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The calling service.
    #[serde(rename = "iss")]
    pub service: String,
    #[serde(rename = "aud")]
    audience: String,
}

/// Why there is no token, or why one was refused. Says nothing about the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The secret is shorter than 32 bytes.
    #[error("the variable service_token_secret must have at least 32 bytes")]
    WeakSecret,
    /// The text is not a token of this kind, or the signature is not ours.
    #[error("the service token is not valid")]
    Invalid,
    /// The token was good once, or will be.
    #[error("the service token has expired")]
    Expired,
    /// The token is for another service.
    #[error("the service token is for another service")]
    WrongAudience,
}

/// A token with which `caller` may call `callee` for a minute from `now`.
pub fn mint(secret: &str, caller: &str, callee: &str, now: Timestamp) -> Result<String, Error> {
    let header = Header::empty().with_token_type(TOKEN_TYPE);
    let options = time_options(now);
    let claims = Claims::new(Caller { service: caller.to_owned(), audience: callee.to_owned() })
        .set_duration_and_issuance(&options, Duration::seconds(LIFETIME_SECONDS));
    Hs256.token(&header, &claims, &key(secret)?).map_err(|_| Error::Invalid)
}

/// Who calls `callee` with `token` at `now`.
pub fn verify(secret: &str, token: &str, callee: &str, now: Timestamp) -> Result<Caller, Error> {
    let untrusted = UntrustedToken::new(token).map_err(|_| Error::Invalid)?;
    if untrusted.header().token_type.as_deref() != Some(TOKEN_TYPE) {
        return Err(Error::Invalid);
    }
    let token = Hs256.validator::<Caller>(&key(secret)?).validate(&untrusted).map_err(|_| Error::Invalid)?;
    let options = time_options(now);
    let issued = token.claims().issued_at.ok_or(Error::Invalid)?;
    if issued > options_now(now) + Duration::seconds(LEEWAY_SECONDS) {
        return Err(Error::Expired);
    }
    token.claims().validate_expiration(&options).map_err(|_| Error::Expired)?;
    let caller = &token.claims().custom;
    if caller.audience == callee { Ok(caller.clone()) } else { Err(Error::WrongAudience) }
}

fn key(secret: &str) -> Result<Hs256Key, Error> {
    if secret.len() < MIN_SECRET_BYTES { Err(Error::WeakSecret) } else { Ok(Hs256Key::new(secret)) }
}

fn options_now(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.as_millis()).unwrap_or_default()
}

fn time_options(now: Timestamp) -> TimeOptions<impl Fn() -> DateTime<Utc>> {
    TimeOptions::new(Duration::seconds(LEEWAY_SECONDS), move || options_now(now))
}

#[cfg(test)]
mod tests {
    use super::{Error, mint, verify};
    use spindle_contracts::Timestamp;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
    }

    #[test]
    fn a_token_names_its_caller_to_its_callee_for_a_minute() {
        let token = mint(SECRET, "gateway", "users", at(0)).unwrap();
        assert_eq!(verify(SECRET, &token, "users", at(60)).unwrap().service, "gateway");
        assert_eq!(verify(SECRET, &token, "users", at(66)), Err(Error::Expired));
        assert_eq!(verify(SECRET, &token, "users", at(-10)), Err(Error::Expired));
        assert_eq!(verify(SECRET, &token, "orders", at(0)), Err(Error::WrongAudience));
    }

    #[test]
    fn a_token_under_another_key_or_with_any_change_is_refused() {
        let token = mint(SECRET, "gateway", "users", at(0)).unwrap();
        assert_eq!(verify(&SECRET.replace('0', "x"), &token, "users", at(0)), Err(Error::Invalid));
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(verify(SECRET, &changed, "users", at(0)), Err(Error::Invalid), "{changed}");
        }
        for forged in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &token[..token.len() - 2]] {
            assert_eq!(verify(SECRET, forged, "users", at(0)), Err(Error::Invalid), "{forged}");
        }
    }

    #[test]
    fn a_short_secret_is_refused_on_both_sides() {
        assert_eq!(mint("short", "gateway", "users", at(0)), Err(Error::WeakSecret));
        let token = mint(SECRET, "gateway", "users", at(0)).unwrap();
        assert_eq!(verify("short", &token, "users", at(0)), Err(Error::WeakSecret));
    }
}
