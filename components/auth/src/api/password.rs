//! The handler for a change of the caller's password.

use crate::account;
use crate::password::NewPassword;
use crate::secret::Secret;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use spindle_contracts::input::InputErrors;
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty};

/// A change of the password.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct ChangePasswordRequest {
    /// The current password.
    current: Secret,
    /// The new password: one that is not common, and does not repeat a short text.
    new: NewPassword,
}

/// Handles `POST /v1/auth/password`: 204.
pub(crate) async fn change(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let ChangePasswordRequest { current, new } = request.json().await?;
    account::change_password(context, &context.sql().await?, caller, &current, &new).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
