//! Handlers for accounts: registration, and those for other services: an erasure, the end of rights, who can log in, and the tick.

use crate::registration::{self, Registration};
use crate::secret::Secret;
use crate::{account, bootstrap, housekeeping, store};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use spindle_contracts::UserId;
use spindle_edge::{Anonymous, HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty, json};

/// The body of [`change_rights`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RightsChanged {
    /// False if the user was deactivated.
    active: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterRequest {
    email: String,
    password: Secret,
    display_name: Option<String>,
}

/// Handles `POST /v1/auth/register`: 201 with the user.
pub(crate) async fn register(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let RegisterRequest { email, password, display_name } = request.json().await?;
    let db = context.sql().await?;
    bootstrap::ensure(context, &db).await;
    housekeeping::after_response(context);
    let registration = Registration { email: &email, password: &password, display_name: display_name.as_deref() };
    let profile = registration::register(context, &db, &registration).await?;

    let mut response = json(StatusCode::CREATED, &profile);
    let location = HeaderValue::try_from(format!("/v1/users/{}", profile.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// Handles `DELETE /internal/auth/accounts/{id}`: 204, also when there is nothing to delete. Only users may call it.
pub(crate) async fn erase(context: &Context, caller: ServiceCaller, request: Request) -> HandlerResult {
    account::erase(context, &context.sql().await?, &caller, request.param("id")?).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Handles `POST /internal/auth/accounts/{id}/rights-changed` `{active}`: 204, also without an account. Only users may call it.
pub(crate) async fn change_rights(context: &Context, caller: ServiceCaller, mut request: Request) -> HandlerResult {
    let RightsChanged { active } = request.json().await?;
    account::change_rights(context, &context.sql().await?, &caller, request.param("id")?, active).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The body of [`list_with_password`], and of its response.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserList {
    users: Vec<UserId>,
}

/// Handles `POST /internal/auth/accounts/with-password` `{users}`: 200 with those of them who have a password, and so can log in.
pub(crate) async fn list_with_password(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let UserList { users } = request.json().await?;
    let users = store::credentials::with_password(&context.sql().await?, &users).await?;
    Ok(json(StatusCode::OK, &UserList { users }))
}

/// Handles `POST /internal/auth/tick`: 200 with the number of old events that are deleted.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let events = spindle_events::tick(context, None).await?;
    Ok(json(StatusCode::OK, &serde_json::json!({ "pruned": events.pruned })))
}

/// Handles `GET /internal/auth/erasures/{id}`: 200 with what is still stored of the user.
pub(crate) async fn erasure(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let progress = account::erasure_progress(&context.sql().await?, request.param("id")?).await?;
    Ok(json(StatusCode::OK, &progress))
}
