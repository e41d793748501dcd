//! The handler for a change of the caller's password.

use crate::account;
use crate::secret::Secret;
use http::StatusCode;
use serde::Deserialize;
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangePasswordRequest {
    current: Secret,
    new: Secret,
}

/// Handles `POST /v1/auth/password`: 204.
pub(crate) async fn change(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let ChangePasswordRequest { current, new } = request.json().await?;
    account::change_password(context, &context.sql().await?, caller, &current, &new).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
