//! The export of the data that a service keeps about a user: the routes with which users reads it page by page, and the rows of the audit log, which
//! every service with a database has.

use crate::caller::ServiceCaller;
use crate::handler;
use crate::route::{Callers, Handler, HandlerResult, Route};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::{Problem, Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Record};
use spindle_platform::http::{NoParameters, Page, PageRequest, Paged, Request, json};

/// The name of the audit log in its path and in cursors.
pub const AUDIT: &str = "audit";

/// The path of the operation with the audit log, below `/internal/<service>`.
const AUDIT_PATH: &str = "/users/{user_id}/export/audit";

/// The operation `GET /internal/<service>/users/{user_id}/export/audit` of a service with a database.
pub const AUDIT_ROUTE: Route = route(AUDIT_PATH, handler!(list_audit));

/// A row of an audit log in an export.
#[derive(Debug, Serialize)]
pub struct AuditRow {
    /// The row's number, which is the position of the page.
    #[serde(skip)]
    seq: i64,
    service: &'static str,
    id: String,
    created_at: Timestamp,
    actor: Option<String>,
    action: String,
    subject: Option<String>,
    request_id: String,
    source: Option<String>,
    detail: Value,
}

/// Declares `path` below `/internal/<service>`, with the parameter `user_id`: a list of records about that user, which only users may read.
/// An export reads many pages, so the access lines are logged at debug.
pub const fn route(path: &'static str, handler: Handler<ServiceCaller>) -> Route {
    Route::service(Method::GET, path, Callers::Only(&["users"]), handler).log_at_debug()
}

/// Returns the path of `part` of the export of `user` by `service`, with the query of the page after `cursor`.
pub fn path(service: &str, user: UserId, part: &str, cursor: Option<&str>) -> String {
    let query = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    format!("/internal/{service}/users/{user}/export/{part}?limit={}{query}", PageRequest::MAX_LIMIT)
}

/// Returns the user and the page that `request` names.
///
/// # Errors
///
/// 400 for a query that is not that of a page, 404 for a path without a user.
pub fn requested(request: &Request) -> Result<(UserId, PageRequest), Problem> {
    let Paged { page, filters: NoParameters {} } = request.query()?;
    Ok((request.param("user_id")?, page))
}

/// Returns the page of the rows of the service's audit log whose actor or subject is `user`, the oldest first.
pub async fn audit_page(context: &Context, user: UserId, page: &PageRequest) -> Result<Page<AuditRow>, Problem> {
    let after = page.after::<i64>(AUDIT)?.unwrap_or(0);
    let rows = audit::list_of_person(&context.sql().await?, &user.to_string(), after, page.rows_to_fetch()).await?;
    let rows = rows.into_iter().map(|record| AuditRow::new(context.service(), user, record)).collect();
    Ok(Page::new(page, AUDIT, rows, |row: &AuditRow| row.seq))
}

async fn list_audit(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = requested(&request)?;
    Ok(json(StatusCode::OK, &audit_page(context, user, &page).await?))
}

impl AuditRow {
    /// Returns `record` as `user` may read it. The id and the address of another person who acted are not the user's.
    fn new(service: &'static str, user: UserId, record: Record) -> Self {
        let actor = record.actor.as_deref().and_then(|actor| actor.parse::<UserId>().ok());
        let is_by_another = actor.is_some_and(|actor| actor != user);
        Self {
            seq: record.seq,
            service,
            id: record.id,
            created_at: record.at,
            actor: if is_by_another { Some("another user".to_owned()) } else { record.actor },
            action: record.action,
            subject: record.subject,
            request_id: record.request_id,
            source: record.source.filter(|_| !is_by_another),
            detail: record.detail,
        }
    }
}
