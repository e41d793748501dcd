//! The client of the users service: looks up identities, and creates profiles.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, Role, Timestamp, UserId};
use spindle_platform::{Context, client};
use std::time::Duration;

/// The time within which users must respond.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A call to users that failed. The caller does not know whether users has carried out the request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// users did not respond.
    #[error("users did not respond: {0}")]
    NoResponse(#[from] client::Error),
    /// The response has a status that the contract does not define.
    #[error("users responded with the unexpected status {0}")]
    UnexpectedStatus(StatusCode),
    /// The body of the request or the response does not match the contract.
    #[error("the body of a call to users does not match the contract: {0}")]
    InvalidBody(#[from] serde_json::Error),
}

/// A user who logs in.
// The claims that tokens contain, and whether the user may have tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Identity {
    /// The id.
    pub(crate) id: UserId,
    /// The e-mail address as it was written.
    pub(crate) email: String,
    /// What the user may do.
    pub(crate) role: Role,
    /// False for a deactivated user.
    #[serde(skip_serializing)]
    pub(crate) active: bool,
}

/// A profile to be created.
#[derive(Serialize)]
pub(crate) struct NewProfile<'a> {
    pub(crate) email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<&'a str>,
    pub(crate) role: Role,
}

/// A registered user. `GET /v1/users/me` has all of the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RegisteredUser")]
pub(crate) struct Profile {
    /// The id, which stays.
    pub(crate) id: UserId,
    /// The e-mail address as it was written.
    pub(crate) email: String,
    /// The name to call the user by.
    pub(crate) display_name: Option<String>,
    /// What the user may do.
    pub(crate) role: Role,
    /// The time of the registration.
    pub(crate) created_at: Timestamp,
}

/// The reason why users rejects a new profile.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// Another user has the e-mail address.
    EmailTaken,
    /// The profile breaks these rules.
    Invalid(Vec<FieldError>),
}

/// Returns the user with the e-mail address `email`, or `None`.
pub(crate) async fn identify(context: &Context, email: &str) -> Result<Option<Identity>, Error> {
    let body = serde_json::json!({ "email": email });
    optional(call(context, Request::post("/internal/users/identify"), Some(&body)).await?)
}

/// Returns the user with the id `user`, or `None` if there is none or it has been erased.
pub(crate) async fn identity(context: &Context, user: UserId) -> Result<Option<Identity>, Error> {
    optional(call(context, Request::get(format!("/internal/users/{user}/identity")), None::<&()>).await?)
}

/// Returns the user with the id `user`, or `None` if there is none that may have tokens: it was erased or deactivated.
pub(crate) async fn active_identity(context: &Context, user: UserId) -> Result<Option<Identity>, Error> {
    Ok(identity(context, user).await?.filter(|identity| identity.active))
}

/// Checks whether users would create `profile`, without creating it.
pub(crate) async fn check(
    context: &Context,
    user: UserId,
    profile: &NewProfile<'_>,
) -> Result<Result<(), Rejection>, Error> {
    let request = Request::put(format!("/internal/users/{user}?dry_run=true"));
    let response = call(context, request, Some(profile)).await?;
    match response.status() {
        StatusCode::NO_CONTENT => Ok(Ok(())),
        _ => rejection(&response).map(Err),
    }
}

/// Creates the profile of `user`. Idempotent: a repeated call gets the same response.
pub(crate) async fn create(
    context: &Context,
    user: UserId,
    profile: &NewProfile<'_>,
) -> Result<Result<Profile, Rejection>, Error> {
    let response = call(context, Request::put(format!("/internal/users/{user}")), Some(profile)).await?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => body(&response).map(Ok),
        _ => rejection(&response).map(Err),
    }
}

fn rejection(response: &Response<Bytes>) -> Result<Rejection, Error> {
    match response.status() {
        StatusCode::CONFLICT => Ok(Rejection::EmailTaken),
        StatusCode::UNPROCESSABLE_ENTITY => Ok(Rejection::Invalid(body::<ValidationProblem>(response)?.errors)),
        status => Err(Error::UnexpectedStatus(status)),
    }
}

/// The part of a problem (RFC 9457) that lists the broken rules.
#[derive(Deserialize)]
struct ValidationProblem {
    errors: Vec<FieldError>,
}

async fn call(
    context: &Context,
    request: http::request::Builder,
    body: Option<&impl Serialize>,
) -> Result<Response<Bytes>, Error> {
    let request = match body {
        Some(body) => request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(body)?.into()),
        None => request.body(Bytes::new()),
    };
    let request = request.expect("paths are made of constants and ids");
    Ok(context.client().call("users", request, TIMEOUT).await?)
}

/// Returns the body of a 200, or `None` for a 404.
fn optional<T: DeserializeOwned>(response: Response<Bytes>) -> Result<Option<T>, Error> {
    match response.status() {
        StatusCode::OK => Ok(Some(body(&response)?)),
        StatusCode::NOT_FOUND => Ok(None),
        status => Err(Error::UnexpectedStatus(status)),
    }
}

fn body<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, Error> {
    Ok(serde_json::from_slice(response.body())?)
}
