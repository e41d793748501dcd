//! The routes under `/v1/notifications` with which users and operators read notifications, and the progress of an erasure.

use crate::channel::Channel;
use crate::notification::{Notification, Status};
use crate::store::calls;
use crate::store::notifications::{self, Filter};
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::{CreatedRange, InputErrors, NotificationId, OrderId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Page, Paged, Request, json};

/// A message to one user on one channel.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Notification")]
pub(crate) struct NotificationView {
    /// The id of the notification.
    id: NotificationId,
    /// The recipient.
    user_id: UserId,
    /// The order that it is about; null if it is about none, or was enqueued by an earlier release.
    order_id: Option<OrderId>,
    /// The name of the template.
    template: String,
    /// The version of the template.
    template_version: u32,
    /// The channel.
    channel: Channel,
    /// How far the delivery is.
    status: Status,
    /// The event that triggered it; null if an operator requested it.
    event: Option<EventView>,
    /// The number of calls of the provider so far.
    attempts: u32,
    /// The provider's name for the message; null until the provider has accepted it.
    provider_reference: Option<String>,
    /// Why it was not sent at the last attempt; null if there is no such reason. Only operators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Option<String>>,
    /// The calls of the provider, the first one first. Only operators see them, and only of a single notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<calls::Call>")]
    calls: Option<Vec<calls::Call>>,
    /// When it was enqueued.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// When the provider accepted it; null until then.
    sent_at: Option<Timestamp>,
}

/// The event that triggered a notification.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TriggeringEvent")]
struct EventView {
    /// The id of the event.
    id: String,
    /// The type of the event, such as `OrderPaid`.
    #[serde(rename = "type")]
    kind: String,
}

/// The filters of the list.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NotificationFilters {
    /// Only notifications about this order.
    #[deserr(default)]
    order_id: Option<OrderId>,
    /// Only the notifications of this event, or of this request of an operator: the `Location` of `POST /v1/notifications` has it.
    #[deserr(default)]
    trigger_id: Option<String>,
    /// Only notifications with this status.
    #[deserr(default)]
    status: Option<Status>,
    /// Only notifications to this user. Another user's require the role operator.
    #[deserr(default)]
    user_id: Option<UserId>,
    /// Only notifications that were enqueued after this time, which is not included.
    #[deserr(default)]
    created_after: Option<Timestamp>,
    /// Only notifications that were enqueued before this time, which is not included.
    #[deserr(default)]
    created_before: Option<Timestamp>,
}

/// Answers `GET /v1/notifications` with a page of notifications, the latest first. A user sees their own; an operator sees those of all users,
/// or of one.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters } = request.query::<Paged<NotificationFilters>>()?;
    let filter = Filter {
        trigger: filters.trigger_id,
        order: filters.order_id,
        user: user_filter(caller, filters.user_id)?,
        status: filters.status,
        created: CreatedRange { after: filters.created_after, before: filters.created_before },
    };
    // A cursor is only valid for the list with the same filters.
    let Filter { trigger, order, user, status, created } = &filter;
    let list = value!(["notifications", trigger, order, user, status, created]).to_string();
    let before = page.after::<NotificationId>(&list)?;
    let db = context.sql().await?;
    let found = notifications::page(&db, &filter, before, page.rows_to_fetch()).await?;
    let views = found.into_iter().map(|notification| NotificationView::new(notification, caller)).collect();
    Ok(Page::new(&page, &list, views, |view: &NotificationView| view.id).into_response(&request))
}

/// Answers `GET /v1/notifications/{id}` with 200 and the notification. An operator also sees each call of the provider.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
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
            order_id: notification.order_id,
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
/// 403 if the caller may not see the notifications of the `requested` user.
fn user_filter(caller: Principal, requested: Option<UserId>) -> Result<Option<UserId>, Problem> {
    match requested {
        None => Ok(owner_filter(caller)),
        Some(user) if caller.may_act_for(user) => Ok(Some(user)),
        Some(_) => Err(Problem::forbidden("The notifications of another user require the role operator.")),
    }
}
