//! What users is asked: who has an e-mail address, and what a user may do.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, Role, Timestamp, UserId};
use spindle_platform::{Context, client};
use std::time::Duration;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Why there is no answer that could be used. Whether users did what it was asked to is not known then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There was none.
    #[error("users does not answer: {0}")]
    Silent(#[from] client::Error),
    /// It is not one of those that were agreed.
    #[error("users answered {0}")]
    Unexpected(StatusCode),
    /// Its body is not.
    #[error("users answered something else than agreed: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Who a user is, as far as tokens say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) role: Role,
}

/// A profile to be created.
#[derive(Serialize)]
pub(crate) struct NewProfile<'a> {
    pub(crate) email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<&'a str>,
    pub(crate) role: Role,
}

/// A profile that was created, as far as it is shown to whoever registers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) display_name: Option<String>,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
}

/// What came of creating a profile.
#[derive(Debug)]
pub(crate) enum Created {
    /// It is there.
    Profile(Profile),
    /// Another user has the e-mail address.
    EmailTaken,
    /// It breaks these rules.
    Invalid(Vec<FieldError>),
}

/// The user with this e-mail address, if there is one.
pub(crate) async fn identify(context: &Context, email: &str) -> Result<Option<Identity>, Error> {
    let body = serde_json::json!({ "email": email });
    found(call(context, Request::post("/internal/users/identify"), Some(&body)).await?)
}

/// The user with this id, if it has not been erased.
pub(crate) async fn identity(context: &Context, user: UserId) -> Result<Option<Identity>, Error> {
    found(call(context, Request::get(format!("/internal/users/{user}/identity")), None::<&()>).await?)
}

/// Creates the profile of `user`. Asked again, users gives the same answer.
pub(crate) async fn create(context: &Context, user: UserId, profile: &NewProfile<'_>) -> Result<Created, Error> {
    let response = call(context, Request::put(format!("/internal/users/{user}")), Some(profile)).await?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => Ok(Created::Profile(body(&response)?)),
        StatusCode::CONFLICT => Ok(Created::EmailTaken),
        StatusCode::UNPROCESSABLE_ENTITY => Ok(Created::Invalid(body::<Refusal>(&response)?.errors)),
        status => Err(Error::Unexpected(status)),
    }
}

/// The part of a problem that names broken rules.
#[derive(Deserialize)]
struct Refusal {
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

fn found<T: DeserializeOwned>(response: Response<Bytes>) -> Result<Option<T>, Error> {
    match response.status() {
        StatusCode::OK => Ok(Some(body(&response)?)),
        StatusCode::NOT_FOUND => Ok(None),
        status => Err(Error::Unexpected(status)),
    }
}

fn body<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, Error> {
    Ok(serde_json::from_slice(response.body())?)
}
