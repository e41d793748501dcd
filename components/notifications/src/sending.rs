//! Sending one notification. The call of the provider is written down before it is made, and what came of it after; whoever finds the delivery
//! after a crash in between makes it again, under the same idempotency key. Whom it goes to, and whether they still want it, users is asked
//! right before.

use crate::breaker::{Breaker, Gate, Policy};
use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::notification::{Notification, Status};
use crate::provider::{self, Answer};
use crate::store::{breakers, calls, notifications};
use crate::template::rendering::{self, Piece, Reader, Rendered};
use spindle_contracts::event::NotificationQueued;
use spindle_contracts::provider::notify::Message;
use spindle_events::{Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Transaction;
use std::time::Duration;

/// The variables.
const FAILURES: &str = "notify_breaker_failures";
const SECONDS: &str = "notify_breaker_seconds";
pub(crate) const SHOP: &str = "shop_name";

/// Why something is cancelled whose reader is still there.
const UNWANTED: &str = "the user does not want it on this channel, or cannot be reached there";

/// Sends what was queued.
///
/// # Errors
///
/// [`HandlerError::Retry`] if the provider may send it later, [`HandlerError::Permanent`] if it never will; [`HandlerError::NotBefore`] and [`HandlerError::Busy`]
/// while the provider is left alone.
pub(crate) async fn send(
    context: &Context,
    delivery: &Delivery<'_>,
    queued: &NotificationQueued,
) -> Result<(), HandlerError> {
    let channel = queued.channel;
    let breaker = breakers::get(delivery.db(), channel).await?;
    let gate = breaker.gate(context.now());
    match gate {
        Gate::Pass | Gate::Probe => {}
        Gate::Wait(time) => return Err(HandlerError::NotBefore { time, why: left_alone(channel) }),
        Gate::Probing => return Err(HandlerError::Busy(left_alone(channel))),
    }
    let notification = notifications::get(delivery.db(), queued.notification_id, None).await?;
    if notification.status != Status::Queued {
        return Ok(());
    }
    let Some(contact) = contact::of(context, notification.user_id).await? else {
        return cancel(context, delivery, &notification, true).await;
    };
    let Some(address) = contact.address(notification.user_id, channel) else {
        return cancel(context, delivery, &notification, false).await;
    };
    let rendered = render(context, &notification, &contact, &address)?;
    if gate == Gate::Probe && !claim_probe(context, delivery, channel).await? {
        return Err(HandlerError::Busy(left_alone(channel)));
    }
    let attempt = calls::begin(delivery.db(), notification.id, context.now()).await?;
    let message = Message {
        idempotency_key: notification.id.to_string(),
        template: notification.template.clone(),
        locale: rendered.language.to_owned(),
        content: rendered.content,
        attempt,
    };
    let answer = provider::send(context, &message).await;
    settle(context, delivery, &notification, attempt, breaker, &answer).await
}

fn render(
    context: &Context,
    notification: &Notification,
    contact: &Contact,
    address: &str,
) -> Result<Rendered, HandlerError> {
    let Notification { template, template_version: version, channel, data, .. } = notification;
    let shop = context.config().get(SHOP)?;
    let piece = Piece { template, version: *version, channel: *channel, data };
    let reader = Reader { address, name: contact.display_name.as_deref(), locale: &contact.locale, shop: &shop };
    rendering::render(piece, reader).map_err(|error| HandlerError::Permanent(error.to_string()))
}

/// Settles what is not to be sent any more: to someone who is `gone`, or who does not want it on this channel.
async fn cancel(
    context: &Context,
    delivery: &Delivery<'_>,
    notification: &Notification,
    gone: bool,
) -> Result<(), HandlerError> {
    let (transaction, now) = (delivery.transaction().await?, context.now());
    if gone {
        notifications::forget(&transaction, notification.user_id, now).await?;
    } else {
        notifications::cancel(&transaction, notification.id, UNWANTED, now).await?;
    }
    delivery.complete(context, transaction).await
}

/// Tries whether the provider for `channel` is back, unless somebody else does. A delivery that dies keeps the others waiting for a lease.
async fn claim_probe(context: &Context, delivery: &Delivery<'_>, channel: Channel) -> Result<bool, HandlerError> {
    let (now, lease) = (context.now(), spindle_events::lease(context)?);
    Ok(breakers::probe(delivery.db(), channel, now, now.plus(lease)).await?)
}

/// Writes down what came of the call: of the notification, and of the provider.
async fn settle(
    context: &Context,
    delivery: &Delivery<'_>,
    notification: &Notification,
    attempt: u32,
    breaker: Breaker,
    answer: &Answer,
) -> Result<(), HandlerError> {
    let (id, now) = (notification.id, context.now());
    let transaction = delivery.transaction().await?;
    calls::end(&transaction, id, attempt, answer, now).await?;
    if answer.is_failure() {
        count_failure(context, &transaction, notification.channel).await?;
    } else if breaker != Breaker::default() {
        breakers::reset(&transaction, notification.channel).await?;
        if breaker.open_until.is_some() {
            log_breaker(context, Level::Info, "provider is back", notification.channel);
        }
    }
    let detail = answer.detail().unwrap_or_default();
    match answer {
        Answer::Sent(reference) => {
            notifications::set_sent(&transaction, id, reference.as_deref(), now).await?;
            return delivery.complete(context, transaction).await;
        }
        answer => notifications::set_error(&transaction, id, &format!("{}: {detail}", answer.name()), now).await?,
    }
    transaction.commit().await?;
    // What the provider says may name people: it stays with the notification, where their erasure finds it.
    match answer {
        Answer::Rejected(_) => Err(HandlerError::Permanent("the provider rejects it".to_owned())),
        Answer::Silent(cause) => Err(HandlerError::Retry(format!("the provider gives no answer: {cause}"))),
        _ => Err(HandlerError::Retry("the provider does not send it now".to_owned())),
    }
}

/// Counts one more failure of the provider for `channel` in a row.
async fn count_failure(context: &Context, transaction: &Transaction<'_>, channel: Channel) -> Result<(), HandlerError> {
    let config = context.config();
    let policy = Policy {
        failures: config.parse(FAILURES, "a whole number")?,
        pause: Duration::from_secs(config.parse(SECONDS, "a whole number of seconds")?),
    };
    let before = breakers::get(transaction, channel).await?;
    let after = before.failed(context.now(), policy);
    breakers::set(transaction, channel, after).await?;
    if before.open_until.is_none() && after.open_until.is_some() {
        log_breaker(context, Level::Warn, "provider is left alone for a while", channel);
    }
    Ok(())
}

fn log_breaker(context: &Context, level: Level, message: &str, channel: Channel) {
    context.log(level, message, &[("channel", channel::name(channel).into())]);
}

fn left_alone(channel: Channel) -> String {
    format!("the provider for {} has failed of late", channel::name(channel))
}
