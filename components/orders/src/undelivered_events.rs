//! Finds the events about an order that are dead letters, in the inboxes of orders and of payments: without a replay the order may never go on.

use crate::order::Order;
use crate::timeline::waits_for_payments;
use bytes::Bytes;
use http::StatusCode;
use spindle_contracts::OrderId;
use spindle_events::dead_letters::{DeadLetterTypes, types_of_order};
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection};
use std::time::Duration;

/// The time limit of the call to payments: a client waits for its timeline.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Returns the types of the dead letters about `order` while it waits for payments. If payments does not respond, its dead letters are missing.
pub(crate) async fn types_of(context: &Context, db: &Connection, order: &Order) -> Result<Vec<String>, sql::Error> {
    if !waits_for_payments(order) {
        return Ok(Vec::new());
    }
    let mut types = types_of_order(db, order.id).await?;
    match types_in_payments(context, order.id).await {
        Ok(in_payments) => types.extend(in_payments),
        Err(cause) => {
            let fields = [("order", order.id.to_string().into()), ("cause", cause.into())];
            context.log(Level::Warn, "timeline without the dead letters of payments", &fields);
        }
    }
    Ok(types)
}

async fn types_in_payments(context: &Context, order_id: OrderId) -> Result<Vec<String>, String> {
    let request = http::Request::get(format!("/internal/payments/orders/{order_id}/dead-letters")).body(Bytes::new());
    let request = request.expect("the path is made of names and an id");
    let response = context.client().call("payments", request, TIMEOUT).await.map_err(|error| error.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("payments responded with {}", response.status().as_u16()));
    }
    let letters: DeadLetterTypes = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
    Ok(letters.types)
}
