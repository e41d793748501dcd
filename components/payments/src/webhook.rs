//! The webhook of the payment provider, which decides later about a pending payment. The signature is checked before the body is parsed; a
//! duplicate is recognised by the event's id.

use crate::error::Error;
use crate::events::{CONSUMER, ProviderAnswered};
use crate::provider;
use crate::signature;
use http::StatusCode;
use serde::Deserialize;
use spindle_contracts::{FieldError, PaymentId, Problem, text};
use spindle_edge::{Anonymous, HandlerResult};
use spindle_events::{Event, accept};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty};

/// The longest id, in characters.
const MAX_ID: usize = 128;

/// The longest reference and reason, in characters.
const MAX_TEXT: usize = 255;

/// The reason that the payer reads if the provider gives none.
const DECLINED: &str = "the payment was declined";

/// The body of a webhook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEvent {
    /// The provider's id of this event: the same when it is sent again.
    id: String,
    #[serde(rename = "type")]
    kind: Kind,
    payment_id: PaymentId,
    reference: String,
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum Kind {
    #[serde(rename = "payment.authorized")]
    Authorized,
    #[serde(rename = "payment.declined")]
    Declined,
}

/// Answers `POST /v1/webhooks/payments/{provider}` with 202 as soon as the event is stored, and for a duplicate as well.
pub(crate) async fn receive(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    // The body is read first, in any case: a response to a request that was not read to its end costs the client its connection.
    let body = request.bytes().await?;
    let provider: String = request.param("provider")?;
    if provider != context.config().get(provider::NAME)? {
        return Err(Error::UnknownProvider.into());
    }
    let secret = context.config().get(signature::SECRET)?;
    let header = request.header(signature::HEADER).unwrap_or_default();
    signature::check(&secret, header, &body, context.now()).map_err(Problem::from)?;
    let webhook: WebhookEvent = request.read_json(&body)?;
    webhook.check()?;
    let source = format!("webhook:{provider}");
    let event = Event::new(webhook.payment_id, &webhook.decision()).published_by(context, &source, &webhook.id);
    accept(context, &context.sql().await?, &[event], &CONSUMER).await?.handle(context);
    Ok(empty(StatusCode::ACCEPTED))
}

impl WebhookEvent {
    fn check(&self) -> Result<(), Error> {
        let mut errors = Vec::new();
        let mut rule = |holds: bool, pointer: &str, detail: &str| {
            if !holds {
                errors.push(FieldError::new(pointer, detail));
            }
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        rule(
            (1..=MAX_ID).contains(&self.id.len()) && self.id.bytes().all(is_plain),
            "/id",
            "must have 1 to 128 letters, digits, dots, dashes and underscores",
        );
        let is_text = |text: &str| (1..=MAX_TEXT).contains(&text.chars().count());
        rule(is_text(&self.reference), "/reference", "must have 1 to 255 characters");
        rule(self.reason.as_deref().is_none_or(is_text), "/reason", "must have 1 to 255 characters");
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    fn decision(&self) -> ProviderAnswered {
        let refusal = match self.kind {
            Kind::Authorized => None,
            // The decision counts, whatever its text has: what is not printed is removed, and not refused.
            Kind::Declined => {
                let reason = self.reason.clone().map(text::printed).filter(|reason| !text::is_blank(reason));
                Some(reason.unwrap_or_else(|| DECLINED.to_owned()))
            }
        };
        ProviderAnswered { payment_id: self.payment_id, reference: self.reference.clone(), refusal }
    }
}
