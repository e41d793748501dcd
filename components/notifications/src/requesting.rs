//! What operators want somebody to be told. A wish is checked as a whole before it is taken: it is rendered once, for whoever is to read it.

use crate::api::{Shown, shown};
use crate::channel::{self, Channel};
use crate::contact::{self, Contact};
use crate::error::Error;
use crate::notification::{Occasion, Telling};
use crate::queueing;
use crate::sending::SHOP;
use crate::template::Template;
use crate::template::rendering::{self, Piece, Reader};
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

/// Key and answer are one transaction, so that nobody ever waits for this to be over.
const LEASE: Duration = Duration::from_secs(1);

/// What an operator wants.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    user_id: UserId,
    template: String,
    /// On which channel only; on each that the user wants, if there is none.
    channel: Option<Channel>,
    #[serde(default)]
    data: Map<String, Value>,
}

/// `POST /v1/notifications`: 202 with the notifications that come of it, one for each channel that the user wants and can be reached on. That
/// may be none. With an `Idempotency-Key` they are made once.
pub(crate) async fn request(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let wish: Wish = request.json().await?;
    let asked = match request.headers().contains_key(HEADER) {
        true => Some(IdempotentRequest::new(caller.user(), "notification.request", &request, &wish)?),
        false => None,
    };
    let contact = contact::of(context, wish.user_id).await?;
    let (telling, channels) = wish.check(contact.as_ref(), &context.config().get(SHOP)?)?;

    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let claim = match &asked {
        Some(asked) => match begin(&transaction, asked, context.new_id(), context.now(), LEASE).await? {
            BeginOutcome::Claimed(claim) => Some(claim),
            BeginOutcome::Answered(response) => return Ok(response),
        },
        None => None,
    };
    let id = claim.as_ref().map_or_else(|| context.new_id(), |claim| claim.resource_id);
    let occasion = Occasion { id: id.to_string(), kind: None };
    let queued = queueing::queue(context, &transaction, &occasion, &telling, &channels).await?;
    let entry = Entry {
        actor: Some(caller.user().to_string()),
        action: "notification.requested",
        subject: Some(wish.user_id.to_string()),
        detail: value!({ "template": wish.template, "channels": channels }),
    };
    audit::record(&transaction, context, &entry).await?;
    let items: Vec<Shown> = queued.into_iter().map(|notification| shown(notification, caller)).collect();
    let response = json(StatusCode::ACCEPTED, &value!({ "items": items }));
    if let Some(claim) = &claim {
        finish(&transaction, claim, &response).await?;
    }
    transaction.commit().await?;
    Ok(response)
}

impl Wish {
    /// What is to be told to the user with `contact`, and on which channels.
    fn check(&self, contact: Option<&Contact>, shop: &str) -> Result<(Telling, Vec<Channel>), Error> {
        let refused = |errors| Err(Error::Invalid(errors));
        let error = |pointer: &str, detail: &str| FieldError::new(pointer, detail);
        let Some(template) = Template::named(&self.template) else {
            return refused(vec![error("/template", "is not the name of a template")]);
        };
        let mut errors = template.check(&self.data);
        if self.channel.is_some_and(|channel| template.channels().all(|other| other != channel)) {
            errors.push(error("/channel", "is not a channel of this template"));
        }
        let Some(contact) = contact else {
            errors.push(error("/user_id", "is not the id of a user"));
            return refused(errors);
        };
        if !errors.is_empty() {
            return refused(errors);
        }
        let telling = Telling { user_id: self.user_id, template, data: Value::Object(self.data.clone()) };
        for channel in template.channels().filter(|channel| self.is_for(*channel)) {
            let piece = Piece { template: template.name, version: template.version, channel, data: &telling.data };
            let name = contact.display_name.as_deref();
            // It matters how long it is, and not where it goes.
            let reader = Reader { address: "", name, locale: &contact.locale, shop };
            if let Err(fault) = rendering::render(piece, reader) {
                return refused(vec![error("/data", &format!("on {}: {fault}", channel::name(channel)))]);
            }
        }
        let reached = |channel: &Channel| self.is_for(*channel) && contact.address(self.user_id, *channel).is_some();
        Ok((telling, template.channels().filter(reached).collect()))
    }

    fn is_for(&self, channel: Channel) -> bool {
        self.channel.is_none_or(|only| only == channel)
    }
}
