//! Executes the calls of the provider that are due for a payment, one at a time. Each call is made between two transactions: the first records
//! that it is made, and stores a pushed event with it; the second records its result. So no transaction is open during the call, and an instance
//! that finds the payment after a crash at any line continues from there.
//!
//! A provider that fails or hangs must not take all instances with it: at most [`max_calls`] calls are in progress, and after a number of
//! failures in a row its circuit breaker opens. A payment that has to wait for either is not an attempt.

use crate::payment::{Operation, Payment, Unrecoverable};
use crate::persistence::{self, Change, StoredPayment};
use crate::provider::{self, ProviderCall, ProviderResult};
use crate::store::calls::{self, NewCall, PROVIDER, StartedCall};
use crate::store::payments;
use spindle_contracts::PaymentId;
use spindle_events::{Delivery, HandlerError, Transaction};
use spindle_platform::Context;
use spindle_platform::breaker::{self, PolicyVariables};
use spindle_platform::config;

/// The variable with the largest number of calls of the provider in progress.
const MAX_CALLS: &str = "payment_concurrency";

/// The variables with the policy of the circuit breaker.
const BREAKER: PolicyVariables =
    PolicyVariables { failures: "provider_breaker_failures", seconds: "provider_breaker_seconds" };

/// Returns the largest number of calls in progress.
///
/// # Errors
///
/// If the variable is missing or no whole number.
pub(crate) fn max_calls(context: &Context) -> Result<u32, config::Error> {
    context.config().parse(MAX_CALLS, "a whole number")
}

/// A payment under execution, as it is in an open transaction.
pub(crate) struct Executor<'d> {
    pub(crate) context: &'d Context,
    pub(crate) delivery: &'d Delivery<'d>,
    pub(crate) transaction: Transaction<'d>,
    /// The payment. If a call began when it was written, that is the one that is due.
    pub(crate) stored: StoredPayment,
}

/// Returns the call of the provider that is due for `payment`, so that it can begin with the write of the payment. `token` is the payer's, as for
/// [`Executor::run`].
///
/// # Errors
///
/// If a variable is missing or invalid.
pub(crate) fn due_call(
    context: &Context,
    payment: &Payment,
    token: Option<&str>,
) -> Result<Option<NewCall>, HandlerError> {
    due_operation(payment, token).map(|operation| new_call(context, operation)).transpose()
}

fn due_operation(payment: &Payment, token: Option<&str>) -> Option<Operation> {
    payment.due().filter(|operation| *operation != Operation::Authorize || token.is_some())
}

/// Returns a call for `operation`, which is leased for as long as a delivery is.
///
/// # Errors
///
/// If a variable is missing or invalid.
pub(crate) fn new_call(context: &Context, operation: Operation) -> Result<NewCall, HandlerError> {
    let lease = spindle_events::lease(context, provider::timeout(context)?)?;
    Ok(NewCall { operation, lease, max_calls: max_calls(context)? })
}

