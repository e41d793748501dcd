//! The handler for the export of a user's orders.

use crate::order::Order;
use crate::order_query::{OrderQuery, Position};
use crate::store;
use crate::timeline::Entry;
use http::StatusCode;
use serde::Serialize;
use spindle_contracts::OrderId;
use spindle_edge::{HandlerResult, ServiceCaller, export};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// The name of the list in its cursors.
const LIST: &str = "export";

/// An order with its timeline.
#[derive(Serialize)]
struct ExportedOrder {
    #[serde(flatten)]
    order: Order,
    timeline: Vec<Entry>,
}

/// Handles `GET /internal/orders/users/{user_id}/export/orders`: a page of the user's orders, the latest first.
pub(crate) async fn orders(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    let after = page.after::<Position>(LIST)?;
    let db = context.sql().await?;
    let query = OrderQuery { user_id: Some(user), ..OrderQuery::default() };
    let orders = store::orders::page(&db, &query, after, page.rows_to_fetch()).await?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let mut timelines = store::timeline::of_orders(&db, &ids).await?;
    let item = |order: Order| {
        let timeline = timelines.remove(&order.id).unwrap_or_default();
        ExportedOrder { timeline, order }
    };
    let items = orders.into_iter().map(item).collect();
    Ok(json(StatusCode::OK, &Page::new(&page, LIST, items, |item: &ExportedOrder| item.order.position())))
}

/// Handles `GET /internal/orders/users/{user_id}/export/idempotency-keys`: a page of the keys of the user's requests.
pub(crate) async fn idempotency_keys(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    Ok(json(StatusCode::OK, &spindle_idempotency::page_of_user(context, user, &page).await?))
}
