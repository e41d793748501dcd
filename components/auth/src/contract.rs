//! The public operations of auth, for `api-specs/auth.yaml`.

use crate::SERVICE;
use crate::api::accounts::RegisterRequest;
use crate::api::invitations::AcceptRequest;
use crate::api::keys::RotationResponse;
use crate::api::password::ChangePasswordRequest;
use crate::api::sessions::SessionItem;
use crate::api::tokens::{LoginRequest, RefreshTokenRequest, TokenResponse};
use crate::password::NewPassword;
use crate::users_client::{Identity, Profile};
use schemars::JsonSchema;
use serde_json::{Value, json};
use spindle_contracts::{ProblemKind, email};
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_platform::http::{NoParameters, Paged};
use spindle_platform::testing::{Format, assert_schema_and_type_agree, assert_schema_and_type_agree_except};
use spindle_platform::token::jwks::JwkSet;

/// The members of `recent-login-required`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct RecentLogin {
    /// The most seconds since the log-in of the access token.
    max_age: u32,
}

const LOCKED: &str = "five passwords were wrong within fifteen minutes";

fn contract() -> Contract {
    let operations = vec![
        register(),
        log_in(),
        refresh(),
        log_out(),
        change_password(),
        accept_invitation(),
        list_sessions(),
        revoke_sessions(),
        revoke_session(),
        get_key_set(),
        rotate_key(),
    ];
    Contract {
        service: "auth",
        description: "Passwords, sessions and tokens. A log-in opens a session; its refresh token is exchanged for new tokens before the access token \
                      expires. Who the users are is in `users`.",
        operations,
    }
}

fn register() -> Operation {
    Operation::new("register", "POST", "/v1/auth/register", "Register as a customer")
        .describe("Log in afterwards. Common passwords and those that repeat a short text are refused.")
        .body::<RegisterRequest>("Address, password and name.")
        .creates::<Profile>("The user.")
        .problem(ProblemKind::Conflict, "another user has the e-mail address")
}

fn log_in() -> Operation {
    Operation::new("logIn", "POST", "/v1/auth/login", "Log in")
        .describe(
            "Opens a session. The response is the same whether the address has an account or not. Five wrong passwords within fifteen minutes lock the \
             account for fifteen minutes.",
        )
        .body::<LoginRequest>("Address and password.")
        .returns::<TokenResponse<'static>>(200, "The tokens of the new session.")
        .with_header("Cache-Control", true)
        .problem(ProblemKind::InvalidCredentials, "the address has no account, the password is wrong, or the user is deactivated")
        .problem(ProblemKind::AccountLocked, LOCKED)
}

fn refresh() -> Operation {
    Operation::new("refreshTokens", "POST", "/v1/auth/refresh", "Exchange a refresh token for new tokens")
        .describe(
            "A refresh token can be exchanged once. If one that was exchanged is sent again, its session ends, since two clients have it; only a repetition \
             within a few seconds gets the same new token.",
        )
        .body::<RefreshTokenRequest>("The refresh token.")
        .returns::<TokenResponse<'static>>(200, "New tokens of the same session.")
        .with_header("Cache-Control", true)
        .problem(ProblemKind::Unauthorized, "the token is unknown or was exchanged before, or its session has ended")
}

fn log_out() -> Operation {
    Operation::new("logOut", "POST", "/v1/auth/logout", "Log out")
        .describe(
            "Ends the session of the refresh token. A token without a session is no error (RFC 7009, section 2.2).",
        )
        .body::<RefreshTokenRequest>("A refresh token of the session.")
        .no_content("The session has ended.")
}

fn change_password() -> Operation {
    Operation::new("changePassword", "POST", "/v1/auth/password", "Change the own password")
        .describe("Ends the other sessions of the user, who gets a message about it. Wrong current passwords count as failed log-ins.")
        .body::<ChangePasswordRequest>("The current and the new password.")
        .no_content("The password is changed.")
        .problem(ProblemKind::InvalidCredentials, "the current password is wrong")
        .problem(ProblemKind::AccountLocked, LOCKED)
}

