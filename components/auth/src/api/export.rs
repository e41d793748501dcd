//! Handlers for the export of a user's credentials and sessions. Password hashes and tokens are not part of it, nor are their hashes.

use crate::attempt;
use crate::service_keys::ServiceKeys;
use crate::store;
use http::StatusCode;
use serde::Serialize;
use spindle_contracts::{SessionId, Timestamp};
use spindle_edge::{HandlerResult, ServiceCaller, export};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// The names of the lists in their cursors.
const CREDENTIALS: &str = "credentials";
const SESSIONS: &str = "sessions";

/// The credentials of a user without the password.
#[derive(Serialize)]
struct CredentialsItem {
    created_at: Timestamp,
    password_changed_at: Timestamp,
    /// The latest failed log-ins since the last one that succeeded.
    failed_log_ins: Vec<Timestamp>,
}

/// Handles `GET /internal/auth/users/{user_id}/export/credentials`: a page with one item, or none.
pub(crate) async fn credentials(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    let db = context.sql().await?;
    let mut items = Vec::new();
    if let Some((created_at, password_changed_at)) = store::credentials::times(&db, user).await? {
        let failures = attempt::failures_of(&db, &ServiceKeys::load(context)?, user).await?;
        let failed_log_ins = failures.as_millis().into_iter().map(Timestamp::from_millis).collect();
        items.push(CredentialsItem { created_at, password_changed_at, failed_log_ins });
    }
    Ok(json(StatusCode::OK, &Page::new(&page, CREDENTIALS, items, |_| ())))
}

/// Handles `GET /internal/auth/users/{user_id}/export/sessions`: a page of the user's sessions, also of those that have ended, oldest first.
pub(crate) async fn sessions(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    let after = page.after::<SessionId>(SESSIONS)?;
    let sessions = store::sessions::all(&context.sql().await?, user, after, page.rows_to_fetch()).await?;
    Ok(json(StatusCode::OK, &Page::new(&page, SESSIONS, sessions, |session| session.view.id)))
}
