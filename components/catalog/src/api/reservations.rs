//! What orders ask of the stock, and what the tick does for it.

use crate::cache;
use crate::reservation::{Draft, Reservation, State};
use crate::reserving::{self, Step};
use http::StatusCode;
use serde_json::json as value;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// `POST /internal/catalog/reservations`: 201 with the reservation, with name and price of each line at this moment; 200 with the same
/// if the order has it already; 409 with what stands against it, and then nothing is reserved.
pub(crate) async fn reserve(context: &Context, peer: ServiceCaller, mut request: Request) -> HandlerResult {
    let draft: Draft = request.json().await?;
    draft.check()?;
    let Step { reservation, is_new } =
        reserving::reserve(context, &context.sql().await?, &draft, &peer.actor()).await?;
    if is_new {
        cache::forget(context, reservation.products()).await?;
    }
    Ok(json(if is_new { StatusCode::CREATED } else { StatusCode::OK }, &reservation))
}

/// `POST /internal/catalog/reservations/{order_id}/commit`: 200, and the pieces have left the warehouse.
pub(crate) async fn commit(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    settle(context, &peer, &request, State::Committed).await
}

/// `POST /internal/catalog/reservations/{order_id}/release`: 200, and the pieces can be sold again, committed ones too.
pub(crate) async fn release(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    settle(context, &peer, &request, State::Released).await
}

/// `POST /internal/catalog/tick`: 200 with how many reservations were ended because their time was over, and how many old events removed.
pub(crate) async fn tick(context: &Context, peer: ServiceCaller, _request: Request) -> HandlerResult {
    let ended = reserving::expire(context, &context.sql().await?, &peer.actor()).await?;
    if !ended.is_empty() {
        cache::forget(context, ended.iter().flat_map(Reservation::products)).await?;
    }
    let events = spindle_events::tick(context, None).await?;
    Ok(json(StatusCode::OK, &value!({ "expired": ended.len(), "pruned": events.pruned })))
}

async fn settle(context: &Context, peer: &ServiceCaller, request: &Request, next: State) -> HandlerResult {
    let order_id = request.param("order_id")?;
    let step = reserving::settle(context, &context.sql().await?, order_id, next, &peer.actor()).await?;
    if step.is_new {
        cache::forget(context, step.reservation.products()).await?;
    }
    Ok(json(StatusCode::OK, &step.reservation))
}
