//! Notifications at an operator's request. The request is validated as a whole before it is accepted: each message is rendered once for the
//! recipient.

use crate::api::NotificationView;
use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::enqueue::{Enqueued, enqueue, notifications};
use crate::error::Error;
use crate::events::CONSUMER;
use crate::notification::{NotificationSpec, Trigger};
use crate::store::calls::FirstCalls;
use crate::template::renderer::{self, Recipient, SHOP_NAME, TemplateRef};
use crate::template::{Addressee, Template};
use deserr::Deserr;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json as value};
use spindle_contracts::input::BrokenRule;
use spindle_contracts::{FieldError, InputErrors, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_idempotency::{BeginOutcome, HEADER, IdempotentRequest, begin, finish};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{NoParameters, Request, json};
use std::time::Duration;
use uuid::Uuid;

/// The lease of the idempotency key. Key and response are written in one transaction, so no request ever waits for its end.
const LEASE: Duration = Duration::from_secs(1);

/// A message to be sent to a user.
#[derive(Debug, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NotificationRequest {
    /// The recipient.
    user_id: UserId,
    /// The template: `message` has a text of the operator; the others are those that events trigger.
    #[deserr(try_from(String) = template_name -> BrokenRule)]
    #[schemars(extend("enum" = Template::for_requests().map(|template| template.name).collect::<Vec<_>>()))]
    template: String,
    /// The only channel. Without it the message is sent on each channel that the user has turned on.
    #[deserr(default)]
    channel: Option<Channel>,
    /// The fields of the template. `message` has `subject`, one line, and `text`; `order-paid` has `number` and `total`, a sum of money; `order-fulfilled`
    /// has `number`; `order-cancelled` has `number` and `reason`; `payment-refunded` has `amount`, a sum of money; `welcome` has none.
    #[deserr(default)]
    #[schemars(default)]
    data: Map<String, Value>,
}

/// The notifications that a request has enqueued.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct QueuedNotifications {
    /// One for each channel that the user has turned on and has an address for, which may be none.
    items: Vec<NotificationView>,
}

/// Returns `name` if it is the name of a template that may be requested.
fn template_name(name: String) -> Result<String, BrokenRule> {
    if Template::for_requests().any(|template| template.name == name) {
        return Ok(name);
    }
    let names = Template::for_requests().map(|template| template.name).collect::<Vec<_>>().join(", ");
    Err(BrokenRule::new(format!("must be one of {names}")))
}

/// Answers `POST /v1/notifications` with 202 and the enqueued notifications: one for each channel that the user has turned on and has an
/// address for, which may be none. With an `Idempotency-Key` they are enqueued once.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let body: NotificationRequest = request.json().await?;
    let NoParameters {} = request.query()?;
    let idempotent = match request.headers().contains_key(HEADER) {
        true => Some(IdempotentRequest::new(caller.user(), "notification.request", &request, &body)?),
        false => None,
    };
    let contact = contact::fetch(context, body.user_id, None).await?;
    let (spec, channels) = body.check(contact.as_ref(), &context.config().get(SHOP_NAME)?)?;

    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let claim = match &idempotent {
        Some(idempotent) => match begin(&transaction, idempotent, context.new_id(), LEASE).await? {
            BeginOutcome::Claimed(claim) => Some(claim),
            BeginOutcome::Answered(response) => return Ok(response),
        },
        None => None,
    };
    let id = claim.as_ref().map_or_else(|| context.new_id(), |claim| claim.resource_id);
    let trigger = Trigger { id: id.to_string(), kind: None };
    let requested = notifications(context, &trigger, &spec, channels.iter().copied());
    let enqueued = enqueue(context, &transaction, &CONSUMER, requested, &FirstCalls::default()).await?;
    let Enqueued { notifications: queued, accepted, .. } = enqueued;
    let entry = Entry {
        actor: Some(caller.user().to_string()),
        action: "notification.requested",
        subject: Some(body.user_id.to_string()),
        detail: value!({ "template": body.template, "channels": channels }),
    };
    audit::record(&transaction, context, &entry).await?;
    let items: Vec<NotificationView> =
        queued.into_iter().map(|notification| NotificationView::new(notification, caller)).collect();
    let mut response = json(StatusCode::ACCEPTED, &QueuedNotifications { items });
    response.headers_mut().insert(LOCATION, location(id));
    if let Some(claim) = &claim {
        finish(&transaction, claim, &response).await?;
    }
    transaction.commit().await?;
    accepted.handle(context);
    Ok(response)
}

/// Returns the address of the notifications that the request `id` has enqueued.
fn location(id: Uuid) -> HeaderValue {
    HeaderValue::from_str(&format!("/v1/notifications?trigger_id={id}")).expect("an id is ASCII")
}

impl NotificationRequest {
    /// Returns the notification for the user with `contact`, and its channels.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with each field that breaks a rule.
    fn check(&self, contact: Option<&Contact>, shop: &str) -> Result<(NotificationSpec, Vec<Channel>), Error> {
        let template = Template::by_name(&self.template);
        let template = template.ok_or_else(|| Error::Invalid(vec![FieldError::new("/template", "is unknown")]))?;
        let mut errors = template.check(&self.data);
        if self.channel.is_some_and(|channel| template.channels().all(|other| other != channel)) {
            let names: Vec<_> = template.channels().map(channel::name).collect();
            let detail = format!("must be a channel of the template {}: {}", template.name, names.join(", "));
            errors.push(FieldError::new("/channel", detail));
        }
        if contact.is_none() {
            errors.push(FieldError::new("/user_id", "must be the id of a user"));
        }
        let Some(contact) = contact.filter(|_| errors.is_empty()) else { return Err(Error::Invalid(errors)) };

        let spec =
            NotificationSpec { order_id: None, user_id: self.user_id, template, data: template.read(&self.data) };
        for channel in template.channels().filter(|channel| self.includes(*channel)) {
            let template = TemplateRef { name: template.name, version: template.version, channel, data: &spec.data };
            // The length of the message matters, not its address.
            let recipient = Recipient { address: "", locale: &contact.locale, shop };
            if let Err(error) = renderer::render(template, recipient) {
                let detail = format!("cannot be sent on the channel {}: {error}", channel::name(channel));
                return Err(Error::Invalid(vec![FieldError::new("/data", detail)]));
            }
        }
        let has_address = |channel: &Channel| {
            self.includes(*channel) && contact.address(self.user_id, *channel, Addressee::Preferred).is_some()
        };
        Ok((spec, template.channels().filter(has_address).collect()))
    }

    fn includes(&self, channel: Channel) -> bool {
        self.channel.is_none_or(|only| only == channel)
    }
}
