//! The events that payments consumes: those of orders, the provider's decisions (from [`webhook`](crate::webhook)), an operator's
//! requests for a [`refund`](crate::refund), and the [erasure](crate::erasure) of a user. Each other handler sets the target state or applies the decision, and then executes the calls of the
//! provider that are due.

use crate::erasure;
use crate::executor::{self, Executor};
use crate::payment::{NewPayment, Operation, Payment, PaymentEvent, TargetState, Unrecoverable};
use crate::persistence::{self, Change, StoredPayment};
use crate::provider;
use crate::store::{calls, payments};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::{EventData, OrderCancelled, OrderPaid, PaymentRequested, UserErased};
use spindle_contracts::{OrderId, PaymentId};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Consumer, Delivery, HandlerError, PendingEvents, Transaction};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::sql::Connection;

/// How many old idempotency keys a tick removes at most.
const PRUNED_TOGETHER: i64 = 1_000;

/// The error of a request for a payment whose token orders has removed, because payments had decided: this database is older than the decision.
const TOKEN_REMOVED: &str =
    "the payment was decided before, and its token is removed: this database does not have the decision";

/// The consumer of this service.
pub(crate) static CONSUMER: Consumer = Consumer {
    handle: |context, delivery| Box::pin(handle(context, delivery)),
    concurrency: 1,
    // Money waits for each of them.
    retakes_dead_letters: true,
    is_paused: Some(|context, db| Box::pin(is_paused(context, db))),
    longest_call: provider::timeout,
};

/// The event that the provider has decided about a pending authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProviderAnswered {
    pub(crate) payment_id: PaymentId,
    pub(crate) reference: String,
    /// The reason why the provider declined; `None` if it authorised.
    pub(crate) refusal: Option<String>,
}

/// The event that an operator has requested a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefundRequested {
    pub(crate) payment_id: PaymentId,
}

impl EventData for ProviderAnswered {
    const NAME: &'static str = "ProviderAnswered";
}

impl EventData for RefundRequested {
    const NAME: &'static str = "RefundRequested";
}

/// `POST /internal/payments/tick`: 200 with what was done.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let mut report = spindle_events::tick(context, Some(&CONSUMER)).await?;
    let db = context.sql().await?;
    report.pruned += spindle_idempotency::prune(&db, context.now(), PRUNED_TOGETHER).await?;
    erasure::advance(context, &db).await?;
    Ok(json(StatusCode::OK, &report))
}

/// Returns whether no call of the provider may begin now: its circuit breaker is open, or too many calls are in progress.
async fn is_paused(context: &Context, db: &Connection) -> Result<bool, spindle_events::Error> {
    let limit = executor::max_calls(context)?;
    Ok(calls::gate(db, limit).await?.wait(calls::PROVIDER, limit).is_some())
}

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    match delivery.event().kind.as_str() {
        PaymentRequested::NAME => on_payment_requested(context, delivery).await,
        OrderPaid::NAME => on_order_paid(context, delivery).await,
        OrderCancelled::NAME => on_order_cancelled(context, delivery).await,
        ProviderAnswered::NAME => on_provider_answered(context, delivery).await,
        RefundRequested::NAME => on_refund_requested(context, delivery).await,
        UserErased::NAME => erasure::on_user_erased(context, delivery).await,
        other => Err(HandlerError::Permanent(format!("payments does not handle events of type {other}"))),
    }
}

async fn on_payment_requested(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let PaymentRequested { order_id, user_id, amount, payment_token } = delivery.data()?;
    let provider = context.config().get(provider::NAME)?;
    let id = PaymentId(context.new_id());
    let new = NewPayment { order_id, user_id, amount }.requested(id, provider, context.now());
    let token = Some(payment_token.as_str()).filter(|token| !token.is_empty());
    let call = executor::due_call(context, &new, token)?;
    let transaction = delivery.transaction().await?;
    let stored = persistence::insert(context, &transaction, new, call, delivery.event().producer()).await?;
    if token.is_none() && stored.payment.due() == Some(Operation::Authorize) {
        return Err(HandlerError::Retry(TOKEN_REMOVED.to_owned()));
    }
    Executor { context, delivery, transaction, stored }.run(token).await
}

async fn on_order_paid(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let OrderPaid { order_id, .. } = delivery.data()?;
    let call = executor::new_call(context, Operation::Capture)?;
    let transaction = delivery.transaction().await?;
    // Usually the payment is authorised, and the statement that writes it reads it as well.
    if let Some((payment, started)) = payments::begin_capture(&transaction, order_id, call, context.now()).await? {
        let stored = StoredPayment { payment, pending_events: PendingEvents::default(), started: Some(started) };
        return Executor { context, delivery, transaction, stored }.run(None).await;
    }
    let payment = of_order(&transaction, order_id).await?;
    set_target(context, delivery, transaction, payment, TargetState::Captured).await
}

/// Returns the order's money, or inserts a voided payment if the order has none: then it never gets another one.
async fn on_order_cancelled(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let OrderCancelled { order_id, user_id, total, .. } = delivery.data()?;
    let provider = context.config().get(provider::NAME)?;
    let id = PaymentId(context.new_id());
    let voided = NewPayment { order_id, user_id, amount: total }.cancelled_before_request(id, provider, context.now());
    let transaction = delivery.transaction().await?;
    if let Some(payment) = payments::of_order(&transaction, order_id).await? {
        return set_target(context, delivery, transaction, payment, TargetState::Returned).await;
    }
    let stored = persistence::insert(context, &transaction, voided, None, delivery.event().producer()).await?;
    Executor { context, delivery, transaction, stored }.run(None).await
}

async fn on_refund_requested(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let RefundRequested { payment_id } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    let payment = payments::get(&transaction, payment_id).await?;
    set_target(context, delivery, transaction, payment, TargetState::Returned).await
}

async fn on_provider_answered(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let ProviderAnswered { payment_id, reference, refusal } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    let payment = payments::get(&transaction, payment_id).await?;
    let apply = |payment: &mut Payment| payment.apply_webhook(reference, refusal);
    change_and_execute(context, delivery, transaction, payment, apply).await
}

async fn of_order(transaction: &Transaction<'_>, order_id: OrderId) -> Result<Payment, HandlerError> {
    let payment = payments::of_order(transaction, order_id).await?;
    payment.ok_or_else(|| HandlerError::Retry("the order has no payment yet".to_owned()))
}

async fn set_target<'d>(
    context: &'d Context,
    delivery: &'d Delivery<'d>,
    transaction: Transaction<'d>,
    payment: Payment,
    target: TargetState,
) -> Result<(), HandlerError> {
    let set = |payment: &mut Payment| Ok(payment.set_target(target));
    change_and_execute(context, delivery, transaction, payment, set).await
}

/// Changes the payment, and executes the calls that are due then.
async fn change_and_execute<'d>(
    context: &'d Context,
    delivery: &'d Delivery<'d>,
    transaction: Transaction<'d>,
    before: Payment,
    change: impl FnOnce(&mut Payment) -> Result<Option<PaymentEvent>, Unrecoverable>,
) -> Result<(), HandlerError> {
    let mut after = before.clone();
    let event = change(&mut after)?;
    let (actor, call) = (delivery.event().producer(), executor::due_call(context, &after, None)?);
    let change = Change { before, after, event };
    let stored = persistence::update(context, &transaction, change, call, actor).await?;
    Executor { context, delivery, transaction, stored }.run(None).await
}
