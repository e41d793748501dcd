//! Executes the calls of the provider that are due for a payment, one at a time. Each call is made between two transactions: the first records
//! that it is made, the second its result. So no transaction is open during the call, and an instance that finds the payment after a crash at
//! any line continues from there.

use crate::payment::{Operation, Payment};
use crate::persistence;
use crate::provider::ProviderCall;
use crate::store::{calls, payments};
use spindle_events::{Delivery, HandlerError, PendingEvents};
use spindle_platform::Context;
use spindle_platform::sql::Transaction;

/// A payment under execution, as it is in an open transaction.
pub(crate) struct Executor<'d> {
    pub(crate) context: &'d Context,
    pub(crate) delivery: &'d Delivery<'d>,
    pub(crate) transaction: Transaction<'d>,
    pub(crate) payment: Payment,
    /// The events to push once the transaction is committed.
    pub(crate) pending_events: PendingEvents,
}

impl Executor<'_> {
    /// Calls the provider until no call is due, and then completes the delivery. `token` is the payer's; without it nothing is authorised,
    /// and the delivery that has the token continues.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Retry`] if the provider may succeed later; [`HandlerError::Busy`] if another delivery is calling the provider for this
    /// payment; [`HandlerError::Permanent`] if the provider refuses to return money. Earlier results stay committed either way.
    pub(crate) async fn run(mut self, token: Option<&str>) -> Result<(), HandlerError> {
        let can_call = |operation: &Operation| *operation != Operation::Authorize || token.is_some();
        while let Some(operation) = self.payment.due().filter(can_call) {
            self = self.execute(operation, token.unwrap_or_default()).await?;
        }
        let Self { context, delivery, transaction, pending_events, .. } = self;
        delivery.complete(context, transaction).await?;
        pending_events.push(context);
        Ok(())
    }

    /// Makes one call. The executor that it returns has the transaction with the result.
    async fn execute(self, operation: Operation, token: &str) -> Result<Self, HandlerError> {
        let Self { context, delivery, transaction, payment, pending_events } = self;
        let id = payment.id;
        // A call is leased for as long as a delivery is.
        let (now, lease) = (context.now(), spindle_events::lease(context)?);
        let started = calls::begin(&transaction, id, operation, now, now.plus(lease)).await?;
        transaction.commit().await?;
        pending_events.push(context);
        let Some(started) = started else {
            return Err(HandlerError::Busy("another call of the provider for this payment is in progress".to_owned()));
        };
        let call = ProviderCall { operation, payment, token: token.to_owned(), attempt: started.attempt };
        let result = call.send(context).await;

        let transaction = delivery.transaction().await?;
        if !calls::end(&transaction, id, started, &result, context.now()).await? {
            return Err(HandlerError::Superseded);
        }
        let before = payments::get(&transaction, id).await?;
        let mut after = before.clone();
        let event = match result.outcome() {
            Some(outcome) => after.apply_result(operation, outcome).map_err(HandlerError::from),
            None => Err(HandlerError::Retry(format!("{}: {}", operation.name(), result.detail().unwrap_or_default()))),
        };
        match event {
            Ok(event) => {
                let actor = delivery.event().producer();
                let (payment, pending_events) =
                    persistence::update(context, &transaction, &before, after, event, actor).await?;
                Ok(Self { context, delivery, transaction, payment, pending_events })
            }
            Err(error) => {
                transaction.commit().await?;
                Err(error)
            }
        }
    }
}
