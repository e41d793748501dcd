//! The client of the auth service, which owns passwords: invites a user, and says who can log in.

use crate::error::Error;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json as value;
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::Context;
use std::time::Duration;

/// The time within which auth must respond.
const TIMEOUT: Duration = Duration::from_secs(2);

/// An invitation to set the first password.
// Not displayed: it has a secret.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Invitation {
    /// The token with which the user accepts the invitation. It is shown once, and passed on by the admin.
    token: String,
    /// The time until which it can be accepted.
    expires_at: Timestamp,
}

/// The part of a response with users.
#[derive(Deserialize)]
struct UserList {
    users: Vec<UserId>,
}

/// Has auth invite `user`. An earlier invitation of the user ends.
///
/// # Errors
///
/// [`Error::HasPassword`], or [`Error::Auth`] if auth does not respond.
pub(crate) async fn invite(context: &Context, user: UserId) -> Result<Invitation, Error> {
    let response = post(context, format!("/internal/auth/accounts/{user}/invitation"), Bytes::new()).await?;
    match response.status() {
        StatusCode::CREATED => body(&response),
        StatusCode::CONFLICT => Err(Error::HasPassword),
        status => Err(Error::Auth(format!("auth responded with the status {}", status.as_u16()))),
    }
}

/// Returns those of `users` who have a password, and so can log in.
///
/// # Errors
///
/// [`Error::Auth`] if auth does not respond.
pub(crate) async fn with_password(context: &Context, users: &[UserId]) -> Result<Vec<UserId>, Error> {
    let request = value!({ "users": users }).to_string();
    let response = post(context, "/internal/auth/accounts/with-password".to_owned(), request.into()).await?;
    match response.status() {
        StatusCode::OK => body::<UserList>(&response).map(|list| list.users),
        status => Err(Error::Auth(format!("auth responded with the status {}", status.as_u16()))),
    }
}

async fn post(context: &Context, path: String, body: Bytes) -> Result<Response<Bytes>, Error> {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json").body(body);
    let request = request.expect("paths are made of constants and ids");
    context.client().call("auth", request, TIMEOUT).await.map_err(|error| Error::Auth(error.to_string()))
}

fn body<T: for<'de> Deserialize<'de>>(response: &Response<Bytes>) -> Result<T, Error> {
    serde_json::from_slice(response.body()).map_err(|error| Error::Auth(error.to_string()))
}
