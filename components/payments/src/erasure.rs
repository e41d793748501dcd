//! The erasure of a user. `UserErased` records the user: from that transaction on no text of the provider about a payment of theirs is stored. The tick
//! removes those that were stored before, in slices that may each be repeated. What the books and a refund need stays: amount, status, the provider's
//! reference, and the id of the user, which names no person.
//!
//! The order in which the events of orders and users arrive does not matter: the payment of an order of an erased user is voided as any other, once orders
//! has cancelled the order.

use crate::error::Error;
use crate::events::ProviderAnswered;
use crate::store::erasures;
use http::StatusCode;
use serde_json::{Value, json as value};
use spindle_contracts::UserId;
use spindle_contracts::event::{EventData, UserErased};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Delivery, HandlerError, dead_letters};
use spindle_idempotency as idempotency;
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::sql::Connection;

/// The most users in one tick.
const USERS: i64 = 10;

/// The most payments, calls and events in one transaction.
const BATCH: i64 = 500;

/// Records the erased user.
pub(crate) async fn on_user_erased(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let UserErased { user_id } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    erasures::insert(&transaction, user_id, context.now()).await?;
    delivery.complete(context, transaction).await
}

/// Removes the texts about the users who were erased, a slice of each.
pub(crate) async fn advance(context: &Context, db: &Connection) -> Result<(), Error> {
    for user in erasures::to_clean(db, USERS).await? {
        let transaction = db.transaction().await?;
        let has_more = erasures::clean(&transaction, user, context.now(), BATCH).await?;
        let subjects = erasures::dead_subjects(&transaction, user).await?;
        dead_letters::erase_texts(&transaction, user, &subjects, &[(ProviderAnswered::NAME, "refusal")]).await?;
        let has_keys = idempotency::erase(&transaction, user).await?;
        if !has_more && !has_keys {
            erasures::set_cleaned(&transaction, user, context.now()).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

/// Handles `GET /internal/payments/erasures/{user_id}`: 200 with the state of the erasure, and with the number of payments that are not cleaned yet. The
/// form is that of orders; a payment is not kept for a time.
pub(crate) async fn get_state(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let user: UserId = request.param("user_id")?;
    let (is_done, remaining) = erasures::state(&context.sql().await?, user).await?;
    let state = if is_done && remaining == 0 { "done" } else { "pending" };
    let remaining = value!({ "open_orders": remaining, "retained_orders": 0, "until": Value::Null });
    Ok(json(StatusCode::OK, &value!({ "state": state, "remaining": remaining })))
}
