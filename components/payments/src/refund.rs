//! Refunds at an operator's request. Orders decides first: an order that was not shipped is cancelled there, so that it cannot be shipped any
//! more. Then the request is stored under its idempotency key together with its response, and executed like every other target state of a
//! payment. A crash between the two loses nothing: the cancelled order returns its money by itself, and a repeated request is recognised.

use crate::api::PaymentView;
use crate::error::Error;
use crate::events::{CONSUMER, RefundRequested};
use crate::orders::{self, CancellingRefund};
use crate::payment::{Payment, Status, TargetState};
use crate::persistence::{self, Change};
use crate::store::payments;
use deserr::Deserr;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde_json::{Value, json};
use spindle_contracts::{InputErrors, PaymentId, Problem};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::{Event, accept};
use spindle_idempotency::{BeginOutcome, IdempotentRequest, begin, find, finish};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{ETag, NoParameters, Request, versioned_json};
use std::time::Duration;

/// The lease of the idempotency key. Key and response are written in one transaction, so no request ever waits for its end.
const LEASE: Duration = Duration::from_secs(1);

/// A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead of refunding all.
#[derive(Debug, Default, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(rename = "RefundRequest", deny_unknown_fields)]
pub(crate) struct RefundBody {
    /// Whether the order was shipped. Without it the order is cancelled, and one that was shipped is not refunded.
    #[deserr(default)]
    #[schemars(default)]
    shipped: bool,
}

/// Answers `POST /v1/payments/{id}/refund`, which requires an `Idempotency-Key`, with 202 and the payment. The refund follows shortly. An order that
/// was not shipped is cancelled; one that was is refunded only with the body `{"shipped": true}`.
pub(crate) async fn refund(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let body = request.bytes().await?;
    let NoParameters {} = request.query()?;
    let RefundBody { shipped } = if body.is_empty() { RefundBody::default() } else { request.read_json(&body)? };
    let precondition = request.precondition()?;
    let id: PaymentId = request.param("id")?;
    let idempotent = IdempotentRequest::new(caller.user(), "payment.refund", &request, &payload(id, shipped))?;
    let db = context.sql().await?;
    if let Some(response) = find(&db, &idempotent, LEASE).await? {
        return Ok(response);
    }
    let payment = payments::get(&db, id).await?;
    if !matches!(payment.status, Status::Captured | Status::Refunded) {
        return Err(Error::NotCaptured(payment.status).into());
    }
    // Now and not later: once the order is cancelled, it is this request that has changed the payment.
    precondition.check(&ETag::of_version(payment.revision()))?;
    // No transaction is open during the call.
    let cancelled_by = orders::accept_refund(context, payment.order_id, idempotent.id(), shipped).await?;

    let transaction = db.transaction().await?;
    let claim = match begin(&transaction, &idempotent, context.new_id(), LEASE).await? {
        BeginOutcome::Claimed(claim) => claim,
        BeginOutcome::Answered(response) => return Ok(response),
    };
    let before = payments::get(&transaction, id).await?;
    let after = with_refund_target(&before, cancelled_by)?;
    let actor = caller.user().to_string();
    let change = Change { before, after, event: None };
    let stored = persistence::update(context, &transaction, change, None, &actor).await.map_err(Problem::from)?;
    let payment = stored.payment;
    let entry = Entry {
        actor: Some(actor),
        action: "payment.refund_requested",
        subject: Some(id.to_string()),
        detail: json!({ "order_id": payment.order_id }),
    };
    audit::record(&transaction, context, &entry).await?;
    let requested = RefundRequested { payment_id: id };
    let event = Event::new(id, &requested).published_by(context, context.service(), claim.resource_id);
    let accepted = accept(context, &transaction, &[event], &CONSUMER).await?;
    let revision = payment.revision();
    let mut response = versioned_json(StatusCode::ACCEPTED, &PaymentView::new(payment, caller), revision);
    response.headers_mut().insert(LOCATION, location(id));
    finish(&transaction, &claim, &response).await?;
    transaction.commit().await?;
    accepted.handle(context);
    Ok(response)
}

/// Returns the address of the payment, which shows how far the refund is.
fn location(id: PaymentId) -> HeaderValue {
    HeaderValue::from_str(&format!("/v1/payments/{id}")).expect("an id is ASCII")
}

/// Returns the parts of the request that must be equal under one key: as before for a request without a body.
fn payload(id: PaymentId, shipped: bool) -> Value {
    if shipped { json!([id, "shipped"]) } else { json!(id) }
}

/// Returns the payment with the target state that its money is returned. If this refund cancelled its order, the cancellation may have set that
/// state, or returned the money, already.
///
/// # Errors
///
/// [`Error::NotCaptured`] if it has no money to refund, [`Error::RefundInProgress`] if another request returns it already.
fn with_refund_target(payment: &Payment, cancelling: CancellingRefund) -> Result<Payment, Error> {
    match (payment.status, payment.target) {
        (Status::Captured, _) if cancelling == CancellingRefund::Another => Err(Error::RefundInProgress),
        (Status::Captured, TargetState::Returned) if cancelling == CancellingRefund::None => {
            Err(Error::RefundInProgress)
        }
        (Status::Captured, _) => {
            let mut after = payment.clone();
            // A captured payment is returned by the provider only.
            let _event = after.set_target(TargetState::Returned);
            Ok(after)
        }
        (Status::Refunded, _) if cancelling == CancellingRefund::This => Ok(payment.clone()),
        (other, _) => Err(Error::NotCaptured(other)),
    }
}
