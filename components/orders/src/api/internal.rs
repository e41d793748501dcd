//! The operations for other services: the periodic job, and the decision on a refund.

use crate::events::CONSUMER;
use crate::reconcile;
use crate::transitions;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json as value;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use uuid::Uuid;

/// A request to accept a refund.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundRequest {
    /// The same in each repetition of the request.
    refund_id: Uuid,
    /// True if the operator knows that the order was shipped.
    shipped: bool,
}

/// Handles `POST /internal/orders/tick`: 200 with a report of the work that was done.
pub(crate) async fn tick(context: &Context, caller: ServiceCaller, _request: Request) -> HandlerResult {
    let events = spindle_events::tick(context, Some(&CONSUMER)).await?;
    let reconciled = reconcile::reconcile(context, &context.sql().await?, &caller.actor()).await?;
    Ok(json(StatusCode::OK, &value!({ "events": events, "reconciled": reconciled })))
}

/// Handles `POST /internal/orders/orders/{order_id}/refund`: 200 if the payment of the order may be refunded, with the id of the refund that
/// cancelled the order, if one did; 409 with a sentence for the operator if not.
pub(crate) async fn accept_refund(context: &Context, caller: ServiceCaller, mut request: Request) -> HandlerResult {
    let RefundRequest { refund_id, shipped } = request.internal_json().await?;
    let (db, id) = (context.sql().await?, request.param("order_id")?);
    let order = transitions::accept_refund(context, db, id, refund_id, shipped, &caller.actor()).await?;
    Ok(json(StatusCode::OK, &value!({ "refund_id": order.refund_id })))
}
