//! Accounts: registering, and being erased.

use crate::registration::{self, Applicant};
use crate::secret::Secret;
use crate::{account, bootstrap, housekeeping, password};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use spindle_edge::{Anonymous, HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    email: String,
    password: Secret,
    display_name: Option<String>,
}

/// `POST /v1/auth/register`: 201 with the user.
pub(crate) async fn register(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let Registration { email, password: chosen, display_name } = request.json().await?;
    password::require_good(&chosen, "/password")?;
    let db = context.sql().await?;
    bootstrap::ensure(context, &db).await;
    housekeeping::after_response(context);
    let applicant = Applicant { email: &email, password: &chosen, display_name: display_name.as_deref() };
    let profile = registration::register(context, &db, &applicant).await?;

    let mut response = json(StatusCode::CREATED, &profile);
    let location = HeaderValue::try_from(format!("/v1/users/{}", profile.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `DELETE /internal/auth/accounts/{id}`: 204, also when there is nothing left. For users only.
pub(crate) async fn erase(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    account::erase(context, &context.sql().await?, &peer, request.param("id")?).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
