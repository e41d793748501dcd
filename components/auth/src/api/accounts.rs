//! Handlers for accounts: registration, and those for other services: an erasure, the end of rights, who can log in, and the tick.

use crate::password::NewPassword;
use crate::registration::{self, Registration};
use crate::{account, bootstrap, housekeeping, store};
use deserr::Deserr;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::UserId;
use spindle_contracts::input::{Email, InputErrors, Name};
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

/// A registration.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct RegisterRequest {
    /// The e-mail address, with which the user logs in. Another user must not have it in any spelling.
    email: Email,
    /// The password: one that is not common, and does not repeat a short text.
    password: NewPassword,
    /// The name to call the user by.
    #[deserr(default)]
    display_name: Option<Name>,
}

/// Handles `POST /v1/auth/register`: 201 with the user.
pub(crate) async fn register(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let RegisterRequest { email, password, display_name } = request.json().await?;
    let db = context.sql().await?;
    bootstrap::ensure(context, &db).await?;
    let registration = Registration { email: &email, password: &password, display_name: display_name.as_deref() };
    let profile = registration::register(context, &db, &registration).await;
    housekeeping::after_response(context, db);
    let profile = profile?;

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
    let RightsChanged { active } = request.internal_json().await?;
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
    let UserList { users } = request.internal_json().await?;
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
