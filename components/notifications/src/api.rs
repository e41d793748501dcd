//! Notifications as their readers and operators see them.

use crate::channel::Channel;
use crate::notification::{Notification, Status};
use crate::store::{calls, notifications};
use http::StatusCode;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::{NotificationId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// A notification as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: NotificationId,
    user_id: UserId,
    template: String,
    template_version: u32,
    channel: Channel,
    status: Status,
    /// The event that it tells of; none if an operator asked for it.
    event: Option<ShownEvent>,
    attempts: u32,
    provider_reference: Option<String>,
    /// For operators: why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Option<String>>,
    /// For operators who ask for one: each call of the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<calls::Call>>,
    created_at: Timestamp,
    updated_at: Timestamp,
    sent_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct ShownEvent {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// `GET /v1/notifications`: a page of the caller's notifications, or for an operator of everybody's or of one user's, the latest first.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["status", "user_id", "limit", "cursor"])?;
    let user = whose(caller, &request)?;
    let status = match request.query("status")? {
        Some(name) => Some(
            Status::from_name(&name).ok_or_else(|| Problem::malformed("status is queued, sent, dead or cancelled."))?,
        ),
        None => None,
    };
    let asked = request.page()?;
    // A cursor of a list with other filters is none of this one.
    let list = value!(["notifications", user, status]).to_string();
    let before = asked.after::<NotificationId>(&list)?;
    let db = context.sql().await?;
    let found = notifications::page(&db, user, status, before, asked.rows_to_fetch()).await?;
    let shown = found.into_iter().map(|notification| shown(notification, caller)).collect();
    Ok(Page::new(&asked, &list, shown, |notification: &Shown| notification.id).into_response(&request))
}

/// `GET /v1/notifications/{id}`: 200 with the notification; an operator sees each call of the provider as well.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let mut shown = shown(notifications::get(&db, request.param("id")?, owner(caller)).await?, caller);
    if is_operator(caller) {
        shown.calls = Some(calls::list(&db, shown.id).await?);
    }
    Ok(json(StatusCode::OK, &shown))
}

/// `notification` as `caller` sees it.
pub(crate) fn shown(notification: Notification, caller: Principal) -> Shown {
    let Notification { id, occasion, user_id, channel, template, template_version, status, .. } = notification;
    let event = occasion.kind.map(|kind| ShownEvent { id: occasion.id, kind });
    Shown {
        id,
        user_id,
        template,
        template_version,
        channel,
        status,
        event,
        attempts: notification.attempts,
        provider_reference: notification.provider_reference,
        last_error: is_operator(caller).then_some(notification.last_error),
        calls: None,
        created_at: notification.created_at,
        updated_at: notification.updated_at,
        sent_at: notification.sent_at,
    }
}

fn is_operator(caller: Principal) -> bool {
    caller.role().includes(Role::Operator)
}

/// Whose notifications the caller sees; nothing restricts an operator.
fn owner(caller: Principal) -> Option<UserId> {
    (!is_operator(caller)).then(|| caller.user())
}

/// Whose notifications are asked for.
fn whose(caller: Principal, request: &Request) -> Result<Option<UserId>, Problem> {
    let Some(text) = request.query("user_id")? else { return Ok(owner(caller)) };
    let user: UserId = text.parse().map_err(|_| Problem::malformed("user_id is the id of a user."))?;
    if caller.may_act_for(user) {
        Ok(Some(user))
    } else {
        Err(Problem::forbidden("Only an operator asks for the notifications of others."))
    }
}
