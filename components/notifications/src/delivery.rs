//! Delivers one notification. The call of the provider is recorded before it is made, and its result after it: if an instance crashes in
//! between, the next one makes the call again under the same idempotency key. The contact data is read from users before the transaction that
//! records the call, and only the message has it; nothing stores it.
//!
//! The first delivery of a notification for an event needs no further look at the database: the transaction that enqueues the notification also
//! leases its delivery and records the call ([`first_calls`]), which is made at once ([`call`]). Every other delivery begins with [`deliver`].

use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::notification::{Notification, Status};
use crate::provider::{self, ProviderResult};
use crate::store::calls::{self, FirstCalls};
use crate::store::notifications;
use crate::template::renderer::{self, Recipient, RenderedMessage, SHOP_NAME, TemplateRef};
use crate::template::{Addressee, Template};
use spindle_contracts::NotificationId;
use spindle_contracts::event::NotificationQueued;
use spindle_contracts::provider::notify::Message;
use spindle_events::{Delivery, HandlerError};
use spindle_platform::breaker::{self, Breaker, PolicyVariables};
use spindle_platform::{Context, config};
use std::collections::BTreeMap;
use std::time::Duration;

/// The variables with the policy of the circuit breakers.
const BREAKER: PolicyVariables =
    PolicyVariables { failures: "notify_breaker_failures", seconds: "notify_breaker_seconds" };

/// The variable with the number of calls in progress from which on deliveries wait.
const MAX_CALLS: &str = "notify_concurrency";

/// The error of a notification that is cancelled although its user exists.
const NO_ADDRESS: &str = "the user has turned this channel off, or has no address for it";

/// A call of a provider that is recorded, and is to be made now.
pub(crate) struct StartedCall {
    notification: Notification,
    message: Message,
    /// Whether the provider has failed of late: then its circuit breaker has a row.
    has_failed: bool,
}

/// Renders the first message of each of `notifications` to `contact`. One that cannot be rendered has none: its delivery fails, and says why.
pub(crate) fn first_messages(
    context: &Context,
    notifications: &[Notification],
    contact: &Contact,
) -> BTreeMap<NotificationId, Message> {
    let rendered = |notification: &Notification| {
        let address = contact.address(notification.user_id, notification.channel, addressee(notification))?;
        let rendered = render(context, notification, contact, &address).ok()?;
        Some((notification.id, message(notification, rendered, 1)))
    };
    notifications.iter().filter_map(rendered).collect()
}

/// Returns the first calls for the notifications with one of `messages`, which begin in the transaction that enqueues those.
///
/// # Errors
///
/// Variables that are missing.
pub(crate) fn first_calls(
    context: &Context,
    messages: &BTreeMap<NotificationId, Message>,
) -> Result<FirstCalls, HandlerError> {
    let max_calls = context.config().parse(MAX_CALLS, "a whole number")?;
    let lease = spindle_events::lease(context, longest_call(context)?)?;
    Ok(FirstCalls { notifications: messages.keys().copied().collect(), lease, max_calls })
}

