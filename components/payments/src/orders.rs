//! Calls to orders, which decides whether an order is refunded or shipped.

use crate::error::Error;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;
use spindle_contracts::OrderId;
use spindle_platform::Context;
use spindle_platform::log::Level;
use std::time::Duration;
use uuid::Uuid;

/// The time limit of a call: an operator waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The refund that cancelled an order, if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CancellingRefund {
    /// The refund that is requested, now or when it was requested before.
    This,
    /// Another refund, which is under way.
    Another,
    /// No refund: the order was shipped, or cancelled for another reason.
    None,
}

/// The answer of orders to a refund that it accepts.
#[derive(Deserialize)]
struct Accepted {
    /// The refund that cancelled the order, if one did.
    refund_id: Option<Uuid>,
}

/// A refusal of orders.
#[derive(Deserialize)]
struct Refusal {
    detail: String,
}

/// Asks orders to accept the refund `refund_id` of the payment of `order_id`, which cancels the order unless it was `shipped`. Returns what
/// cancelled it.
///
/// # Errors
///
/// [`Error::OrderRefuses`] if the order may not be refunded; [`Error::OrdersUnavailable`] if orders does not answer: the same call may be
/// repeated.
pub(crate) async fn accept_refund(
    context: &Context,
    order_id: OrderId,
    refund_id: Uuid,
    shipped: bool,
) -> Result<CancellingRefund, Error> {
    let body = json!({ "refund_id": refund_id, "shipped": shipped }).to_string();
    let request = http::Request::post(format!("/internal/orders/orders/{order_id}/refund"));
    let request = request.header(CONTENT_TYPE, "application/json").body(Bytes::from(body));
    let request = request.expect("the path is made of names and an id");
    let response = context.client().call("orders", request, TIMEOUT).await;
    let response = response.map_err(|error| Error::OrdersUnavailable(error.to_string()))?;
    let unusable = |error: serde_json::Error| Error::OrdersUnavailable(error.to_string());
    match response.status() {
        StatusCode::OK => {
            let Accepted { refund_id: cancelled_by } = serde_json::from_slice(response.body()).map_err(unusable)?;
            Ok(match cancelled_by {
                Some(this) if this == refund_id => CancellingRefund::This,
                Some(_) => CancellingRefund::Another,
                None => CancellingRefund::None,
            })
        }
        StatusCode::CONFLICT => {
            let Refusal { detail } = serde_json::from_slice(response.body()).map_err(unusable)?;
            Err(Error::OrderRefuses(detail))
        }
        // After a restore of an older backup of orders: an order that does not exist is not shipped either.
        StatusCode::NOT_FOUND => {
            context.log(Level::Warn, "refund of an unknown order", &[("order", order_id.to_string().into())]);
            Ok(CancellingRefund::None)
        }
        other => Err(Error::OrdersUnavailable(format!("orders responded with {}", other.as_u16()))),
    }
}
