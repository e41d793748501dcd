//! What payments does with what it is told: by orders, by the provider (through [`webhook`](crate::webhook)), and by itself where an
//! operator asks for a [`refund`](crate::refund). Each event notes what is wanted or known, and then drives the payment.

use crate::drive::Drive;
use crate::keeping;
use crate::payment::{Draft, Fact, Goal, Payment, Stuck};
use crate::provider;
use crate::store::payments;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::{EventData, OrderCancelled, OrderPaid, PaymentRequested};
use spindle_contracts::{OrderId, PaymentId};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_events::{Consumer, Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::sql::Transaction;

/// How many old idempotency keys a tick removes at most.
const PRUNED_AT_ONCE: i64 = 1_000;

/// How payments listens.
pub(crate) static CONSUMER: Consumer =
    Consumer { handle: |context, delivery| Box::pin(handle(context, delivery)), concurrency: 1 };

/// The provider has decided about an authorisation that was pending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProviderAnswered {
    pub(crate) payment_id: PaymentId,
    pub(crate) reference: String,
    /// Why there is no authorisation, if there is none.
    pub(crate) refusal: Option<String>,
}

/// An operator wants the money to be given back.
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
    report.pruned += spindle_idempotency::prune(&context.sql().await?, context.now(), PRUNED_AT_ONCE).await?;
    Ok(json(StatusCode::OK, &report))
}

async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    match delivery.event().kind.as_str() {
        PaymentRequested::NAME => requested(context, delivery).await,
        OrderPaid::NAME => paid(context, delivery).await,
        OrderCancelled::NAME => cancelled(context, delivery).await,
        ProviderAnswered::NAME => answered(context, delivery).await,
        RefundRequested::NAME => refund_requested(context, delivery).await,
        other => Err(HandlerError::Permanent(format!("payments does nothing with {other}"))),
    }
}

async fn requested(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let PaymentRequested { order_id, user_id, amount, payment_token } = delivery.data()?;
    let provider = context.config().get(provider::NAME)?;
    let id = PaymentId(context.new_id());
    let new = Draft { order_id, user_id, amount }.requested(id, provider, context.now());
    let transaction = delivery.transaction().await?;
    let (payment, told) = keeping::add(context, &transaction, new, &delivery.event().source).await?;
    Drive { context, delivery, transaction, payment, told }.on(Some(&payment_token)).await
}

async fn paid(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let OrderPaid { order_id, .. } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    let payment = of_order(&transaction, order_id).await?;
    aim(context, delivery, transaction, payment, Goal::Capture).await
}

/// Also before there is a payment: then there will never be one.
async fn cancelled(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let OrderCancelled { order_id, user_id, total, .. } = delivery.data()?;
    let provider = context.config().get(provider::NAME)?;
    let id = PaymentId(context.new_id());
    let never = Draft { order_id, user_id, amount: total }.never_wanted(id, provider, context.now());
    let transaction = delivery.transaction().await?;
    let (payment, told) = keeping::add(context, &transaction, never, &delivery.event().source).await?;
    let is_new = payment.id == id;
    if is_new {
        return Drive { context, delivery, transaction, payment, told }.on(None).await;
    }
    aim(context, delivery, transaction, payment, Goal::Return).await
}

async fn refund_requested(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let RefundRequested { payment_id } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    let payment = payments::get(&transaction, payment_id).await?;
    aim(context, delivery, transaction, payment, Goal::Return).await
}

async fn answered(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let ProviderAnswered { payment_id, reference, refusal } = delivery.data()?;
    let transaction = delivery.transaction().await?;
    let payment = payments::get(&transaction, payment_id).await?;
    drive_after(context, delivery, transaction, payment, |payment| payment.hear(reference, refusal)).await
}

async fn of_order(transaction: &Transaction<'_>, order_id: OrderId) -> Result<Payment, HandlerError> {
    let payment = payments::of_order(transaction, order_id).await?;
    payment.ok_or_else(|| HandlerError::Retry("there is no payment of this order yet".to_owned()))
}

async fn aim<'d>(
    context: &'d Context,
    delivery: &'d Delivery<'d>,
    transaction: Transaction<'d>,
    payment: Payment,
    goal: Goal,
) -> Result<(), HandlerError> {
    let aim = |payment: &mut Payment| {
        payment.aim(goal);
        Ok(None)
    };
    drive_after(context, delivery, transaction, payment, aim).await
}

/// Changes the payment, and drives it from there.
async fn drive_after<'d>(
    context: &'d Context,
    delivery: &'d Delivery<'d>,
    transaction: Transaction<'d>,
    before: Payment,
    change: impl FnOnce(&mut Payment) -> Result<Option<Fact>, Stuck>,
) -> Result<(), HandlerError> {
    let mut after = before.clone();
    let fact = change(&mut after)?;
    let actor = &delivery.event().source;
    let (payment, told) = keeping::change(context, &transaction, &before, after, fact, actor).await?;
    Drive { context, delivery, transaction, payment, told }.on(None).await
}
