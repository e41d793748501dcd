//! Refunds at an operator's request. The request is stored under its idempotency key together with its response, and then executed like every
//! other target state of a payment.

use crate::api::PaymentView;
use crate::error::Error;
use crate::events::{CONSUMER, RefundRequested};
use crate::payment::{Payment, Status, TargetState};
use crate::persistence;
use crate::store::payments;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use spindle_contracts::{PaymentId, Problem};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::{Event, accept};
use spindle_idempotency::{BeginOutcome, IdempotentRequest, begin, finish};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{ETag, Request, versioned_json};
use std::time::Duration;

/// The lease of the idempotency key. Key and response are written in one transaction, so no request ever waits for its end.
const LEASE: Duration = Duration::from_secs(1);

/// The body: an empty object. A refund is always of the whole sum, so a request for a part of it is refused instead of refunding all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundBody {}

/// Answers `POST /v1/payments/{id}/refund`, which requires an `Idempotency-Key`, with 202 and the payment. The refund follows shortly.
pub(crate) async fn refund(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let body = request.bytes().await?;
    if !body.is_empty() {
        let RefundBody {} = request.read_json(&body)?;
    }
    let precondition = request.precondition()?;
    let id: PaymentId = request.param("id")?;
    let idempotent = IdempotentRequest::new(caller.user(), "payment.refund", &request, &id)?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let claim = match begin(&transaction, &idempotent, context.new_id(), context.now(), LEASE).await? {
        BeginOutcome::Claimed(claim) => claim,
        BeginOutcome::Answered(response) => return Ok(response),
    };
    let before = payments::get(&transaction, id).await?;
    let after = with_refund_target(&before)?;
    precondition.check(&ETag::of_version(before.version))?;
    let actor = caller.user().to_string();
    let (payment, _) =
        persistence::update(context, &transaction, &before, after, None, &actor).await.map_err(Problem::from)?;
    let entry = Entry {
        actor: Some(actor),
        action: "payment.refund_requested",
        subject: Some(id.to_string()),
        detail: json!({ "order_id": payment.order_id }),
    };
    audit::record(&transaction, context, &entry).await?;
    let requested = RefundRequested { payment_id: id };
    let event = Event::new(id, &requested).published_by(context, context.service(), claim.resource_id);
    accept(context, &transaction, &[event], &CONSUMER).await?;
    let version = payment.version;
    let response = versioned_json(StatusCode::ACCEPTED, &PaymentView::from(payment), version);
    finish(&transaction, &claim, &response).await?;
    transaction.commit().await?;
    Ok(response)
}

/// Returns the payment with the target state that its money is returned.
///
/// # Errors
///
/// [`Error::NotCaptured`] if it has no money to refund, [`Error::RefundInProgress`] if that is its target state already.
fn with_refund_target(payment: &Payment) -> Result<Payment, Error> {
    match (payment.status, payment.target) {
        (Status::Captured, TargetState::Returned) => Err(Error::RefundInProgress),
        (Status::Captured, _) => {
            let mut after = payment.clone();
            // A captured payment is returned by the provider only.
            let _event = after.set_target(TargetState::Returned);
            Ok(after)
        }
        (other, _) => Err(Error::NotCaptured(other)),
    }
}
