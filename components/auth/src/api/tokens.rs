//! Handlers for tokens: log-in, refresh and log-out.

use crate::secret::Secret;
use crate::session::Device;
use crate::signer::IssuedTokens;
use crate::users_client::Identity;
use crate::{account, bootstrap, housekeeping, login, refresh};
use deserr::Deserr;
use http::header::{CACHE_CONTROL, USER_AGENT};
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::input::InputErrors;
use spindle_contracts::text;
use spindle_edge::{Anonymous, HandlerResult};
use spindle_platform::Context;
use spindle_platform::http::{Request, Response, empty, json};

/// The most characters of a `User-Agent` that are stored.
const MAX_USER_AGENT: usize = 256;

/// A log-in.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// The e-mail address, in any spelling.
    email: String,
    /// The password.
    password: Secret,
}

/// A refresh token.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct RefreshTokenRequest {
    /// The refresh token.
    refresh_token: Secret,
}

/// New tokens (RFC 6749, section 5.1), and the user whom they belong to.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TokenResponse<'a> {
    /// The access token, for the header `Authorization`.
    access_token: &'a str,
    /// How the access token is sent: `Authorization: Bearer <access_token>`.
    #[schemars(extend("const" = "Bearer"))]
    token_type: &'static str,
    /// The seconds for which the access token is valid.
    expires_in: i64,
    /// The token to exchange for new tokens, once.
    refresh_token: String,
    /// The user.
    user: &'a Identity,
}

/// Handles `POST /v1/auth/login`: 200 with the tokens of a new session.
pub(crate) async fn login(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let LoginRequest { email, password } = request.json().await?;
    let db = context.sql().await?;
    bootstrap::ensure(context, &db).await?;
    let tokens = login::log_in(context, &db, &email, &password, device(context, &request)).await?;
    housekeeping::after_response(context, db);
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

/// Returns the device that the request comes from.
fn device(context: &Context, request: &Request) -> Device {
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| user_agent(value.as_bytes()));
    Device { user_agent, address: context.source().map(|address| address.to_string()) }
}

/// Returns the text of a `User-Agent` for its owner to read. It may have bytes outside of ASCII, whose charset nothing says: those of today's
/// clients are UTF-8, and all others are read as ISO 8859-1, which header fields once had (RFC 9110, section 5.5). Characters that are not printed
/// are left out: a log-in sets them, and its owner reads them.
fn user_agent(bytes: &[u8]) -> Option<String> {
    // A character takes at most four bytes, so no more of them can be shown.
    let bytes = &bytes[..bytes.len().min(4 * MAX_USER_AGENT)];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Cut within a character.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
        }
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    let text: String = text::printed(text).chars().take(MAX_USER_AGENT).collect();
    (!text::is_blank(&text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{MAX_USER_AGENT, user_agent};

    fn assert_shown(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(user_agent(bytes).as_deref(), expected, "{bytes:?}");
    }

    #[test]
    fn a_device_is_shown_also_if_its_name_is_not_ascii() {
        assert_shown(b"Mozilla/5.0 (X11)", Some("Mozilla/5.0 (X11)"));
        assert_shown("Jürgens Gerät 📱 王".as_bytes(), Some("Jürgens Gerät 📱 王"));
        assert_shown(b"J\xfcrgens Ger\xe4t", Some("Jürgens Gerät"));
        assert_shown("a\u{202e}b\u{200b}c\u{9f}".as_bytes(), Some("abc"));
        for nothing in [&b""[..], b"  ", b"\x80\x81"] {
            assert_shown(nothing, None);
        }
    }

    #[test]
    fn a_long_name_of_a_device_is_cut_between_two_characters() {
        assert_shown(&b"a".repeat(5000), Some(&"a".repeat(MAX_USER_AGENT)));
        for letter in ["é", "王", "📱"] {
            assert_shown(letter.repeat(5000).as_bytes(), Some(&letter.repeat(MAX_USER_AGENT)));
            assert_shown(
                format!("a{}", letter.repeat(5000)).as_bytes(),
                Some(&format!("a{}", letter.repeat(MAX_USER_AGENT - 1))),
            );
        }
    }
}
