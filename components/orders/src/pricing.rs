//! What the price adjuster is asked: what is taken off, and what comes on top. It is composed into the adapter `pricing`, and may be asked
//! again for the same order.

use crate::adjustment::Adjustment;
use crate::error::Error;
use crate::order::ShippingAddress;
use spindle_contracts::event::OrderLine;
use spindle_contracts::provider::pricing::{self, ADAPTER, ADJUST, AdjustResponse, Cart, Line};
use spindle_contracts::{OrderId, UserId};
use spindle_platform::Context;
use std::time::Duration;

/// How long an answer is waited for; so does whoever orders.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What came of asking.
#[derive(Debug)]
pub(crate) enum Priced {
    /// The order costs so much less and so much more.
    With(Vec<Adjustment>),
    /// This order is not sold, for a reason that is meant for whoever orders.
    Refused(String),
}

/// Asks what changes for the order `id` of `lines`, which becomes `user_id`'s and goes to `address`.
pub(crate) async fn adjust(
    context: &Context,
    id: OrderId,
    user_id: UserId,
    lines: &[OrderLine],
    address: &ShippingAddress,
) -> Result<Priced, Error> {
    let line = |line: &OrderLine| Line {
        product_id: line.product_id,
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price.amount,
    };
    let cart = Cart {
        order_id: id,
        user_id,
        currency: lines.first().ok_or(Error::NoLines)?.unit_price.currency,
        lines: lines.iter().map(line).collect(),
        country: address.postal.country.clone(),
        postal_code: address.postal.postal_code.clone(),
    };
    match context.client().call_provider(ADAPTER, ADJUST, &cart, TIMEOUT).await? {
        AdjustResponse::Ok(adjustments) => Ok(Priced::With(adjustments)),
        AdjustResponse::Error(pricing::Error::Refused(reason)) => Ok(Priced::Refused(reason)),
        AdjustResponse::Error(pricing::Error::Unavailable(detail) | pricing::Error::Other(detail)) => {
            Err(Error::PricingFails(detail))
        }
    }
}
