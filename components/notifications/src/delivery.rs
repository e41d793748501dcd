//! Delivers one notification. The call of the provider is recorded before it is made, and its result after it: if an instance crashes in
//! between, the next one makes the call again under the same idempotency key. The contact data is read from users right before the call.

use crate::breaker::{Breaker, BreakerPolicy, Permit};
use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::notification::{Notification, Status};
use crate::provider::{self, ProviderResult};
use crate::store::{breakers, calls, notifications};
use crate::template::renderer::{self, Recipient, RenderedMessage, SHOP_NAME, TemplateRef};
use spindle_contracts::event::NotificationQueued;
use spindle_contracts::provider::notify::Message;
use spindle_events::{Delivery, HandlerError};
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Transaction;
use std::time::Duration;

/// The variable with the number of failures in a row after which a breaker opens.
const BREAKER_FAILURES: &str = "notify_breaker_failures";

/// The variable with the number of seconds for which a breaker stays open.
const BREAKER_SECONDS: &str = "notify_breaker_seconds";

/// The error of a notification that is cancelled although its user exists.
const NO_ADDRESS: &str = "the user has turned this channel off, or has no address for it";

/// Delivers a queued notification.
///
/// # Errors
///
/// [`HandlerError::Retry`] if the provider may send it later, [`HandlerError::Permanent`] if it never will; [`HandlerError::NotBefore`] and
/// [`HandlerError::Busy`] while the circuit breaker is open.
pub(crate) async fn deliver(
    context: &Context,
    delivery: &Delivery<'_>,
    queued: &NotificationQueued,
) -> Result<(), HandlerError> {
    let channel = queued.channel;
    let breaker = breakers::get(delivery.db(), channel).await?;
    let permit = breaker.permit(context.now());
    match permit {
        Permit::Call | Permit::Probe => {}
        Permit::WaitUntil(time) => return Err(HandlerError::NotBefore { time, why: breaker_is_open(channel) }),
        Permit::ProbeInProgress => return Err(HandlerError::Busy(breaker_is_open(channel))),
    }
    let notification = notifications::get(delivery.db(), queued.notification_id, None).await?;
    if notification.status != Status::Queued {
        return Ok(());
    }
    let Some(contact) = contact::fetch(context, notification.user_id).await? else {
        return cancel(context, delivery, &notification, true).await;
    };
    let Some(address) = contact.address(notification.user_id, channel) else {
        return cancel(context, delivery, &notification, false).await;
    };
    let rendered = render(context, &notification, &contact, &address)?;
    if permit == Permit::Probe && !claim_probe(context, delivery, channel).await? {
        return Err(HandlerError::Busy(breaker_is_open(channel)));
    }
    let attempt = calls::begin(delivery.db(), notification.id, context.now()).await?;
    let message = Message {
        idempotency_key: notification.id.to_string(),
        template: notification.template.clone(),
        locale: rendered.language.to_owned(),
        content: rendered.content,
        attempt,
    };
    let result = provider::send(context, &message).await;
    record(context, delivery, &notification, attempt, breaker, &result).await
}

fn render(
    context: &Context,
    notification: &Notification,
    contact: &Contact,
    address: &str,
) -> Result<RenderedMessage, HandlerError> {
    let Notification { template: name, template_version: version, channel, data, .. } = notification;
    let shop = context.config().get(SHOP_NAME)?;
    let template = TemplateRef { name, version: *version, channel: *channel, data };
    let recipient = Recipient { address, name: contact.display_name.as_deref(), locale: &contact.locale, shop: &shop };
    renderer::render(template, recipient).map_err(|error| HandlerError::Permanent(error.to_string()))
}

/// Completes the delivery without a call: the user is erased, or has no address on this channel.
async fn cancel(
    context: &Context,
    delivery: &Delivery<'_>,
    notification: &Notification,
    is_erased: bool,
) -> Result<(), HandlerError> {
    let (transaction, now) = (delivery.transaction().await?, context.now());
    if is_erased {
        notifications::erase_user(&transaction, notification.user_id, now).await?;
    } else {
        notifications::cancel(&transaction, notification.id, NO_ADDRESS, now).await?;
    }
    delivery.complete(context, transaction).await
}

/// Claims the probe call of the provider for `channel`. Returns false if another delivery has it. If the delivery crashes, the others wait for
/// one lease.
async fn claim_probe(context: &Context, delivery: &Delivery<'_>, channel: Channel) -> Result<bool, HandlerError> {
    let (now, lease) = (context.now(), spindle_events::lease(context)?);
    Ok(breakers::claim_probe(delivery.db(), channel, now, now.plus(lease)).await?)
}

/// Records the result of the call, for the notification and for the breaker.
async fn record(
    context: &Context,
    delivery: &Delivery<'_>,
    notification: &Notification,
    attempt: u32,
    breaker: Breaker,
    result: &ProviderResult,
) -> Result<(), HandlerError> {
    let (id, now) = (notification.id, context.now());
    let transaction = delivery.transaction().await?;
    calls::end(&transaction, id, attempt, result, now).await?;
    if result.is_failure() {
        count_failure(context, &transaction, notification.channel).await?;
    } else if breaker != Breaker::default() {
        breakers::reset(&transaction, notification.channel).await?;
        if breaker.open_until.is_some() {
            log_breaker(
                context,
                Level::Info,
                "circuit breaker closed: the provider succeeds again",
                notification.channel,
            );
        }
    }
    let detail = result.detail().unwrap_or_default();
    match result {
        ProviderResult::Sent(reference) => {
            notifications::set_sent(&transaction, id, reference.as_deref(), now).await?;
            return delivery.complete(context, transaction).await;
        }
        result => notifications::set_error(&transaction, id, &format!("{}: {detail}", result.name()), now).await?,
    }
    transaction.commit().await?;
    // The provider's text may name people: it stays in the notification, where the erasure of the user removes it.
    match result {
        ProviderResult::Rejected(_) => Err(HandlerError::Permanent("the provider rejected the message".to_owned())),
        ProviderResult::NoResponse(cause) => Err(HandlerError::Retry(format!("the provider did not respond: {cause}"))),
        _ => Err(HandlerError::Retry("the provider could not send the message now".to_owned())),
    }
}

/// Counts a failure of the provider for `channel`, and opens its breaker after too many in a row.
async fn count_failure(context: &Context, transaction: &Transaction<'_>, channel: Channel) -> Result<(), HandlerError> {
    let config = context.config();
    let policy = BreakerPolicy {
        failures: config.parse(BREAKER_FAILURES, "a whole number")?,
        pause: Duration::from_secs(config.parse(BREAKER_SECONDS, "a whole number of seconds")?),
    };
    let before = breakers::get(transaction, channel).await?;
    let after = before.after_failure(context.now(), policy);
    breakers::set(transaction, channel, after).await?;
    if before.open_until.is_none() && after.open_until.is_some() {
        log_breaker(context, Level::Warn, "circuit breaker opened: the provider failed too often", channel);
    }
    Ok(())
}

fn log_breaker(context: &Context, level: Level, message: &str, channel: Channel) {
    context.log(level, message, &[("channel", channel::name(channel).into())]);
}

fn breaker_is_open(channel: Channel) -> String {
    format!("the circuit breaker of the provider for {} is open", channel::name(channel))
}
