//! Service tokens of the ticker (crates/platform/src/token/service.rs verifies them).

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use chrono::DateTime;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header, TimeOptions};
use serde::Serialize;

/// The lifetime of a token, in seconds: the gateway accepts no longer one.
const LIFETIME: i64 = 60;

/// The claims of a service token, beside its times.
#[derive(Serialize)]
struct Body {
    iss: &'static str,
    aud: &'static str,
    scope: String,
}

/// Returns a token for one operation of the gateway, signed with the variable `service_token_secret`.
///
/// # Errors
///
/// If the clock of the machine is far off.
pub fn service_token(secret: &str, method: &str, path: &str) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = DateTime::from_timestamp(now.try_into()?, 0).context("the clock is far off")?;
    let times = TimeOptions::new(chrono::Duration::zero(), move || now);
    let body = Body { iss: "ticker", aud: "gateway", scope: format!("{method}:{path}") };
    let claims = Claims::new(body).set_duration_and_issuance(&times, chrono::Duration::seconds(LIFETIME));
    let header = Header::empty().with_token_type("spindle-service+jwt");
    Hs256.token(&header, &claims, &Hs256Key::new(secret)).context("cannot sign a service token")
}
