//! The routes under `/v1/notifications` with which users and operators read notifications, and the progress of an erasure.

use crate::channel::Channel;
use crate::notification::{Notification, Status};
use crate::store::{calls, notifications};
use http::StatusCode;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::{NotificationId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// A notification as a response body.
#[derive(Debug, Serialize)]
pub(crate) struct NotificationView {
    id: NotificationId,
    user_id: UserId,
    template: String,
    template_version: u32,
    channel: Channel,
    status: Status,
    /// The event that triggered it; `None` if an operator requested it.
    event: Option<EventView>,
    attempts: u32,
    provider_reference: Option<String>,
    /// The reason why it was not sent. Only operators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Option<String>>,
    /// The calls of the provider. Only operators see them, and only of a single notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<calls::Call>>,
    created_at: Timestamp,
    updated_at: Timestamp,
    sent_at: Option<Timestamp>,
}

/// The event in a [`NotificationView`].
#[derive(Debug, Serialize)]
struct EventView {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Answers `GET /v1/notifications` with a page of notifications, the latest first. A user sees their own; an operator sees those of all users,
/// or of one.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["status", "user_id", "limit", "cursor"])?;
    let user = user_filter(caller, &request)?;
    let status = match request.query("status")? {
        Some(name) => Some(Status::from_name(&name).ok_or_else(|| {
            Problem::malformed("The query parameter status must be queued, sent, dead or cancelled.")
        })?),
        None => None,
    };
    let page = request.page()?;
    // A cursor is only valid for the list with the same filters.
    let list = value!(["notifications", user, status]).to_string();
    let before = page.after::<NotificationId>(&list)?;
    let db = context.sql().await?;
    let found = notifications::page(&db, user, status, before, page.rows_to_fetch()).await?;
    let views = found.into_iter().map(|notification| NotificationView::new(notification, caller)).collect();
    Ok(Page::new(&page, &list, views, |view: &NotificationView| view.id).into_response(&request))
}

/// Answers `GET /v1/notifications/{id}` with 200 and the notification. An operator also sees each call of the provider.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let notification = notifications::get(&db, request.param("id")?, owner_filter(caller)).await?;
    let mut view = NotificationView::new(notification, caller);
    if is_operator(caller) {
        view.calls = Some(calls::list(&db, view.id).await?);
    }
    Ok(json(StatusCode::OK, &view))
}

/// Answers `GET /internal/notifications/erasures/{id}` with 200 and what is still to be erased of the user.
pub(crate) async fn get_erasure(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let progress = notifications::erasure_progress(&context.sql().await?, request.param("id")?).await?;
    Ok(json(StatusCode::OK, &progress))
}

impl NotificationView {
    /// Returns `notification` with the fields that `caller` may see.
    pub(crate) fn new(notification: Notification, caller: Principal) -> Self {
        let view = Self::with_error(notification);
        Self { last_error: view.last_error.filter(|_| is_operator(caller)), ..view }
    }

    /// Returns `notification` with the reason why it was not sent.
    pub(crate) fn with_error(notification: Notification) -> Self {
        let Notification { id, trigger, user_id, channel, template, template_version, status, .. } = notification;
        let event = trigger.kind.map(|kind| EventView { id: trigger.id, kind });
        Self {
            id,
            user_id,
            template,
            template_version,
            channel,
            status,
            event,
            attempts: notification.attempts,
            provider_reference: notification.provider_reference,
            last_error: Some(notification.last_error),
            calls: None,
            created_at: notification.created_at,
            updated_at: notification.updated_at,
            sent_at: notification.sent_at,
        }
    }
}

fn is_operator(caller: Principal) -> bool {
    caller.role().includes(Role::Operator)
}

/// Returns the user to whose notifications the caller is restricted; `None` for an operator.
fn owner_filter(caller: Principal) -> Option<UserId> {
    (!is_operator(caller)).then(|| caller.user())
}

/// Returns the user whose notifications are requested; `None` for those of all users.
///
/// # Errors
///
/// 403 if the caller may not see the notifications of the user in the query.
fn user_filter(caller: Principal, request: &Request) -> Result<Option<UserId>, Problem> {
    let Some(text) = request.query("user_id")? else { return Ok(owner_filter(caller)) };
    let user: UserId = text.parse().map_err(|_| Problem::malformed("The query parameter user_id must be a UUID."))?;
    if caller.may_act_for(user) {
        Ok(Some(user))
    } else {
        Err(Problem::forbidden("The notifications of another user require the role operator."))
    }
}
