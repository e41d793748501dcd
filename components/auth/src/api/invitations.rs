//! Handlers for invitations: users has them made, and an invited user accepts one.

use crate::invitation;
use crate::password::NewPassword;
use crate::secret::Secret;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use spindle_contracts::input::InputErrors;
use spindle_edge::{Anonymous, HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// The acceptance of an invitation.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct AcceptRequest {
    /// The token of the invitation.
    token: Secret,
    /// The first password: one that is not common, and does not repeat a short text.
    password: NewPassword,
}

/// Handles `POST /v1/auth/invitations/accept`: 200 with the user, who can log in from now on.
pub(crate) async fn accept(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    let AcceptRequest { token, password } = request.json().await?;
    let identity = invitation::accept(context, &context.sql().await?, &token, &password).await?;
    Ok(json(StatusCode::OK, &identity))
}

/// Handles `POST /internal/auth/accounts/{id}/invitation`: 201 with the token and the end of the user's invitation, which replaces an earlier
/// one; 409 if the user has a password.
pub(crate) async fn create(context: &Context, caller: ServiceCaller, request: Request) -> HandlerResult {
    let user = request.param("id")?;
    let invitation = invitation::create(context, &context.sql().await?, &caller, user).await?;
    Ok(json(StatusCode::CREATED, &invitation))
}
