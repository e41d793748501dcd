//! Takes a payment to its goal, one call of the provider after the other. Each call stands between two transactions: the first writes
//! down that it is made, the second what came of it. So nothing is held open while the provider thinks, and whoever finds the payment
//! after a crash at any line goes on where it was left.

use crate::keeping;
use crate::payment::{Operation, Payment};
use crate::provider::Call;
use crate::store::{calls, payments};
use spindle_events::{Delivery, HandlerError, PendingEvents};
use spindle_platform::Context;
use spindle_platform::sql::Transaction;

/// A payment on its way, as it is in an open transaction.
pub(crate) struct Drive<'d> {
    pub(crate) context: &'d Context,
    pub(crate) delivery: &'d Delivery<'d>,
    pub(crate) transaction: Transaction<'d>,
    pub(crate) payment: Payment,
    /// What is to be pushed once the transaction is committed.
    pub(crate) told: PendingEvents,
}

impl Drive<'_> {
    /// Goes on until nothing is due, and then settles the delivery. `token` is the payer's; without it nothing is authorised, and the
    /// delivery that has it goes on.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Retry`] if the provider wants to be asked again; [`HandlerError::Busy`] if somebody else asks it just now;
    /// [`HandlerError::Permanent`] if it does not give money back. What came before is kept either way.
    pub(crate) async fn on(mut self, token: Option<&str>) -> Result<(), HandlerError> {
        let is_ours = |operation: &Operation| *operation != Operation::Authorize || token.is_some();
        while let Some(operation) = self.payment.due().filter(is_ours) {
            self = self.call(operation, token.unwrap_or_default()).await?;
        }
        let Self { context, delivery, transaction, told, .. } = self;
        delivery.complete(context, transaction).await?;
        told.push(context);
        Ok(())
    }

    /// Makes one call. The transaction is the one after it then.
    async fn call(self, operation: Operation, token: &str) -> Result<Self, HandlerError> {
        let Self { context, delivery, transaction, payment, told } = self;
        let id = payment.id;
        // A call is nobody else's for as long as a delivery is.
        let (now, lease) = (context.now(), spindle_events::lease(context)?);
        let begun = calls::begin(&transaction, id, operation, now, now.plus(lease)).await?;
        transaction.commit().await?;
        told.push(context);
        let Some(begun) = begun else {
            return Err(HandlerError::Busy("another call of the provider is under way".to_owned()));
        };
        let call = Call { operation, payment, token: token.to_owned(), attempt: begun.attempt };
        let answer = call.make(context).await;

        let transaction = delivery.transaction().await?;
        if !calls::end(&transaction, id, begun, &answer, context.now()).await? {
            return Err(HandlerError::Superseded);
        }
        let before = payments::get(&transaction, id).await?;
        let mut after = before.clone();
        let fact = match answer.outcome() {
            Some(outcome) => after.take(operation, outcome).map_err(HandlerError::from),
            None => Err(HandlerError::Retry(format!("{}: {}", operation.name(), answer.detail().unwrap_or_default()))),
        };
        match fact {
            Ok(fact) => {
                let actor = &delivery.event().source;
                let (payment, told) = keeping::change(context, &transaction, &before, after, fact, actor).await?;
                Ok(Self { context, delivery, transaction, payment, told })
            }
            Err(failure) => {
                transaction.commit().await?;
                Err(failure)
            }
        }
    }
}
