//! Notifications.

use crate::Faulty;
use crate::bindings::exports::spindle::notify::provider::{Content, Error, Guest, Message};
use crate::service_call::{self, Request};

impl Guest for Faulty {
    fn send(message: Message) -> Result<String, Error> {
        let mut texts = vec![("template", message.template.as_str()), ("locale", message.locale.as_str())];
        match &message.content {
            Content::Email(email) => {
                texts.extend([("to", email.to.as_str()), ("subject", email.subject.as_str())]);
                texts.extend([("text", email.text.as_str()), ("html", email.html.as_str())]);
            }
            Content::Sms(sms) => texts.extend([("to", sms.to.as_str()), ("text", sms.text.as_str())]),
            Content::Push(push) => texts.extend([("title", push.title.as_str()), ("text", push.text.as_str())]),
        }
        let key = &message.idempotency_key;
        let request = Request { key, attempt: message.attempt, texts, currency: None, amount: None, secret: None };
        service_call::call_service(&request).map_err(|error| match error {
            service_call::Error::Permanent(why) => Error::Rejected(why),
            service_call::Error::Retryable(why) => Error::Retryable(why),
        })
    }
}
