//! Placing an order.

use crate::order::Draft;
use crate::placing;
use spindle_edge::{HandlerResult, Principal};
use spindle_idempotency::IdempotentRequest;
use spindle_platform::Context;
use spindle_platform::http::Request;

/// `POST /v1/orders` with `Idempotency-Key`: 201 with the order, whose stock is held and whose payment is asked for; 409 with what is short,
/// and then there is no order. The same key gets the same answer for a day.
pub(crate) async fn place(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let draft: Draft = request.json().await?;
    let asked = IdempotentRequest::new(caller.user(), placing::OPERATION, &request, &draft)?;
    let wish = draft.check()?;
    Ok(placing::place(context, caller.user(), &asked, wish, request.path()).await?)
}