impl Executor<'_> {
    /// Calls the provider until no call is due, and then completes the delivery. `token` is the payer's; without it nothing is authorised,
    /// and the delivery that has the token continues.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Retry`] if the provider may succeed later; [`HandlerError::Busy`] if another delivery is calling the provider for this
    /// payment; [`HandlerError::NotBefore`] while no call may begin; [`HandlerError::Permanent`] if the provider refuses to return money. Earlier results stay committed either way.
    pub(crate) async fn run(mut self, token: Option<&str>) -> Result<(), HandlerError> {
        while let Some(operation) = due_operation(&self.stored.payment, token) {
            self = self.execute(operation, token.unwrap_or_default()).await?;
        }
        let Self { context, delivery, transaction, stored } = self;
        delivery.complete(context, transaction).await?;
        stored.pending_events.push(context);
        Ok(())
    }

    /// Makes one call. The executor that it returns has the transaction with the result.
    async fn execute(self, operation: Operation, token: &str) -> Result<Self, HandlerError> {
        let Self { context, delivery, transaction, stored } = self;
        let StoredPayment { payment, pending_events, started } = stored;
        let id = payment.id;
        let started = match started {
            Some(started) => Ok(started),
            None => begin(context, &transaction, id, operation).await?,
        };
        delivery.commit(transaction).await?;
        pending_events.push(context);
        let started = started?;
        let call = ProviderCall { operation, payment, token: token.to_owned(), attempt: started.attempt };
        let result = call.send(context).await;

        let transaction = delivery.transaction().await?;
        // The payment as it was before the call, which is over.
        let before = Payment { unresolved: None, ..call.payment };
        let actor = delivery.event().producer();
        if let Some(change) = change_by(&before, operation, &result)
            && let Some(stored) =
                persistence::update_and_end(context, &transaction, change, (started, &result), actor).await?
        {
            record_health(context, &transaction, started, &result).await?;
            return Ok(Self { context, delivery, transaction, stored });
        }
        // The payment does not change, or has changed in the meantime, or the call has outlived its lease.
        if !calls::end(&transaction, id, started, &result, context.now()).await? {
            return Err(HandlerError::Superseded);
        }
        record_health(context, &transaction, started, &result).await?;
        let Some(outcome) = result.outcome() else {
            delivery.commit(transaction).await?;
            let detail = result.detail().unwrap_or_default();
            return Err(HandlerError::Retry(format!("{}: {detail}", operation.name())));
        };
        let before = payments::get(&transaction, id).await?;
        let mut after = before.clone();
        let event = match after.apply_result(operation, outcome) {
            Ok(event) => event,
            Err(error) => {
                delivery.commit(transaction).await?;
                return Err(refusal(&error, &result));
            }
        };
        let change = Change { before, after, event };
        let stored = persistence::update(context, &transaction, change, None, actor).await?;
        Ok(Self { context, delivery, transaction, stored })
    }
}

/// Returns the change of `payment` by the `result` of a call for `operation`; `None` if the call is to be made again, or needs an operator.
fn change_by(payment: &Payment, operation: Operation, result: &ProviderResult) -> Option<Change> {
    let mut after = payment.clone();
    let event = after.apply_result(operation, result.outcome()?).ok()?;
    Some(Change { before: payment.clone(), after, event })
}

/// Returns the error for the dead letter, which an operator reads: with the provider's own text, which is not meant for the payer.
fn refusal(error: &Unrecoverable, result: &ProviderResult) -> HandlerError {
    match (error, result) {
        (Unrecoverable::Refused { .. }, ProviderResult::Permanent(text)) => {
            HandlerError::Permanent(format!("{error} ({text})"))
        }
        _ => HandlerError::Permanent(error.to_string()),
    }
}

/// Records that a call begins, or returns in the inner result why none may.
async fn begin(
    context: &Context,
    transaction: &Transaction<'_>,
    id: PaymentId,
    operation: Operation,
) -> Result<Result<StartedCall, HandlerError>, HandlerError> {
    let call = new_call(context, operation)?;
    let NewCall { lease, max_calls, .. } = call;
    let begin = async |is_probe| calls::begin(transaction, id, call, is_probe).await;
    if let Some(started) = begin(false).await? {
        return Ok(Ok(started));
    }
    let gate = calls::gate(transaction, max_calls).await?;
    if let Some(wait) = gate.wait(PROVIDER, max_calls) {
        return Ok(Err(HandlerError::NotBefore { time: wait.until, why: wait.why }));
    }
    if gate.is_probe()
        && let Some(started) = begin(true).await?
        && breaker::claim_probe(transaction, PROVIDER, lease).await?
    {
        return Ok(Ok(started));
    }
    let why = "another call of the provider for this payment is in progress".to_owned();
    Ok(Err(HandlerError::Busy(why)))
}

/// Records for the circuit breaker whether the provider has failed.
async fn record_health(
    context: &Context,
    transaction: &Transaction<'_>,
    call: StartedCall,
    result: &ProviderResult,
) -> Result<(), HandlerError> {
    if result.is_failure() {
        breaker::count_failure(context, transaction, PROVIDER, BREAKER).await?;
    } else if call.has_failed {
        let before = breaker::get(transaction, PROVIDER).await?;
        breaker::record_success(context, transaction, PROVIDER, before).await?;
    }
    Ok(())
}
