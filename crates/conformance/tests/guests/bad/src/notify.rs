//! Notifications.

use crate::Bad;
use crate::ask::{self, Request};
use crate::bindings::exports::spindle::notify::provider::{Content, Error, Guest, Message};

impl Guest for Bad {
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
        ask::ask(&request).map_err(|error| match error {
            ask::Error::Never(why) => Error::Rejected(why),
            ask::Error::Later(why) => Error::Retryable(why),
        })
    }
}