/// Returns the first calls that have `begun`, each with whether its provider has failed of late: once the transaction is committed, [`call`] makes them.
/// The other `notifications` have to be [delivered](deliver) later, as while a circuit breaker is open.
pub(crate) fn started_calls(
    notifications: Vec<Notification>,
    mut messages: BTreeMap<NotificationId, Message>,
    begun: &BTreeMap<NotificationId, bool>,
) -> BTreeMap<NotificationId, StartedCall> {
    let started = |notification: Notification| {
        let (id, has_failed) = (notification.id, *begun.get(&notification.id)?);
        Some((id, StartedCall { message: messages.remove(&id)?, notification, has_failed }))
    };
    notifications.into_iter().filter_map(started).collect()
}

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
    let max_calls: u32 = context.config().parse(MAX_CALLS, "a whole number")?;
    let lease = spindle_events::lease(context, longest_call(context)?)?;
    let gate = calls::gate(delivery.db(), channel, lease, max_calls).await?;
    if let Some(wait) = gate.wait(channel::name(channel), max_calls) {
        return Err(HandlerError::NotBefore { time: wait.until, why: wait.why });
    }
    let notification = notifications::get(delivery.db(), queued.notification_id, None).await?;
    if notification.status != Status::Queued {
        return Ok(());
    }
    let Some(contact) = contact::fetch(context, notification.user_id, notification.email_change()).await? else {
        return cancel(context, delivery, &notification, true).await;
    };
    let Some(address) = contact.address(notification.user_id, channel, addressee(&notification)) else {
        return cancel(context, delivery, &notification, false).await;
    };
    let rendered = render(context, &notification, &contact, &address)?;
    if gate.is_probe() && !claim_probe(context, delivery, channel).await? {
        return Err(HandlerError::Busy(breaker::is_open(channel::name(channel))));
    }
    let attempt = calls::begin(delivery.db(), notification.id).await?;
    let (message, has_failed) = (message(&notification, rendered, attempt), gate.breaker != Breaker::default());
    call(context, delivery, StartedCall { notification, message, has_failed }).await
}

fn addressee(notification: &Notification) -> Addressee {
    Template::by_name(&notification.template).map_or(Addressee::Preferred, |template| template.addressee)
}

fn message(notification: &Notification, rendered: RenderedMessage, attempt: u32) -> Message {
    Message {
        idempotency_key: notification.id.to_string(),
        template: notification.template.clone(),
        locale: rendered.language.to_owned(),
        content: rendered.content,
        attempt,
    }
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
    let recipient = Recipient { address, locale: &contact.locale, shop: &shop };
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

/// Returns the longest time that the calls of one delivery may take: of users, and of the provider.
///
/// # Errors
///
/// If the variable `provider_timeout_seconds` is missing or no whole number.
pub(crate) fn longest_call(context: &Context) -> Result<Duration, config::Error> {
    Ok(contact::TIMEOUT + provider::timeout(context)?)
}

/// Claims the probe call of the provider for `channel`. Returns false if another delivery has it. If the delivery crashes, the others wait for
/// one lease.
async fn claim_probe(context: &Context, delivery: &Delivery<'_>, channel: Channel) -> Result<bool, HandlerError> {
    let lease = spindle_events::lease(context, longest_call(context)?)?;
    Ok(breaker::claim_probe(delivery.db(), channel::name(channel), lease).await?)
}

/// Makes a call that is recorded, and records its result, for the notification and for the breaker.
///
/// # Errors
///
/// As [`deliver`].
pub(crate) async fn call(
    context: &Context,
    delivery: &Delivery<'_>,
    StartedCall { notification, message, has_failed }: StartedCall,
) -> Result<(), HandlerError> {
    let result = provider::send(context, &message).await;
    let (id, now) = (notification.id, context.now());
    let transaction = delivery.transaction().await?;
    notifications::end_call(&transaction, id, message.attempt, &result, now).await?;
    let channel = channel::name(notification.channel);
    if result.is_failure() {
        breaker::count_failure(context, &transaction, channel, BREAKER).await?;
    } else if has_failed {
        let before = breaker::get(&transaction, channel).await?;
        breaker::record_success(context, &transaction, channel, before).await?;
    }
    if matches!(result, ProviderResult::Sent(_)) {
        return delivery.complete(context, transaction).await;
    }
    delivery.commit(transaction).await?;
    // The provider's text may name people: it stays in the notification, where the erasure of the user removes it.
    match result {
        ProviderResult::Rejected(_) => Err(HandlerError::Permanent("the provider rejected the message".to_owned())),
        ProviderResult::NoResponse(cause) => Err(HandlerError::Retry(format!("the provider did not respond: {cause}"))),
        _ => Err(HandlerError::Retry("the provider could not send the message now".to_owned())),
    }
}
