//! A notification provider: `send` brings a message to whom it is for. As it is, it posts the message as JSON to the variable `endpoint`. What is
//! yours to change is what your service wants to be asked, and what its answers mean.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "provider", generate_all });
}
mod exchange;
mod post;

use bindings::exports::spindle::notify::provider::{Content, Error, Guest, Message};
use bindings::wasi;
use serde_json::json;

struct Provider;

impl Guest for Provider {
    fn send(message: Message) -> Result<String, Error> {
        let Message { idempotency_key, template, locale, content, .. } = message;
        let (channel, content) = match content {
            Content::Email(email) => {
                ("email", json!({"to": email.to, "subject": email.subject, "text": email.text, "html": email.html}))
            }
            Content::Sms(sms) => ("sms", json!({"to": sms.to, "text": sms.text})),
            Content::Push(push) => ("push", json!({"to": push.to, "title": push.title, "text": push.text})),
        };
        let body = json!({"channel": channel, "template": template, "locale": locale, "content": content});
        let (status, answer) = post::post(&idempotency_key, &body).map_err(Error::Retryable)?;
        let detail = format!("the service answered {status}");
        match status {
            200..300 => Ok(post::id(&answer)),
            status if post::is_later(status) => Err(Error::Retryable(detail)),
            _ => Err(Error::Rejected(detail)),
        }
    }
}

bindings::export!(Provider with_types_in bindings);
