//! The periodic job of orders.

use crate::events::CONSUMER;
use crate::reconcile;
use http::StatusCode;
use serde_json::json as value;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// Handles `POST /internal/orders/tick`: 200 with a report of the work that was done.
pub(crate) async fn tick(context: &Context, caller: ServiceCaller, _request: Request) -> HandlerResult {
    let events = spindle_events::tick(context, Some(&CONSUMER)).await?;
    let reconciled = reconcile::reconcile(context, &context.sql().await?, &caller.actor()).await?;
    Ok(json(StatusCode::OK, &value!({ "events": events, "reconciled": reconciled })))
}
