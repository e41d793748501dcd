//! Refunds at an operator's wish. The wish is kept under its idempotency key together with its answer, and then driven like everything
//! else that is wanted of a payment.

use crate::api::with_payment;
use crate::error::Error;
use crate::events::{CONSUMER, RefundRequested};
use crate::keeping;
use crate::payment::{Goal, Payment, Status};
use crate::store::payments;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use spindle_contracts::{PaymentId, Problem};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::{InboxMessage, accept};
use spindle_idempotency::{BeginOutcome, IdempotentRequest, begin, finish};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::Request;
use std::time::Duration;

/// Key and answer are one transaction, so that nobody ever waits for this to be over.
const LEASE: Duration = Duration::from_secs(1);

/// What may be asked for besides: nothing. A refund is of the whole sum, so that one who asks for part of it must not get all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {}

/// `POST /v1/payments/{id}/refund` with an `Idempotency-Key`: 202 with the payment, which is refunded shortly.
pub(crate) async fn refund(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let body = request.bytes().await?;
    if !body.is_empty() {
        let Options {} = request.read_json(&body)?;
    }
    let id: PaymentId = request.param("id")?;
    let asked = IdempotentRequest::new(caller.user(), "payment.refund", &request, &id)?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let claim = match begin(&transaction, &asked, context.new_id(), context.now(), LEASE).await? {
        BeginOutcome::Claimed(claim) => claim,
        BeginOutcome::Answered(response) => return Ok(response),
    };
    let before = payments::get(&transaction, id).await?;
    let after = wanted_back(&before)?;
    let actor = caller.user().to_string();
    let (payment, _) =
        keeping::change(context, &transaction, &before, after, None, &actor).await.map_err(Problem::from)?;
    let entry = Entry {
        actor: Some(actor),
        action: "payment.refund_requested",
        subject: Some(id.to_string()),
        detail: json!({ "order_id": payment.order_id }),
    };
    audit::record(&transaction, context, &entry).await?;
    let wanted = RefundRequested { payment_id: id };
    let event = InboxMessage::new(context, claim.resource_id, context.service(), id, &wanted);
    accept(context, &transaction, &[event], &CONSUMER).await?;
    let response = with_payment(StatusCode::ACCEPTED, payment);
    finish(&transaction, &claim, &response).await?;
    transaction.commit().await?;
    Ok(response)
}

/// The payment with the goal that it be given back, if there is anything to give back.
fn wanted_back(payment: &Payment) -> Result<Payment, Error> {
    match (payment.status, payment.goal) {
        (Status::Captured, Goal::Return) => Err(Error::RefundUnderWay),
        (Status::Captured, _) => {
            let mut wanted = payment.clone();
            wanted.aim(Goal::Return);
            Ok(wanted)
        }
        (other, _) => Err(Error::NotCaptured(other)),
    }
}
