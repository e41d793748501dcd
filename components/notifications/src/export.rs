//! The handler for the export of a user's notifications.

use crate::api::NotificationView;
use crate::notification::Notification;
use crate::store::calls::{self, Call};
use crate::store::notifications::{self, Filter};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::NotificationId;
use spindle_edge::{HandlerResult, ServiceCaller, export};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};
use std::collections::BTreeMap;

/// The name of the list in its cursors.
const LIST: &str = "export";

/// A notification with the texts that fill its template, and the calls of the provider. Neither the rendered message nor the address is stored.
#[derive(Serialize)]
struct ExportedNotification {
    #[serde(flatten)]
    notification: NotificationView,
    data: Value,
    calls: Vec<Call>,
    #[serde(skip)]
    id: NotificationId,
}

/// Handles `GET /internal/notifications/users/{user_id}/export/notifications`: a page of the user's notifications, the latest first.
pub(crate) async fn notifications(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    let before = page.after::<NotificationId>(LIST)?;
    let of_user = Filter { user: Some(user), ..Filter::default() };
    let db = context.sql().await?;
    let found = notifications::page(&db, &of_user, before, page.rows_to_fetch()).await?;
    let ids: Vec<NotificationId> = found.iter().map(|notification| notification.id).collect();
    let mut calls: BTreeMap<NotificationId, Vec<Call>> = calls::of_notifications(&db, &ids).await?;
    let item = |notification: Notification| ExportedNotification {
        id: notification.id,
        data: notification.data.clone(),
        calls: calls.remove(&notification.id).unwrap_or_default(),
        notification: NotificationView::with_error(notification),
    };
    let items = found.into_iter().map(item).collect();
    Ok(json(StatusCode::OK, &Page::new(&page, LIST, items, |item: &ExportedNotification| item.id)))
}

/// Handles `GET /internal/notifications/users/{user_id}/export/idempotency-keys`: a page of the keys of the user's requests.
pub(crate) async fn idempotency_keys(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    Ok(json(StatusCode::OK, &spindle_idempotency::page_of_user(context, user, &page).await?))
}
