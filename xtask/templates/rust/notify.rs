//! A notification provider: `send` delivers a message to its recipient. This version posts the message as JSON to the variable `endpoint`, with the
//! variable `key` as a bearer token. Change the request to the one that your service expects, and the meaning of its responses.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "provider", generate_all });
}
mod exchange;
mod post;

use bindings::exports::spindle::notify::provider::{Content, Email, Error, Guest, Message, Push, Sms};
use bindings::wasi;
use serde_json::json;

struct Provider;

impl Guest for Provider {
    fn send(message: Message) -> Result<String, Error> {
        let Message { idempotency_key, template, locale, content, .. } = message;
        let mut body = match content {
            Content::Email(Email { to, subject, text, html }) => {
                json!({"channel": "email", "to": to, "subject": subject, "text": text, "html": html})
            }
            Content::Sms(Sms { to, text }) => json!({"channel": "sms", "to": to, "text": text}),
            Content::Push(Push { to, title, text }) => {
                json!({"channel": "push", "to": to, "title": title, "text": text})
            }
        };
        body["template"] = template.into();
        body["locale"] = locale.into();
        let (status, response) = post::post(&idempotency_key, &body).map_err(Error::Retryable)?;
        let detail = format!("the service answered {status}");
        match status {
            200..300 => Ok(post::id(&response)),
            status if post::is_later(status) => Err(Error::Retryable(detail)),
            _ => Err(Error::Rejected(detail)),
        }
    }
}

bindings::export!(Provider with_types_in bindings);
