//! The webhook of the payment provider, which decides later about a pending payment. The signature is checked before the body is parsed; a
//! duplicate is recognised by the event's id.

use crate::error::Error;
use crate::events::{CONSUMER, ProviderAnswered};
use crate::provider;
use crate::signature;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use spindle_contracts::input::BrokenRule;
use spindle_contracts::{InputErrors, PaymentId, Problem, text};
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

/// The provider's decision about a pending payment.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(rename = "PaymentWebhook", deny_unknown_fields)]
pub(crate) struct WebhookEvent {
    /// The provider's id of this event: the same when it is sent again.
    #[deserr(try_from(String) = event_id -> BrokenRule)]
    #[schemars(length(min = 1, max = MAX_ID), regex(pattern = "^[A-Za-z0-9._-]*$"))]
    id: String,
    /// The decision.
    #[deserr(rename = "type")]
    #[schemars(rename = "type")]
    kind: Kind,
    /// The payment, as the provider received it.
    payment_id: PaymentId,
    /// The provider's name for the payment, as it returned it.
    reference: ProviderText,
    /// With `payment.declined`: the reason that the payer reads.
    #[deserr(default)]
    reason: Option<ProviderText>,
}

/// The type of a webhook.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors)]
#[schemars(rename = "PaymentWebhookType")]
enum Kind {
    /// The money is set aside.
    #[deserr(rename = "payment.authorized")]
    #[schemars(rename = "payment.authorized")]
    Authorized,
    /// The payment is declined.
    #[deserr(rename = "payment.declined")]
    #[schemars(rename = "payment.declined")]
    Declined,
}

/// A text of the provider, of a limited length.
#[derive(Clone, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = provider_text -> BrokenRule)]
#[schemars(inline)]
struct ProviderText(#[schemars(length(min = 1, max = MAX_TEXT))] String);

fn event_id(id: String) -> Result<String, BrokenRule> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if (1..=MAX_ID).contains(&id.len()) && id.bytes().all(is_plain) {
        Ok(id)
    } else {
        Err(BrokenRule::new("must have 1 to 128 letters, digits, dots, dashes and underscores"))
    }
}

fn provider_text(text: String) -> Result<ProviderText, BrokenRule> {
    if (1..=MAX_TEXT).contains(&text.chars().count()) {
        Ok(ProviderText(text))
    } else {
        Err(BrokenRule::new("must have 1 to 255 characters"))
    }
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
    let source = format!("webhook:{provider}");
    let event = Event::new(webhook.payment_id, &webhook.decision()).published_by(context, &source, &webhook.id);
    accept(context, &context.sql().await?, &[event], &CONSUMER).await?.handle(context);
    Ok(empty(StatusCode::ACCEPTED))
}

impl WebhookEvent {
    fn decision(&self) -> ProviderAnswered {
        let refusal = match self.kind {
            Kind::Authorized => None,
            // The decision counts, whatever its text has: what is not printed is removed, and not refused.
            Kind::Declined => {
                let reason = self
                    .reason
                    .clone()
                    .map(|ProviderText(reason)| text::printed(reason))
                    .filter(|reason| !text::is_blank(reason));
                Some(reason.unwrap_or_else(|| DECLINED.to_owned()))
            }
        };
        ProviderAnswered { payment_id: self.payment_id, reference: self.reference.0.clone(), refusal }
    }
}
