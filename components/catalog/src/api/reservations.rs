//! The stock reservations of orders, and the periodic job that expires them.

use crate::cache;
use crate::reservation::{Reservation, ReservationRequest, ReservationState};
use crate::stock::{self, Transition};
use crate::text_index;
use http::StatusCode;
use serde_json::json as value;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// Handles `POST /internal/catalog/reservations`: 201 with the reservation, which has the current name and price of each line; 200 if the order has
/// made the same reservation before; 409 with the lines that cannot be reserved, and then nothing is reserved.
pub(crate) async fn reserve(context: &Context, caller: ServiceCaller, mut request: Request) -> HandlerResult {
    let body: ReservationRequest = request.internal_json().await?;
    body.check()?;
    let Transition { reservation, is_new } =
        stock::reserve(context, &context.sql().await?, &body, &caller.actor()).await?;
    if is_new {
        cache::invalidate(context, reservation.products()).await?;
    }
    Ok(json(if is_new { StatusCode::CREATED } else { StatusCode::OK }, &reservation))
}

/// Handles `POST /internal/catalog/reservations/{order_id}/commit`: 200, and the units are sold; they stay on hand until they are shipped.
pub(crate) async fn commit(context: &Context, caller: ServiceCaller, request: Request) -> HandlerResult {
    transition(context, &caller, &request, ReservationState::Allocated).await
}

/// Handles `POST /internal/catalog/reservations/{order_id}/ship`: 200, and the units have left the shelf.
pub(crate) async fn ship(context: &Context, caller: ServiceCaller, request: Request) -> HandlerResult {
    transition(context, &caller, &request, ReservationState::Shipped).await
}

/// Handles `POST /internal/catalog/reservations/{order_id}/release`: 200, and the units can be sold again, also after a commit.
pub(crate) async fn release(context: &Context, caller: ServiceCaller, request: Request) -> HandlerResult {
    transition(context, &caller, &request, ReservationState::Released).await
}

/// Handles `POST /internal/catalog/tick`: 200 with the number of reservations that expired, and of old events that were removed. Folds products whose
/// texts an earlier release stored.
pub(crate) async fn tick(context: &Context, caller: ServiceCaller, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let expired = stock::expire(context, &db, &caller.actor()).await?;
    if !expired.is_empty() {
        cache::invalidate(context, expired.iter().flat_map(Reservation::products)).await?;
    }
    text_index::fold_slice(&db).await?;
    let events = spindle_events::tick(context, None).await?;
    Ok(json(StatusCode::OK, &value!({ "expired": expired.len(), "pruned": events.pruned })))
}

async fn transition(
    context: &Context,
    caller: &ServiceCaller,
    request: &Request,
    next: ReservationState,
) -> HandlerResult {
    let order_id = request.param("order_id")?;
    let Transition { reservation, is_new } =
        stock::transition(context, &context.sql().await?, order_id, next, &caller.actor()).await?;
    // Other transitions change nothing that a public representation has.
    if is_new && next.returns_units() {
        cache::invalidate(context, reservation.products()).await?;
    }
    Ok(json(StatusCode::OK, &reservation))
}
