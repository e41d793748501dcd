//! Reserves, commits, ships, releases and expires the stock of orders. Each transition of a reservation is one database transaction under the write
//! lock: everything it reads stays true until it commits; the stock, the events and the audit row are written with it; and a repeated
//! transition changes nothing.

use crate::error::Error;
use crate::events;
use crate::reservation::{ProductStock, Reservation, ReservationError, ReservationRequest, ReservationState};
use crate::store::{products, reservations};
use serde_json::json;
use spindle_contracts::OrderId;
use spindle_events::outbox;
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{self, Connection, Transaction};
use std::time::Duration;

/// The variable with the lifetime in seconds of a reservation that its order neither commits nor releases: longer than a payment may take.
const LIFETIME: &str = "reservation_seconds";

/// The maximum number of reservations that a tick expires. The others wait for the next tick.
const EXPIRED_PER_TICK: i64 = 100;

/// A reservation after a transition.
pub(crate) struct Transition {
    pub(crate) reservation: Reservation,
    /// `true` if this call made the transition, `false` if it had been made before.
    pub(crate) is_new: bool,
}

/// Reserves all lines of `request`, or none.
pub(crate) async fn reserve(
    context: &Context,
    db: &Connection,
    request: &ReservationRequest,
    actor: &str,
) -> Result<Transition, Error> {
    let now = context.now();
    let seconds: u32 = context.config().parse(LIFETIME, "a whole number of seconds")?;
    let expires_at = now.plus(Duration::from_secs(seconds.into()));
    let transaction = db.transaction().await?;
    let Some((reservation, stock)) = reservations::reserve(&transaction, request, expires_at, now).await? else {
        return repeat_or_refuse(&transaction, request).await;
    };
    publish(context, &transaction, &stock).await?;
    record(context, &transaction, &reservation, actor).await?;
    transaction.commit().await?;
    Ok(Transition { reservation, is_new: true })
}

/// Returns the reservation that the order has, or the error of a `request` that cannot be reserved.
async fn repeat_or_refuse(transaction: &Transaction<'_>, request: &ReservationRequest) -> Result<Transition, Error> {
    if let Some(existing) = reservations::find(transaction, request.order_id).await? {
        return Ok(Transition { reservation: existing.repeated(request)?, is_new: false });
    }
    request.check_stock(&products::get_all(transaction, request.products()).await?)?;
    // The statement that reserves sees the same rows, and has the same conditions.
    Err(sql::Error::Other("a reservation was not made although it breaks no rule".to_owned()).into())
}

/// Changes the state of the order's reservation to `next`. Releasing a reservation that was never made prevents it from being made later.
pub(crate) async fn transition(
    context: &Context,
    db: &Connection,
    order_id: OrderId,
    next: ReservationState,
    actor: &str,
) -> Result<Transition, Error> {
    let now = context.now();
    let transaction = db.transaction().await?;
    let reservation = match reservations::set_state(&transaction, order_id, next, now).await? {
        Some((reservation, stock)) => {
            publish(context, &transaction, &stock).await?;
            reservation
        }
        None => match reservations::find(&transaction, order_id).await? {
            Some(reservation) => {
                // If it were not made before, the statement would have made it.
                reservation.state.transition(next)?;
                return Ok(Transition { reservation, is_new: false });
            }
            None if next == ReservationState::Released => {
                reservations::insert_released(&transaction, order_id, now).await?
            }
            None => return Err(Error::ReservationNotFound),
        },
    };
    record(context, &transaction, &reservation, actor).await?;
    transaction.commit().await?;
    Ok(Transition { reservation, is_new: true })
}

/// Expires the reservations whose lifetime is over, at most [`EXPIRED_PER_TICK`], and returns them.
pub(crate) async fn expire(context: &Context, db: &Connection, actor: &str) -> Result<Vec<Reservation>, Error> {
    let mut expired = Vec::new();
    for order_id in reservations::expired(db, EXPIRED_PER_TICK).await? {
        match transition(context, db, order_id, ReservationState::Expired, actor).await {
            Ok(transition) if transition.is_new => expired.push(transition.reservation),
            // Another tick expired it, or the order was paid at the last moment.
            Ok(_) | Err(Error::Reservation(ReservationError::WrongState(_))) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(expired)
}

/// Publishes the new stock of `products`.
async fn publish(context: &Context, transaction: &Transaction<'_>, products: &[ProductStock]) -> Result<(), Error> {
    let event =
        |ProductStock { product_id, sku, stock }: &ProductStock| events::stock_changed(*product_id, sku, *stock);
    // The catalog has no consumers yet, so there is nothing to push.
    let _ = outbox::append(transaction, context, &products.iter().map(event).collect::<Vec<_>>()).await?;
    Ok(())
}

async fn record(
    context: &Context,
    transaction: &Transaction<'_>,
    reservation: &Reservation,
    actor: &str,
) -> Result<(), Error> {
    let action = match reservation.state {
        ReservationState::Held => "stock.reserved",
        ReservationState::Allocated | ReservationState::TakenAtPayment => "stock.committed",
        ReservationState::Shipped => "stock.shipped",
        ReservationState::Released => "stock.released",
        ReservationState::Expired => "stock.expired",
    };
    let lines = reservation.lines.iter().map(|line| (line.product_id.to_string(), line.quantity.into()));
    let detail = json!({ "quantities": lines.collect::<serde_json::Map<_, _>>() });
    let subject = Some(reservation.order_id.to_string());
    audit::record(transaction, context, &Entry { actor: Some(actor.to_owned()), action, subject, detail }).await?;
    Ok(())
}
