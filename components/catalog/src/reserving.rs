//! Reservations being made and ended. Each step is one transaction under the write lock: what it reads stays true until it is done, the
//! stock, the events and the audit row change with it, and a step that was made already changes nothing.

use crate::error::Error;
use crate::events;
use crate::reservation::{Draft, Effect, Line, Moved, Reservation, State};
use crate::store::{products, reservations};
use serde_json::json;
use spindle_contracts::OrderId;
use spindle_events::outbox;
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{Connection, Transaction};
use std::time::Duration;

/// The variable that says for how many seconds stock is held for an order that nobody commits or releases: for longer than a payment may
/// take.
const HELD_SECONDS: &str = "reservation_seconds";

/// How many reservations a tick ends at most. What is left waits for the next.
const EXPIRED_AT_ONCE: i64 = 100;

/// A reservation after a step, and whether the step was made just now.
pub(crate) struct Step {
    pub(crate) reservation: Reservation,
    pub(crate) is_new: bool,
}

/// Reserves what `draft` asks for, all of it or nothing.
pub(crate) async fn reserve(context: &Context, db: &Connection, draft: &Draft, actor: &str) -> Result<Step, Error> {
    let transaction = db.transaction().await?;
    if let Some(there) = reservations::find(&transaction, draft.order_id).await? {
        return Ok(Step { reservation: there.again(draft)?, is_new: false });
    }
    let now = context.now();
    let seconds: u32 = context.config().parse(HELD_SECONDS, "a whole number of seconds")?;
    let expires_at = now.plus(Duration::from_secs(seconds.into()));
    let reservation = draft.reserve(&products::get_all(&transaction, draft.products()).await?, expires_at)?;
    reservations::insert(&transaction, &reservation, now).await?;
    move_stock(context, &transaction, &reservation.lines, Effect::HOLD).await?;
    record(context, &transaction, &reservation, actor).await?;
    transaction.commit().await?;
    Ok(Step { reservation, is_new: true })
}

/// Takes the reservation of the order to the state `next`. Releasing one that was never made keeps it from being made.
pub(crate) async fn settle(
    context: &Context,
    db: &Connection,
    order_id: OrderId,
    next: State,
    actor: &str,
) -> Result<Step, Error> {
    let now = context.now();
    let transaction = db.transaction().await?;
    let reservation = match reservations::find(&transaction, order_id).await? {
        Some(reservation) => {
            let Some(effect) = reservation.state.step(next)? else {
                return Ok(Step { reservation, is_new: false });
            };
            reservations::set_state(&transaction, order_id, next, now).await?;
            move_stock(context, &transaction, &reservation.lines, effect).await?;
            Reservation { state: next, ..reservation }
        }
        None if next == State::Released => {
            let reservation = Reservation::never_held(order_id, now);
            reservations::insert(&transaction, &reservation, now).await?;
            reservation
        }
        None => return Err(Error::NoReservation),
    };
    record(context, &transaction, &reservation, actor).await?;
    transaction.commit().await?;
    Ok(Step { reservation, is_new: true })
}

/// Ends the reservations whose time is over, up to a number, and gives them.
pub(crate) async fn expire(context: &Context, db: &Connection, actor: &str) -> Result<Vec<Reservation>, Error> {
    let mut ended = Vec::new();
    for order_id in reservations::expired(db, context.now(), EXPIRED_AT_ONCE).await? {
        match settle(context, db, order_id, State::Expired, actor).await {
            Ok(step) if step.is_new => ended.push(step.reservation),
            // Another tick was faster, or the order was paid at the last moment.
            Ok(_) | Err(Error::ReservationIs(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

async fn move_stock(
    context: &Context,
    transaction: &Transaction<'_>,
    lines: &[Line],
    effect: Effect,
) -> Result<(), Error> {
    let moved = reservations::move_stock(transaction, lines, effect, context.now()).await?;
    let event = |Moved { product_id, sku, stock }: &Moved| events::stock_changed(*product_id, sku, *stock);
    // Nobody listens to the catalog yet, so there is nothing to push.
    let _ = outbox::append(transaction, context, &moved.iter().map(event).collect::<Vec<_>>()).await?;
    Ok(())
}

async fn record(
    context: &Context,
    transaction: &Transaction<'_>,
    reservation: &Reservation,
    actor: &str,
) -> Result<(), Error> {
    let action = match reservation.state {
        State::Held => "stock.reserved",
        State::Committed => "stock.committed",
        State::Released => "stock.released",
        State::Expired => "stock.expired",
    };
    let lines = reservation.lines.iter().map(|line| (line.product_id.to_string(), line.quantity.into()));
    let detail = json!({ "quantities": lines.collect::<serde_json::Map<_, _>>() });
    let subject = Some(reservation.order_id.to_string());
    audit::record(transaction, context, &Entry { actor: Some(actor.to_owned()), action, subject, detail }).await?;
    Ok(())
}
