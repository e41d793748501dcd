//! Handlers for the caller's sessions, and for the rights of a session, which services ask for.

use crate::account;
use crate::session_rights;
use crate::store;
use crate::store::sessions::SessionView;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::SessionId;
use spindle_edge::{HandlerResult, Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Page, Paged, Request, empty, json};

/// The name of the list in its cursors.
const LIST: &str = "sessions";

/// A session.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub(crate) struct SessionItem {
    #[serde(flatten)]
    session: SessionView,
    /// Whether the request belongs to this session.
    current: bool,
}

/// Handles `GET /v1/auth/sessions`: a page of the caller's sessions, oldest first.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters: NoParameters {} } = request.query()?;
    let after = page.after::<SessionId>(LIST)?;
    let db = context.sql().await?;
    account::require_live_session(context, &db, caller).await?;
    let rows = store::sessions::list(&db, caller.user(), after, page.rows_to_fetch(), context.now()).await?;
    let item = |session: SessionView| SessionItem { current: session.id == caller.session(), session };
    let sessions = rows.into_iter().map(item).collect();
    Ok(Page::new(&page, LIST, sessions, |item: &SessionItem| item.session.id).into_response(&request))
}

/// Handles `DELETE /v1/auth/sessions`: 204, also for the caller's own session.
pub(crate) async fn revoke_all(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    account::revoke_all_sessions(context, &context.sql().await?, caller).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Handles `DELETE /v1/auth/sessions/{id}`: 204.
pub(crate) async fn revoke(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let session = request.param("id")?;
    account::revoke_session(context, &context.sql().await?, caller, session).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Handles `GET /internal/auth/sessions/{id}`: 200 with the rights of the session, ended if there is none with this id.
pub(crate) async fn rights(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let rights = session_rights::current(context, &context.sql().await?, request.param("id")?).await?;
    Ok(json(StatusCode::OK, &rights))
}