fn accept_invitation() -> Operation {
    Operation::new("acceptInvitation", "POST", "/v1/auth/invitations/accept", "Set the first password")
        .describe("A user whom an admin has created sets the first password with the token of the invitation, and can log in.")
        .body::<AcceptRequest>("The token and the password.")
        .returns::<Identity>(200, "The user.")
        .problem(ProblemKind::NotFound, "the invitation does not exist, was replaced or accepted, or is more than seven days old")
}

fn list_sessions() -> Operation {
    Operation::new("listSessions", "GET", "/v1/auth/sessions", "List the own sessions")
        .describe("The oldest session comes first. Sessions that have ended are not listed.")
        .query::<Paged<NoParameters>>()
        .page_of::<SessionItem>("A page of the sessions.")
}

fn revoke_sessions() -> Operation {
    Operation::new("endSessions", "DELETE", "/v1/auth/sessions", "End all own sessions")
        .describe("Ends the session of the request as well.")
        .no_content("The sessions have ended.")
        .problem_with::<RecentLogin>(ProblemKind::RecentLoginRequired, "the log-in is more than five minutes ago")
}

fn revoke_session() -> Operation {
    Operation::new("endSession", "DELETE", "/v1/auth/sessions/{id}", "End an own session")
        .describe("Its refresh token is not valid any more, and its access tokens are refused by every operation that changes something.")
        .no_content("The session has ended.")
        .problem(ProblemKind::NotFound, "the caller has no session with this id, or it has ended")
}

fn get_key_set() -> Operation {
    Operation::new("getKeySet", "GET", "/.well-known/jwks.json", "Get the keys that verify access tokens")
        .describe("A JWK Set (RFC 7517). Fetch it again when a token names a key that is not in it.")
        .obeys_preconditions()
        .returns::<JwkSet>(200, "The keys.")
        .versioned()
        .with_header("Cache-Control", true)
}

fn rotate_key() -> Operation {
    Operation::new("rotateKey", "POST", "/v1/admin/auth/keys/rotate", "Rotate the signing key")
        .describe(
            "A new key signs access tokens. The key that signed until then stays in the key set until the last token that it signed has expired.",
        )
        .returns::<RotationResponse<'static>>(200, "The new key, and the retired one.")
}

/// Returns whether a password breaks a rule. Which ones are common, no schema says.
fn is_refused(password: &Value) -> bool {
    password.as_str().is_some_and(|text| NewPassword::new(text.to_owned().into()).is_err())
}

#[test]
fn the_schemas_of_requests_say_what_their_types_read() {
    let formats: [Format; 1] = [("idn-email", |text| email::check(text).is_ok())];
    let least = json!({ "email": "ada@example.com", "password": "correct horse battery staple" });
    let more = json!({ "email": "ada@example.com", "password": "correct horse battery staple", "display_name": "Ada" });
    assert_schema_and_type_agree_except::<RegisterRequest>(&[least.clone(), more], &formats, |body| {
        is_refused(&body["password"])
    });
    let change = json!({ "current": "a", "new": "correct horse battery staple" });
    assert_schema_and_type_agree_except::<ChangePasswordRequest>(&[change], &[], |body| is_refused(&body["new"]));
    let accept = json!({ "token": "a", "password": "correct horse battery staple" });
    assert_schema_and_type_agree_except::<AcceptRequest>(&[accept], &[], |body| is_refused(&body["password"]));
    assert_schema_and_type_agree::<LoginRequest>(&[least], &[]);
    assert_schema_and_type_agree::<RefreshTokenRequest>(&[json!({ "refresh_token": "a" })], &[]);
}

#[test]
fn the_contract_is_the_document() {
    assert_contract(&SERVICE, contract());
}
