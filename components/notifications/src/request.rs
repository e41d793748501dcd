//! Notifications at an operator's request. The request is validated as a whole before it is accepted: each message is rendered once for the
//! recipient.

use crate::api::NotificationView;
use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::enqueue::enqueue;
use crate::error::Error;
use crate::events::CONSUMER;
use crate::notification::{NotificationSpec, Trigger};
use crate::template::renderer::{self, Recipient, SHOP_NAME, TemplateRef};
use crate::template::{Addressee, Template};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json as value};
use spindle_contracts::{FieldError, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_idempotency::{BeginOutcome, HEADER, IdempotentRequest, begin, finish};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{Request, json};
use std::time::Duration;

/// The lease of the idempotency key. Key and response are written in one transaction, so no request ever waits for its end.
const LEASE: Duration = Duration::from_secs(1);

/// The body of the request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationRequest {
    user_id: UserId,
    template: String,
    /// The only channel; `None` for each channel that the user has turned on.
    channel: Option<Channel>,
    #[serde(default)]
    data: Map<String, Value>,
}

/// Answers `POST /v1/notifications` with 202 and the enqueued notifications: one for each channel that the user has turned on and has an
/// address for, which may be none. With an `Idempotency-Key` they are enqueued once.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let body: NotificationRequest = request.json().await?;
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
    let (queued, accepted) = enqueue(context, &transaction, &CONSUMER, &trigger, &spec, &channels).await?;
    let entry = Entry {
        actor: Some(caller.user().to_string()),
        action: "notification.requested",
        subject: Some(body.user_id.to_string()),
        detail: value!({ "template": body.template, "channels": channels }),
    };
    audit::record(&transaction, context, &entry).await?;
    let items: Vec<NotificationView> =
        queued.into_iter().map(|notification| NotificationView::new(notification, caller)).collect();
    let response = json(StatusCode::ACCEPTED, &value!({ "items": items }));
    if let Some(claim) = &claim {
        finish(&transaction, claim, &response).await?;
    }
    transaction.commit().await?;
    accepted.handle(context);
    Ok(response)
}

impl NotificationRequest {
    /// Returns the notification for the user with `contact`, and its channels.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with each field that breaks a rule.
    fn check(&self, contact: Option<&Contact>, shop: &str) -> Result<(NotificationSpec, Vec<Channel>), Error> {
        let Some(template) = Template::for_requests().find(|template| template.name == self.template) else {
            let names = Template::for_requests().map(|template| template.name).collect::<Vec<_>>().join(", ");
            return Err(Error::Invalid(vec![FieldError::new("/template", format!("must be one of {names}"))]));
        };
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

        let spec = NotificationSpec { user_id: self.user_id, template, data: Value::Object(self.data.clone()) };
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
