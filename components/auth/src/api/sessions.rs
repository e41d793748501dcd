//! Sessions, as their owner sees and ends them.

use crate::account;
use crate::store;
use crate::store::sessions::Shown;
use http::StatusCode;
use serde::Serialize;
use spindle_contracts::SessionId;
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, empty};

/// The name under which cursors of the list are made.
const LIST: &str = "sessions";

/// A session, and whether it is the one that asks.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    session: Shown,
    current: bool,
}

/// `GET /v1/auth/sessions`: a page of the caller's sessions, oldest first.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["limit", "cursor"])?;
    let asked = request.page()?;
    let after = asked.after::<SessionId>(LIST)?;
    let db = context.sql().await?;
    account::require_live_session(context, &db, caller).await?;
    let rows = store::sessions::page(&db, caller.user(), after, asked.rows_to_fetch(), context.now()).await?;
    let listed = |session: Shown| Listed { current: session.id == caller.session(), session };
    let sessions = rows.into_iter().map(listed).collect();
    Ok(Page::new(&asked, LIST, sessions, |listed: &Listed| listed.session.id).into_response(&request))
}

/// `DELETE /v1/auth/sessions/{id}`: 204.
pub(crate) async fn revoke(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let session = request.param("id")?;
    account::revoke_session(context, &context.sql().await?, caller, session).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
