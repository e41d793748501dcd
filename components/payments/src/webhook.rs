//! What a provider tells by itself, later. Its signature is checked before its body is read; the event's id keeps a copy from counting.

use crate::error::Error;
use crate::events::{CONSUMER, ProviderAnswered};
use crate::provider;
use crate::signature;
use http::StatusCode;
use serde::Deserialize;
use spindle_contracts::{FieldError, PaymentId, Problem};
use spindle_edge::{Anonymous, HandlerResult};
use spindle_events::{InboxMessage, accept};
use spindle_platform::Context;
use spindle_platform::http::{Request, empty};

/// The longest id, reference and reason, in characters.
const MAX_ID: usize = 128;
const MAX_TEXT: usize = 255;

/// The reason for the payer where the provider names none.
const DECLINED: &str = "the payment was declined";

/// What a provider sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
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

/// `POST /v1/webhooks/payments/{provider}`: 202 as soon as the news is kept, and for a copy as well.
pub(crate) async fn receive(context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    // First the body, whatever it is: an answer to a request that was not read to its end costs the client its connection.
    let body = request.bytes().await?;
    let provider: String = request.param("provider")?;
    if provider != context.config().get(provider::NAME)? {
        return Err(Error::NoProvider.into());
    }
    let secret = context.config().get(signature::SECRET)?;
    let header = request.header(signature::HEADER).unwrap_or_default();
    signature::check(&secret, header, &body, context.now()).map_err(Problem::from)?;
    let notice: Notice = request.read_json(&body)?;
    notice.check()?;
    let Notice { id, payment_id, .. } = &notice;
    let source = format!("webhook:{provider}");
    let event = InboxMessage::new(context, id, source, payment_id, &notice.news());
    accept(context, &context.sql().await?, &[event], &CONSUMER).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

impl Notice {
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

    fn news(&self) -> ProviderAnswered {
        let refusal = match self.kind {
            Kind::Authorized => None,
            Kind::Declined => Some(self.reason.clone().unwrap_or_else(|| DECLINED.to_owned())),
        };
        ProviderAnswered { payment_id: self.payment_id, reference: self.reference.clone(), refusal }
    }
}
