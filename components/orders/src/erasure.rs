//! The erasure of a user. `UserErased` only records the user: from that transaction on no order of theirs is placed. The tick does the rest, in slices
//! that may each be repeated, so that neither a crash nor a customer with many orders holds anything up:
//!
//! 1. An order whose payment is not captured is cancelled as its customer could have cancelled it: an authorisation is voided.
//! 2. An order that is settled, or was shipped, is scheduled. If its payment was captured, it is kept for [`RETENTION_DAYS`], as a document of the
//!    books. An order that is paid and not shipped yet stays open: without an address it cannot be shipped.
//! 3. Name and address of the orders whose time is over are removed, and the provider's reasons from them and their timelines.

use crate::error::Error;
use crate::reconcile::succeeded;
use crate::saga::OrderEvent;
use crate::store::erasures::{self, ErasedUser};
use crate::timeline;
use crate::transitions;
use http::StatusCode;
use serde_json::json as value;
use spindle_contracts::event::{EventData, PaymentDeclined};
use spindle_contracts::{Timestamp, UserId};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::dead_letters;
use spindle_idempotency as idempotency;
use spindle_platform::Context;
use spindle_platform::config;
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::Duration;

/// The variable with the number of days for which the orders of an erased user whose payment was captured keep name and address.
const RETENTION_DAYS: &str = "order_retention_days";

/// The most users in one tick.
const USERS: i64 = 10;

/// The most orders of a user that one tick cancels, each in its own transaction.
const CANCELLED_TOGETHER: i64 = 20;

/// The most orders in one transaction.
const BATCH: i64 = 500;

/// The service that asks how far the erasure of a user is, and on whose behalf orders are cancelled.
const USERS_SERVICE: &str = "users";

/// Continues the erasures that are due, and returns the number of orders that were erased. The failure of one user does not delay the others.
pub(crate) async fn advance(context: &Context, db: &Connection) -> Result<usize, Error> {
    for user in erasures::due(db, context.now(), USERS).await? {
        if let Err(cause) = advance_user(context, db, &user).await {
            let now = context.now();
            erasures::set_next(db, user.id, Some(now.plus(pause(user.erased_at, now)))).await?;
            let fields = [("user.id", user.id.to_string().into()), ("cause", cause.to_string().into())];
            context.log(Level::Warn, "erasure left for a later tick", &fields);
        }
    }
    erase_due(context, db).await
}

async fn advance_user(context: &Context, db: &Connection, user: &ErasedUser) -> Result<(), Error> {
    let has_keys = idempotency::erase(db, user.id).await?;
    let open = erasures::open(db, user.id, CANCELLED_TOGETHER).await?;
    let has_more = i64::try_from(open.len()).unwrap_or(i64::MAX) == CANCELLED_TOGETHER;
    for id in open {
        let cancelled = transitions::apply_event(context, db, id, OrderEvent::CancelRequested, USERS_SERVICE).await;
        succeeded(context, id, cancelled.map(drop))?;
    }
    let transaction = db.transaction().await?;
    let scheduled = erasures::schedule(&transaction, user.id, BATCH).await?;
    dead_letters::erase_texts(&transaction, user.id, &[], &[(PaymentDeclined::NAME, "reason")]).await?;
    let now = context.now();
    let next = if has_more || i64::try_from(scheduled).unwrap_or(i64::MAX) == BATCH {
        Some(now)
    } else if has_keys || erasures::has_open(&transaction, user.id).await? {
        Some(now.plus(pause(user.erased_at, now)))
    } else {
        None
    };
    erasures::set_next(&transaction, user.id, next).await?;
    Ok(transaction.commit().await?)
}

/// Returns the time after which an erased user with open orders is looked at again: the longer they have been waiting for, the longer.
fn pause(erased_at: Timestamp, now: Timestamp) -> Duration {
    let waited = u64::try_from(now.as_millis() - erased_at.as_millis()).unwrap_or_default();
    Duration::from_millis((waited / 4).clamp(1_000, 3_600_000))
}

async fn erase_due(context: &Context, db: &Connection) -> Result<usize, Error> {
    // What has no reason to be kept is kept from the beginning of time on.
    let time = Timestamp::from_millis(context.now().minus(retention(context)?).as_millis().max(0));
    let due = erasures::to_erase(db, time, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let transaction = db.transaction().await?;
    let erased = erasures::erase(&transaction, &due, context.now(), timeline::ERASED, timeline::DECLINED).await?;
    transaction.commit().await?;
    Ok(erased)
}

fn retention(context: &Context) -> Result<Duration, config::Error> {
    let days: u32 = context.config().parse(RETENTION_DAYS, "a whole number of days")?;
    Ok(Duration::from_secs(u64::from(days) * 24 * 60 * 60))
}

/// Handles `GET /internal/orders/erasures/{user_id}`: 200 with the state of the erasure, and with the number of orders that are still open, and of
/// those that are kept `until` a time. It is `done` once no order is left but those.
pub(crate) async fn get_state(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let user: UserId = request.param("user_id")?;
    let state = erasures::state(&context.sql().await?, user).await?;
    let retention = retention(context)?;
    let is_done = state.is_done && state.open_orders == 0;
    let remaining = value!({
        "open_orders": state.open_orders,
        "retained_orders": state.retained_orders,
        "until": state.retained_from.map(|from| from.plus(retention)),
    });
    let body = value!({ "state": if is_done { "done" } else { "pending" }, "remaining": remaining });
    Ok(json(StatusCode::OK, &body))
}

#[cfg(test)]
mod tests {
    use super::pause;
    use spindle_contracts::Timestamp;
    use std::time::Duration;

    #[test]
    fn the_longer_an_order_stays_open_the_less_often_it_is_looked_at() {
        let after = |seconds: i64| pause(Timestamp::from_millis(0), Timestamp::from_millis(seconds * 1_000));
        assert_eq!([0, 4, 400, 4_000_000].map(after), [1, 1, 100, 3_600].map(Duration::from_secs));
        assert_eq!(pause(Timestamp::from_millis(5), Timestamp::from_millis(0)), Duration::from_secs(1));
    }
}
